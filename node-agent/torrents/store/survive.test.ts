/** What is on disk survives a kill at any moment, a disk that is full in earnest, and a clock that jumps. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import type { OpenTorrent } from '../open-torrent.ts'
import { readRange } from '../read-range.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const KiB = 1024
const MiB = 1024 * KiB
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})
const stopNow = async (one: { stop(): Promise<void> }) => {
  running.splice(running.indexOf(one), 1)
  await one.stop()
}
const seed = async (seedNumber: number, sizeBytes: number, uploadLimit?: number): Promise<Seeder> =>
  stopLater(
    await startSeeder({
      files: { [`film-${seedNumber}.mp4`]: pseudoRandomBytes(sizeBytes, seedNumber) },
      ...(uploadLimit === undefined ? {} : { uploadLimit }),
    }),
  )
const contentOf = (seeder: Seeder) => Buffer.from([...seeder.content.values()][0] ?? [])
const fileOf = (torrent: OpenTorrent) => torrent.layout.files[0] ?? (undefined as never)
const read = (torrent: OpenTorrent, start = 0, end = fileOf(torrent).sizeBytes - 1) =>
  collect(readRange(torrent, fileOf(torrent), { start, end }, new AbortController().signal))
const readyLine = ({ lines }: TestTorrents) => lines.findLast(({ event }) => event === 'torrent_ready')

/** Reads in a process of its own, which is killed once its state promises so many bytes. */
async function readUntilKilled(directory: string, seeder: Seeder, bytes: number): Promise<void> {
  const script = join(import.meta.dirname, '../../testing/reader-process.ts')
  const child: ChildProcess = spawn(
    process.execPath,
    [script, directory, seeder.magnet.magnet ?? '', seeder.infoHash],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise((done) => child.once('exit', done))
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) if (Number(line) >= bytes) break
  }
  child.kill('SIGKILL')
  await ended
  expect(child.signalCode).toBe('SIGKILL')
}

/** Hides the disk at a folder behind a small one of its own; undefined where this machine does not let us. */
function mountSmallDisk(folder: string, sizeBytes: number): (() => void) | undefined {
  mkdirSync(folder, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'porchlight-test', folder])
  return mounted.status === 0 ? () => void spawnSync('umount', ['-l', folder]) : undefined
}

describe('a torrent on disk', () => {
  it('is never promised beyond what is there, whenever the process is killed, and resumes without hashing', async () => {
    const film = await seed(1, 24 * MiB, 4 * MiB)
    const directory = temporaryDirectory()
    for (const bytes of [2 * MiB, 6 * MiB, 10 * MiB]) await readUntilKilled(directory, film, bytes)
    await stopNow(film)
    const agent = stopLater(await startTestTorrents(directory))
    const torrent = await agent.open({ infoHash: film.infoHash })
    const { buffered, downloadedBytes } = torrent.status(fileOf(torrent))
    expect(readyLine(agent)).toMatchObject({ checkedPieces: 1 })
    expect(downloadedBytes).toBeGreaterThanOrEqual(10 * MiB)
    for (const [start, end] of buffered) {
      expect((await read(torrent, start, end - 1)).equals(contentOf(film).subarray(start, end))).toBe(true)
    }
  })

  it('is fetched on from where it was after a kill', async () => {
    const film = await seed(1, 16 * MiB, 4 * MiB)
    const directory = temporaryDirectory()
    await readUntilKilled(directory, film, 5 * MiB)
    const agent = stopLater(await startTestTorrents(directory))
    const before = film.uploadedBytes()
    const torrent = await agent.open(film.source)
    const { downloadedBytes } = torrent.status(fileOf(torrent))
    expect((await read(torrent)).equals(contentOf(film))).toBe(true)
    expect(film.uploadedBytes() - before).toBe(16 * MiB - downloadedBytes)
  })

  it('leaves the disk in the order of use although the clock was set back a year', async () => {
    const films = [await seed(1, 2 * MiB), await seed(2, 2 * MiB), await seed(3, 2 * MiB)] as const
    let wall = 1_900_000_000
    const directory = temporaryDirectory()
    const agent = stopLater(
      await startTestTorrents(
        directory,
        { idleMilliseconds: 50, wallSeconds: () => ++wall },
        { quota: { quotaBytes: 5 * MiB, sliceBytes: 256 * KiB } },
      ),
    )
    for (const film of films) {
      await read(await agent.open(film.source))
      await until(() => !agent.torrents.isLoaded(film.infoHash), 'unloading')
      wall -= 365 * 86_400
    }
    const left = await Promise.all(
      films.map(async (film) => {
        const torrent = await agent.open({ infoHash: film.infoHash })
        return torrent.status(fileOf(torrent)).downloadedBytes
      }),
    )
    expect(left[0]).toBeLessThan(2 * MiB)
    expect(left.slice(1)).toEqual([2 * MiB, 2 * MiB])
  })

  const places: [string, (directory: string) => string][] = [
    ['holds the downloads', (directory) => join(directory, 'downloads')],
    ['holds the downloads and the state', (directory) => directory],
  ]
  const probe = mkdtempSync(join(tmpdir(), 'porchlight-mount-'))
  const isMountable = mountSmallDisk(probe, MiB)
  isMountable?.()
  rmSync(probe, { recursive: true })
  for (const [what, place] of isMountable ? places : []) {
    it(`is served from a disk that is really full and ${what}, and written on when there is room`, async () => {
      const [one, two] = [await seed(1, 2 * MiB), await seed(2, 6 * MiB)]
      const directory = temporaryDirectory()
      const disk = place(directory)
      const unmount = mountSmallDisk(disk, 10 * MiB)
      try {
        const agent = await startTestTorrents(directory, { diskRetryMilliseconds: 50 })
        const first = await agent.open(one.source)
        await read(first)
        const filler = join(disk, 'filler')
        writeFileSync(filler, Buffer.alloc(5 * MiB, 1))
        const second = await agent.open(two.source)
        await expect(read(second)).rejects.toMatchObject({ code: 'disk_full' })
        expect(second.status(fileOf(second)).state).toBe('disk-full')
        expect(agent.lines).toContainEqual(expect.objectContaining({ event: 'disk_refused', reason: 'ENOSPC' }))
        expect((await read(first)).equals(contentOf(one))).toBe(true)
        rmSync(filler)
        await until(() => second.status(fileOf(second)).state !== 'disk-full', 'room')
        expect((await read(second)).equals(contentOf(two))).toBe(true)
        await agent.stop()
      } finally {
        unmount?.()
      }
    })
  }
})
