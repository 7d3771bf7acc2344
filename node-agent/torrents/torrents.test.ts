/** Torrents over their life: shared, put away, resumed, damaged, hostile, on a full disk. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { collect } from '../testing/collect.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../testing/test-torrents.ts'
import { until, untilSteady } from '../testing/until.ts'
import type { OpenTorrent } from './open-torrent.ts'
import { readRange } from './read-range.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 })

const KiB = 1024
const film = pseudoRandomBytes(1024 * KiB)
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const seed = async (uploadLimit?: number): Promise<Seeder> =>
  stopLater(await startSeeder({ files: { 'film.mp4': film }, ...(uploadLimit ? { uploadLimit } : {}) }))
const home = async (directory: string, times?: Parameters<typeof startTestTorrents>[1]): Promise<TestTorrents> =>
  stopLater(await startTestTorrents(directory, times))
const stopNow = async (one: { stop(): Promise<void> }) => {
  running.splice(running.indexOf(one), 1)
  await one.stop()
}
const read = (torrent: OpenTorrent, start = 0, end = film.length - 1, signal = new AbortController().signal) => {
  const [file] = torrent.layout.files
  if (!file) throw new Error('no file')
  return readRange(torrent, file, { start, end }, signal)
}
const readyLine = ({ lines }: TestTorrents) => lines.findLast(({ event }) => event === 'torrent_ready')
const statusOf = (torrent: OpenTorrent) => torrent.status(torrent.layout.files[0] ?? (undefined as never))

describe('Torrents', () => {
  it('opens one torrent for all who ask at once', async () => {
    const seeder = await seed()
    const { open } = await home(temporaryDirectory())
    const opened = await Promise.all(Array.from({ length: 50 }, () => open(seeder.source)))
    expect(new Set(opened).size).toBe(1)
  })

  it('sends a piece that two read only once over the wire', async () => {
    const seeder = await seed()
    const { open } = await home(temporaryDirectory())
    const torrent = await open(seeder.source)
    const [one, two] = await Promise.all([collect(read(torrent)), collect(read(torrent))])
    expect(one.equals(film) && two.equals(film)).toBe(true)
    expect(seeder.uploadedBytes()).toBe(film.length)
    expect(statusOf(torrent)).toMatchObject({
      state: 'complete',
      peers: 1,
      downloadedBytes: film.length,
      buffered: [[0, film.length]],
    })
  })

  it('puts a torrent away when nobody has read it for a while, and opens it again from disk', async () => {
    const seeder = await seed()
    const { open, torrents } = await home(temporaryDirectory(), { idleMilliseconds: 150 })
    const first = await open(seeder.source)
    expect((await collect(read(first))).equals(film)).toBe(true)
    await until(() => !torrents.isLoaded(seeder.infoHash), 'unloading')
    const second = await open({ infoHash: seeder.infoHash })
    expect(second).not.toBe(first)
    expect((await collect(read(second))).equals(film)).toBe(true)
    expect(seeder.uploadedBytes()).toBe(film.length)
  })

  it('keeps a torrent while somebody still reads it, however slowly', async () => {
    const seeder = await seed()
    const { open, torrents } = await home(temporaryDirectory(), { idleMilliseconds: 50 })
    const reading = read(await open(seeder.source))
    await reading.next()
    await untilSteady(seeder.uploadedBytes)
    expect(torrents.isLoaded(seeder.infoHash)).toBe(true)
    await reading.return()
    await until(() => !torrents.isLoaded(seeder.infoHash), 'unloading')
  })

  it('resumes after a stop with what it had, and hashes next to nothing', async () => {
    const seeder = await seed()
    const directory = temporaryDirectory()
    const before = await home(directory)
    await collect(read(await before.open(seeder.source), 0, 700 * KiB))
    await stopNow(before)
    await stopNow(seeder)

    const after = await home(directory)
    const torrent = await after.open({ infoHash: seeder.infoHash })
    expect((await collect(read(torrent, 0, 700 * KiB))).equals(film.subarray(0, 700 * KiB + 1))).toBe(true)
    expect(readyLine(after)).toMatchObject({ pieces: 16, checkedPieces: 1 })
    expect(readyLine(after)?.verifiedPieces).toBeGreaterThanOrEqual(11)
  })

  it('finds out by its spot check that the disk was changed behind its back, and fetches that again', async () => {
    const seeder = await seed()
    const directory = temporaryDirectory()
    const before = await home(directory)
    await collect(read(await before.open(seeder.source)))
    await stopNow(before)
    const folder = join(before.downloads, seeder.infoHash)
    writeFileSync(join(folder, readdirSync(folder)[0] ?? ''), Buffer.alloc(film.length))

    const after = await home(directory)
    const torrent = await after.open(seeder.source)
    expect(readyLine(after)).toMatchObject({ verifiedPieces: 0, checkedPieces: 17 })
    expect((await collect(read(torrent))).equals(film)).toBe(true)
  })

  it('uses files that are there although its state was lost', async () => {
    const seeder = await seed()
    const directory = temporaryDirectory()
    const before = await home(directory)
    await collect(read(await before.open(seeder.source)))
    await stopNow(before)
    rmSync(join(directory, 'state.db'))

    const after = await home(directory)
    const torrent = await after.open(seeder.source)
    expect(readyLine(after)).toMatchObject({ verifiedPieces: 16, checkedPieces: 16 })
    expect((await collect(read(torrent))).equals(film)).toBe(true)
    expect(seeder.uploadedBytes()).toBe(film.length)
  })

  it('fetches again what cannot be read from disk any more', async () => {
    const seeder = await seed()
    const { open, downloads } = await home(temporaryDirectory())
    const torrent = await open(seeder.source)
    await collect(read(torrent))
    const folder = join(downloads, seeder.infoHash)
    truncateSync(join(folder, readdirSync(folder)[0] ?? ''), 100 * KiB)
    expect((await collect(read(torrent))).equals(film)).toBe(true)
    expect(seeder.uploadedBytes()).toBeGreaterThan(film.length)
  })

  it('says disk_full to readers when the disk is, keeps what it has, and goes on when there is room', async () => {
    const seeder = await seed()
    const { open, downloads } = await home(temporaryDirectory(), { diskRetryMilliseconds: 50 })
    const folder = join(downloads, seeder.infoHash)
    mkdirSync(folder, { recursive: true })
    symlinkSync('/dev/full', join(folder, '0000-film.mp4'))
    const torrent = await open(seeder.source)
    await expect(collect(read(torrent))).rejects.toMatchObject({ code: 'disk_full' })
    expect(statusOf(torrent).state).toBe('disk-full')
    await expect(collect(read(torrent))).rejects.toMatchObject({ code: 'disk_full' })
    rmSync(join(folder, '0000-film.mp4'))
    await until(() => statusOf(torrent).state !== 'disk-full', 'room on the disk')
    expect((await collect(read(torrent))).equals(film)).toBe(true)
  })

  it('refuses hostile metadata that a peer sends, and lives on', async () => {
    // Its own name climbs out of the folder: only the info dictionary says so, and only a peer has that.
    const hostile = stopLater(await startSeeder({ files: { 'film.mp4': film }, name: '../../escaped.mp4' }))
    const honest = await seed()
    const directory = temporaryDirectory()
    const { open, downloads } = await home(directory)
    await expect(open(hostile.magnet)).rejects.toMatchObject({ code: 'invalid' })
    await expect(open(hostile.source)).rejects.toMatchObject({ code: 'invalid' })
    expect((await collect(read(await open(honest.magnet)))).equals(film)).toBe(true)
    expect(readdirSync(downloads)).toEqual([honest.infoHash])
    expect(existsSync(join(directory, '..', 'escaped.mp4'))).toBe(false)
  })

  it('never trusts a byte that does not match its hash, and is rid of who sends them', async () => {
    const seeder = await seed()
    const { open, lines } = await home(temporaryDirectory())
    const torrent = await open(seeder.source)
    seeder.corrupt()
    const abort = new AbortController()
    const reading = collect(read(torrent, 0, 100, abort.signal))
    const outcome = expect(reading).rejects.toThrow('enough')
    await until(() => lines.some(({ event }) => event === 'peer_banned'), 'a ban')
    abort.abort(new Error('enough'))
    await outcome
    expect(statusOf(torrent)).toMatchObject({ downloadedBytes: 0, peers: 0 })
  })

  it('says no_peers when nobody has the film by the deadline', async () => {
    const { open } = await home(temporaryDirectory())
    const soon = () => {
      const abort = new AbortController()
      setTimeout(() => abort.abort(new AppError('timed_out', 'too late')), 300)
      return abort.signal
    }
    await expect(open({ infoHash: 'b'.repeat(40) }, soon())).rejects.toMatchObject({ code: 'no_peers' })
  })

  it('throws the reason of whoever gave up, and lets the others wait on', async () => {
    const seeder = await seed()
    const { open } = await home(temporaryDirectory())
    const abort = new AbortController()
    const leaving = open({ infoHash: seeder.infoHash }, abort.signal)
    const staying = open({ infoHash: seeder.infoHash })
    abort.abort(new Error('left'))
    await expect(leaving).rejects.toThrow('left')
    await open(seeder.magnet)
    expect((await collect(read(await staying))).equals(film)).toBe(true)
  })
})
