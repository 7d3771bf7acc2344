/** Our swarm and those that are out there: every one of them serves us, and is served. On loopback, with a tracker. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { collect } from '../../node-agent/testing/collect.ts'
import { pseudoRandomBytes } from '../../node-agent/testing/seeder.ts'
import { startTestTorrents, type TestTorrents } from '../../node-agent/testing/test-torrents.ts'
import { startTracker, type Tracker } from '../../node-agent/testing/tracker.ts'
import { until } from '../../node-agent/testing/until.ts'
import { readTorrentSource } from '../../node-agent/torrents/metadata/read-torrent-source.ts'
import type { OpenTorrent } from '../../node-agent/torrents/open-torrent.ts'
import { readRange } from '../../node-agent/torrents/read-range.ts'
import { aria2 } from './aria2.ts'
import { libtorrent } from './libtorrent.ts'
import type { OtherClient, Peer } from './other-client.ts'
import { qbittorrent } from './qbittorrent.ts'
import { transmission } from './transmission.ts'
import { webtorrent } from './webtorrent.ts'

const clients: OtherClient[] = [
  libtorrent('default'),
  libtorrent('off'),
  libtorrent('only'),
  transmission,
  aria2,
  qbittorrent,
  webtorrent,
]

const name = 'A Film (2008)'
const film = Buffer.from(pseudoRandomBytes(6 * 1024 * 1024 + 123, 7))
const words = Buffer.from(pseudoRandomBytes(10_001, 8))

let tracker: Tracker
let root: string
let shared: { folder: string; torrentFile: string; infoHash: string }
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}

// A tracker of its own for each test: what the last one left there would be called in vain.
beforeEach(async () => {
  tracker = stopLater(await startTracker())
  root = mkdtempSync(join(tmpdir(), 'porchlight-interop-'))
  shared = await makeTorrent(join(root, 'shared'))
})
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

/** A film and its subtitles in a folder, and the .torrent of it beside. */
async function makeTorrent(folder: string) {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'film.mp4'), film)
  writeFileSync(join(folder, name, 'film.en.srt'), words)
  const bytes = await promisify(createTorrent)(join(folder, name), {
    name,
    pieceLength: 64 * 1024,
    announceList: [[tracker.url]],
  })
  const torrentFile = join(root, 'film.torrent')
  writeFileSync(torrentFile, bytes)
  return { folder, torrentFile, infoHash: (await parseTorrent(bytes)).infoHash ?? '' }
}

async function startOther(client: OtherClient, folder: string): Promise<Peer> {
  mkdirSync(folder, { recursive: true })
  const home = mkdtempSync(join(root, 'home-'))
  return stopLater(await client.start({ torrentFile: shared.torrentFile, folder, home }))
}

const startAgent = async (directory: string): Promise<TestTorrents> =>
  stopLater(
    await startTestTorrents(
      join(root, directory),
      { idleMilliseconds: 120_000 },
      { swarm: { trackers: [tracker.url] } },
    ),
  )

async function open({ torrents }: TestTorrents, from: 'torrent' | 'magnet', ...peers: string[]): Promise<OpenTorrent> {
  const { infoHash, torrentFile } = shared
  const magnet = [`magnet:?xt=urn:btih:${infoHash}`, ...peers.map((peer) => `x.pe=${peer}`)].join('&')
  const source = {
    infoHash,
    magnet,
    ...(from === 'torrent' ? { torrentFile: encodeBase64Url(readFileSync(torrentFile)) } : {}),
  }
  const read = await readTorrentSource(source, () => true)
  return torrents.open(read, { signal: AbortSignal.timeout(60_000), correlationId: 'interop' })
}

function read(torrent: OpenTorrent, start = 0, end = film.length - 1): Promise<Buffer> {
  const file = torrent.layout.files.find(({ path }) => path.endsWith('.mp4'))
  if (!file) throw new Error('the film is not in the torrent')
  return collect(readRange(torrent, file, { start, end }, AbortSignal.timeout(60_000)))
}

describe.each(clients)('$name', (client) => {
  it.each(['torrent', 'magnet'] as const)('serves us any part of a film, by %s', async (from) => {
    const seeder = await startOther(client, shared.folder)
    await until(seeder.isComplete, 'the seeder', 60_000)
    await until(() => tracker.eventsOf(shared.infoHash).length > 0, 'the seeder at the tracker', 60_000)
    const agent = await startAgent('agent')
    const torrent = await open(agent, from)
    const [start, end] = [3_000_001, 4_100_016]
    expect((await read(torrent, start, end)).equals(film.subarray(start, end + 1))).toBe(true)
    const tail = film.length - 100_000
    expect((await read(torrent, tail)).equals(film.subarray(tail))).toBe(true)
  })

  it('downloads all of it from us', async () => {
    const seeder = await startOther(webtorrent, shared.folder)
    const agent = await startAgent('agent')
    const torrent = await open(agent, 'torrent', `127.0.0.1:${seeder.port}`)
    await read(torrent)
    for (const file of torrent.layout.files) {
      const range = { start: 0, end: file.sizeBytes - 1 }
      await collect(readRange(torrent, file, range, AbortSignal.timeout(60_000)))
    }
    running.splice(running.indexOf(seeder), 1)
    await seeder.stop()

    const folder = join(root, 'leecher')
    const leecher = await startOther(client, folder)
    // Transmission calls nobody on loopback: it is called.
    await open(agent, 'magnet', `127.0.0.1:${leecher.port}`)
    await until(leecher.isComplete, 'the download', 90_000)
    await leecher.stop()
    expect(readFileSync(join(folder, name, 'film.mp4')).equals(film)).toBe(true)
    expect(readFileSync(join(folder, name, 'film.en.srt')).equals(words)).toBe(true)
  })
})
