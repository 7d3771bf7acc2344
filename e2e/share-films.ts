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

export type SharedFilms = {
  names: string[]
  /** For `SOURCE_DEMO_CATALOG`. */
  catalogFile: string
  stop(): Promise<void>
}

/** A torrent of one film, which will be a title of that name, and `host:port` of those who have it. */
export type FilmTorrent = { name: string; torrentFile: Uint8Array; sizeBytes: number; peers: readonly string[] }

/** Each film is a torrent of one file. */
export async function shareFilms(films: readonly { name: string; path: string }[]): Promise<SharedFilms> {
  const client = new WebTorrent({
    utp: false,
    dht: false,
    lsd: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    tracker: { wrtc: false },
  })
  const torrents: FilmTorrent[] = []
  for (const { name, path } of films) {
    const torrentFile = await promisify(createTorrent)(path, {
      name: basename(path),
      pieceLength: 64 * 1024,
      announceList: [],
    })
    const torrent = client.add(torrentFile, { path: dirname(path), storeCacheSlots: 0 })
    await new Promise<void>((resolve, reject) => {
      torrent.once('done', resolve)
      torrent.once('error', reject)
    })
    torrents.push({ name, torrentFile, sizeBytes: statSync(path).size, peers: [`127.0.0.1:${client.torrentPort}`] })
  }
  const stopClient = () => new Promise<void>((done) => client.destroy(() => done()))
  return offerFilms(torrents, stopClient)
}

/** Writes the catalog of films that somebody shares; `stopSharing` is called when it is stopped. */
export async function offerFilms(
  torrents: readonly FilmTorrent[],
  stopSharing: () => Promise<void> | void,
): Promise<SharedFilms> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-films-'))
  const catalogFile = join(folder, 'catalog.json')
  const catalog: Offers = { provider: 'demo', offers: await Promise.all(torrents.map(offerOf)) }
  writeFileSync(catalogFile, JSON.stringify(catalog))
  return {
    names: torrents.map(({ name }) => name),
    catalogFile,
    async stop() {
      await stopSharing()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function offerOf({ name, torrentFile, sizeBytes, peers }: FilmTorrent): Promise<Offer> {
  const { infoHash = '' } = await parseTorrent(torrentFile)
  return {
    key: `demo:${name}`,
    title: { name, year: 2026, runtimeMinutes: 1, overview: '', licence: 'CC0', credit: 'Made by this test.' },
    source: {
      infoHash,
      magnet: `magnet:?xt=urn:btih:${infoHash}${peers.map((peer) => `&x.pe=${peer}`).join('')}`,
      torrentFile: encodeBase64Url(torrentFile),
    },
    file: {},
    sizeBytes,
  }
}
