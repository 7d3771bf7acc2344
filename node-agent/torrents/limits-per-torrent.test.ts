/** The speed of one torrent by itself: what it takes from others, and what it gives. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { collect } from '../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestTorrents } from '../testing/test-torrents.ts'
import type { OpenTorrent } from './open-torrent.ts'
import { readRange } from './read-range.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const KiB = 1024
/** The film would take minutes. */
const LIMIT = 16 * KiB
const film = Buffer.from(pseudoRandomBytes(4 * 1024 * KiB))

const home = async (more: Parameters<typeof startTestTorrents>[2] = {}) => {
  const agent = await startTestTorrents(temporaryDirectory(), {}, more)
  onTestFinished(() => agent.stop())
  return agent
}
const read = (torrent: OpenTorrent, sizeBytes = film.length) => {
  const [file] = torrent.layout.files
  if (!file) throw new Error('no film')
  return collect(readRange(torrent, file, { start: 0, end: sizeBytes - 1 }, new AbortController().signal))
}
const seed = async () => {
  const seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: 16 * KiB })
  onTestFinished(() => seeder.stop())
  return seeder
}

/** A few blocks come, and the whole film does not while somebody without a limit reads it three times. */
async function isSlow(limited: OpenTorrent, quick: OpenTorrent): Promise<boolean> {
  expect((await read(limited, 40_000)).equals(film.subarray(0, 40_000))).toBe(true)
  let isDone = false
  read(limited).then(
    () => {
      isDone = true
    },
    () => {},
  )
  for (let round = 0; round < 3; round++) await read(quick)
  return !isDone
}

it('limits what one torrent takes', async () => {
  const seeder = await seed()
  const agent = await home({ downloadLimitPerTorrent: LIMIT })
  const quick = await home()
  expect(await isSlow(await agent.open(seeder.source), await quick.open(seeder.source))).toBe(true)
})

it('limits what one torrent gives', async () => {
  const seeder = await seed()
  const giver = await home({ swarm: { uploadLimitPerTorrent: LIMIT } })
  const given = await giver.open(seeder.source)
  onTestFinished(given.hold())
  await read(given)
  const { infoHash } = seeder
  const magnet = `magnet:?xt=urn:btih:${infoHash}&x.pe=127.0.0.1:${giver.client.torrentPort}`
  const taker = await home()
  const quick = await home()
  expect(await isSlow(await taker.open({ infoHash, magnet }), await quick.open(seeder.source))).toBe(true)
})
