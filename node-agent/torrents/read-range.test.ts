/** Reading from a real swarm: byte-exact, bounded ahead of the reader, and cancelled when nobody reads. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collect } from '../testing/collect.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../testing/test-torrents.ts'
import { until, untilSteady } from '../testing/until.ts'
import type { TorrentFile } from './metadata/torrent-layout.ts'
import type { OpenTorrent } from './open-torrent.ts'
import { readRange } from './read-range.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 })

const MiB = 1024 * 1024
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const film = pseudoRandomBytes(8 * MiB + 12_345)
const seed = async (uploadLimit?: number, bytes = film): Promise<Seeder> =>
  stopLater(
    await startSeeder({
      files: { 'Film/notes.txt': pseudoRandomBytes(50_001, 2), 'Film/film.mp4': bytes },
      ...(uploadLimit ? { uploadLimit } : {}),
    }),
  )
const home = async (times?: Parameters<typeof startTestTorrents>[1]): Promise<TestTorrents> =>
  stopLater(await startTestTorrents(temporaryDirectory(), times))
const fileOf = (torrent: OpenTorrent): TorrentFile => {
  const file = torrent.layout.files.find(({ path }) => path === 'Film/film.mp4')
  if (!file) throw new Error('no film')
  return file
}
const live = () => new AbortController().signal

describe('readRange', () => {
  it('gives exactly the bytes asked for, across pieces and files, while they still arrive', async () => {
    const seeder = await seed()
    const torrent = await (await home()).open(seeder.source)
    const file = fileOf(torrent)
    for (const [start, end] of [
      [0, 0],
      [film.length - 1, film.length - 1],
      [65_535, 65_536],
      [3 * MiB - 7, 3 * MiB + 200_000],
      [0, film.length - 1],
    ] as const) {
      const bytes = await collect(readRange(torrent, file, { start, end }, live()))
      expect(bytes.equals(film.subarray(start, end + 1))).toBe(true)
    }
  })

  it('works from a magnet alone: the peer sends the metadata', async () => {
    const seeder = await seed()
    const torrent = await (await home()).open(seeder.magnet)
    const bytes = await collect(readRange(torrent, fileOf(torrent), { start: 100, end: 200_000 }, live()))
    expect(bytes.equals(film.subarray(100, 200_001))).toBe(true)
  })

  it('downloads nothing before there is a reader', async () => {
    const seeder = await seed()
    const torrent = await (await home()).open(seeder.source)
    await until(() => torrent.peers > 0, 'a peer')
    expect(await untilSteady(seeder.uploadedBytes)).toBe(0)
  })

  it('gives out the whole film in chunks of any length', async () => {
    const seeder = await seed()
    const torrent = await (await home()).open(seeder.source)
    const range = { start: 0, end: film.length - 1 }
    const options = { chunkBytes: 100_000, unverified: true }
    expect((await collect(readRange(torrent, fileOf(torrent), range, live(), options))).equals(film)).toBe(true)
  })

  it('uses two buffers again and again when it may, whether bytes come from the swarm or from disk', async () => {
    const seeder = await seed()
    const torrent = await (await home()).open(seeder.source)
    for (const _from of ['swarm', 'disk']) {
      const memory = new Set<ArrayBufferLike>()
      const copies: Uint8Array[] = []
      const options = { reusesMemory: true, unverified: true }
      for await (const bytes of readRange(
        torrent,
        fileOf(torrent),
        { start: 5, end: film.length - 1 },
        live(),
        options,
      )) {
        memory.add(bytes.buffer)
        copies.push(Uint8Array.from(bytes))
      }
      expect(memory.size).toBeLessThanOrEqual(2)
      expect(Buffer.concat(copies).equals(film.subarray(5))).toBe(true)
    }
  })

  it('cancels on the wire, and downloads no more, when its signal aborts', async () => {
    const seeder = await seed(2 * MiB)
    const torrent = await (await home()).open(seeder.source)
    const abort = new AbortController()
    const reading = readRange(torrent, fileOf(torrent), { start: 0, end: film.length - 1 }, abort.signal)
    await reading.next()
    await until(() => seeder.uploadedBytes() > MiB, 'a running download')
    abort.abort(new Error('viewer left'))
    const atAbort = seeder.uploadedBytes()
    await expect(reading.next()).rejects.toThrow('viewer left')
    await until(() => seeder.cancels() > 0, 'a CANCEL at the seeder')
    const wasted = (await untilSteady(seeder.uploadedBytes)) - atAbort
    expect(wasted).toBeLessThan(MiB)
    expect(seeder.uploadedBytes()).toBeLessThan(film.length)
  })

  it('goes on for one reader when another of the same pieces leaves', async () => {
    const seeder = await seed(4 * MiB)
    const torrent = await (await home()).open(seeder.source)
    const abort = new AbortController()
    const range = { start: 0, end: 3 * MiB }
    const leaving = readRange(torrent, fileOf(torrent), range, abort.signal)
    const staying = collect(readRange(torrent, fileOf(torrent), range, live()))
    await leaving.next()
    abort.abort(new Error('left'))
    expect((await staying).equals(film.subarray(0, 3 * MiB + 1))).toBe(true)
  })

  it('brings a far part first after a seek', async () => {
    const seeder = await seed(1 * MiB)
    const torrent = await (await home()).open(seeder.source)
    const abort = new AbortController()
    const before = readRange(torrent, fileOf(torrent), { start: 0, end: film.length - 1 }, abort.signal)
    await before.next()
    abort.abort(new Error('seek'))
    const start = 6 * MiB
    const after = readRange(torrent, fileOf(torrent), { start, end: film.length - 1 }, live())
    const { value } = await after.next()
    expect(Buffer.from(value ?? []).equals(film.subarray(start, start + (value?.length ?? 0)))).toBe(true)
    expect(torrent.bytesOnDisk(fileOf(torrent), 3 * MiB, film.length - 1)).toBe(0)
    await after.return()
  })

  it('refuses a signal that has aborted before it asks the swarm for anything', async () => {
    const seeder = await seed()
    const torrent = await (await home()).open(seeder.source)
    const reading = readRange(torrent, fileOf(torrent), { start: 0, end: 9 }, AbortSignal.abort(new Error('gone')))
    await expect(reading.next()).rejects.toThrow('gone')
    await until(() => torrent.peers > 0, 'a peer')
    expect(await untilSteady(seeder.uploadedBytes)).toBe(0)
  })

  it('ends with an error when the torrent is put away under it', async () => {
    const seeder = await seed(100_000)
    const { open, torrents } = await home()
    const torrent = await open(seeder.source)
    const reading = collect(readRange(torrent, fileOf(torrent), { start: 0, end: film.length - 1 }, live()))
    const outcome = expect(reading).rejects.toMatchObject({ name: 'AppError' })
    await until(() => torrent.peers > 0, 'a peer')
    await torrents.close()
    await outcome
  })
})
