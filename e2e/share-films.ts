/** Shares films as a real peer on this machine does, and writes the catalog file that offers them to a home. */
/// <reference path="../node-agent/torrents/torrent-packages.d.ts" />
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import WebTorrent from 'webtorrent'
import { encodeBase64Url } from '#protocol/base64url.ts'
import type { Offer, Offers } from '#protocol/source.ts'

export type SharedFilm = { name: string; path: string }

export type SharedFilms = {
  /** For `SOURCE_DEMO_CATALOG`. */
  catalogFile: string
  stop(): Promise<void>
}

/** Each film is a torrent of one file and a title of that name. */
export async function shareFilms(films: readonly SharedFilm[]): Promise<SharedFilms> {
  const client = new WebTorrent({
    utp: false,
    dht: false,
    lsd: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    tracker: { wrtc: false },
  })
  const offers: Offer[] = []
  for (const { name, path } of films) {
    const torrentFile = await promisify(createTorrent)(path, {
      name: basename(path),
      pieceLength: 64 * 1024,
      announceList: [],
    })
    const { infoHash = '' } = await parseTorrent(torrentFile)
    const torrent = client.add(torrentFile, { path: dirname(path), storeCacheSlots: 0 })
    await new Promise<void>((resolve, reject) => {
      torrent.once('done', resolve)
      torrent.once('error', reject)
    })
    offers.push({
      key: `demo:${name}`,
      title: { name, year: 2026, runtimeMinutes: 1, overview: '', licence: 'CC0', credit: 'Made by this test.' },
      source: {
        infoHash,
        magnet: `magnet:?xt=urn:btih:${infoHash}&x.pe=127.0.0.1:${client.torrentPort}`,
        torrentFile: encodeBase64Url(torrentFile),
      },
      file: {},
      sizeBytes: statSync(path).size,
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-films-'))
  const catalogFile = join(folder, 'catalog.json')
  writeFileSync(catalogFile, JSON.stringify({ provider: 'demo', offers } satisfies Offers))
  return {
    catalogFile,
    async stop() {
      await new Promise<void>((done) => client.destroy(() => done()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
