/** Seeding: how long, what is fetched for it, and that a restart does not end it. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Torrent } from 'webtorrent'
import { collect } from '../../testing/collect.ts'
import { startPlainLeecher } from '../../testing/plain-leecher.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../../testing/test-torrents.ts'
import { startTracker } from '../../testing/tracker.ts'
import { until, untilSteady } from '../../testing/until.ts'
import type { OpenTorrent } from '../open-torrent.ts'
import { readRange } from '../read-range.ts'
import type { TorrentsTimes } from '../torrents-options.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 })

const KiB = 1024
const MiB = 1024 * KiB
const film = Buffer.from(pseudoRandomBytes(MiB))
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
const seed = async (more: Partial<Parameters<typeof startSeeder>[0]> = {}): Promise<Seeder> =>
  stopLater(await startSeeder({ files: { 'film.mp4': film }, ...more }))
const read = (torrent: OpenTorrent, start = 0, end = film.length - 1) =>
  collect(
    readRange(torrent, torrent.layout.files[0] ?? (undefined as never), { start, end }, new AbortController().signal),
  )
const readWhole = (torrent: OpenTorrent) => read(torrent, 0, (torrent.layout.files[0]?.sizeBytes ?? 0) - 1)
const onlyTorrent = ({ client }: TestTorrents): Torrent => client.torrents[0] ?? (undefined as never)

describe('seeding', () => {
  const seedingHome = async (
    seeding: NonNullable<Parameters<typeof startTestTorrents>[2]>['seeding'],
    times: TorrentsTimes = {},
    directory = temporaryDirectory(),
  ) =>
    stopLater(
      await startTestTorrents(
        directory,
        { idleMilliseconds: 50, seedCheckMilliseconds: 50, ...times },
        { ...(seeding ? { seeding } : {}) },
      ),
    )
  const noHints = { trackers: [], webSeeds: [], peers: [] }

  it('is taken up again after a restart, with the way to its tracker, until the ratio is reached', async () => {
    const tracker = stopLater(await startTracker())
    const [seeder, enough] = [await seed(), await seed({ files: { 'enough.mp4': film.subarray(0, 100 * KiB) } })]
    const directory = temporaryDirectory()
    const policy = { kind: 'ratio', ratio: 0.5 } as const
    const before = await seedingHome(policy, {}, directory)
    for (const { source } of [seeder, enough]) await readWhole(await before.open(source))
    before.state.torrents.addUploaded(enough.infoHash, 64 * KiB)
    before.state.sources.save('source-1', { infoHash: seeder.infoHash, hints: { ...noHints, trackers: [tracker.url] } })
    await stopNow(before)

    const after = await seedingHome(policy, {}, directory)
    await after.torrents.resumeSeeding(after.state.sources.hintsOf)
    await until(() => tracker.eventsOf(seeder.infoHash).length > 0, 'the tracker')
    expect(after.torrents.isLoaded(enough.infoHash)).toBe(false)
    const leecher = stopLater(await startPlainLeecher(seeder.infoHash, after.client.torrentPort))
    await until(leecher.isUnchoked, 'being unchoked')
    for (let block = 0; block < 32; block++) await leecher.ask(Math.floor(block / 4), (block % 4) * 16 * KiB)
    await until(() => !after.torrents.isLoaded(seeder.infoHash), 'enough')
  })

  it('is taken up again after a restart for the rest of its time', async () => {
    const seeder = await seed()
    const directory = temporaryDirectory()
    const policy = { kind: 'time', minutes: 60 } as const
    const before = await seedingHome(policy, { wallSeconds: () => 1e9 }, directory)
    await read(await before.open(seeder.source))
    await stopNow(before)

    let now = 0
    for (const minutes of [40, 50]) {
      const after = await seedingHome(policy, { now: () => now, wallSeconds: () => 1e9 + minutes * 60 }, directory)
      await after.torrents.resumeSeeding(after.state.sources.hintsOf)
      await until(() => onlyTorrent(after)?.ready, 'seeding')
      now += 9 * 60_000
      await untilSteady(() => after.client.torrents.length, 300)
      expect(after.torrents.isLoaded(seeder.infoHash)).toBe(true)
      if (minutes === 50) {
        now += 2 * 60_000
        await until(() => !after.torrents.isLoaded(seeder.infoHash), 'the end')
      }
      await stopNow(after)
    }
    const late = await seedingHome(policy, { wallSeconds: () => 1e9 + 61 * 60 }, directory)
    await late.torrents.resumeSeeding(late.state.sources.hintsOf)
    expect(late.torrents.isLoaded(seeder.infoHash)).toBe(false)
  })

  it('is not taken up again when it is off', async () => {
    const seeder = await seed()
    const directory = temporaryDirectory()
    const before = await seedingHome(undefined, {}, directory)
    await read(await before.open(seeder.source))
    await stopNow(before)
    const after = await seedingHome(undefined, {}, directory)
    await after.torrents.resumeSeeding(after.state.sources.hintsOf)
    expect(after.torrents.isLoaded(seeder.infoHash)).toBe(false)
  })

  it('goes on until the ratio is reached', async () => {
    const seeder = await seed()
    const agent = await seedingHome({ kind: 'ratio', ratio: 0.5 })
    await read(await agent.open(seeder.source))
    const leecher = stopLater(await startPlainLeecher(seeder.infoHash, agent.client.torrentPort))
    await until(leecher.isUnchoked, 'being unchoked')
    for (let block = 0; block < 31; block++) await leecher.ask(Math.floor(block / 4), (block % 4) * 16 * KiB)
    await until(() => agent.state.torrents.uploadedBytes(seeder.infoHash) === 31 * 16 * KiB, 'the books')
    expect(agent.torrents.isLoaded(seeder.infoHash)).toBe(true)
    await leecher.ask(7, 48 * KiB)
    await until(() => !agent.torrents.isLoaded(seeder.infoHash), 'enough')
    expect(agent.state.torrents.uploadedBytes(seeder.infoHash)).toBe(512 * KiB)
  })

  it('goes on for the time it is given, whatever the clock on the wall does', async () => {
    const seeder = await seed()
    let now = 0
    const agent = await seedingHome({ kind: 'time', minutes: 60 }, { now: () => now, wallSeconds: () => 4e9 - now })
    await read(await agent.open(seeder.source))
    await until(() => onlyTorrent(agent)?.ready, 'seeding')
    now = 59.9 * 60_000
    await untilSteady(() => agent.client.torrents.length, 300)
    expect(agent.torrents.isLoaded(seeder.infoHash)).toBe(true)
    now = 60.1 * 60_000
    await until(() => !agent.torrents.isLoaded(seeder.infoHash), 'the end')
  })

  it('fetches the rest of a film that was begun, while others watch it too', async () => {
    const long = Buffer.from(pseudoRandomBytes(12 * MiB))
    const seeder = await seed({ files: { 'film.mp4': long } })
    const agent = await seedingHome({ kind: 'time', minutes: 60 })
    const torrent = await agent.open(seeder.source)
    await read(torrent, 0, 100)
    await until(() => torrent.onDiskBytes() === 12 * MiB, 'the rest')
    expect(seeder.uploadedBytes()).toBe(12 * MiB)
    expect((await read(torrent, 11 * MiB, 12 * MiB - 1)).equals(long.subarray(11 * MiB))).toBe(true)
    expect(agent.torrents.isLoaded(seeder.infoHash)).toBe(true)
  })

  it('fetches nothing more, and goes, when it is off', async () => {
    const seeder = await seed({ files: { 'film.mp4': pseudoRandomBytes(40 * MiB) }, pieceBytes: 256 * KiB })
    const agent = await seedingHome(undefined)
    await read(await agent.open(seeder.source), 0, 100)
    await until(() => !agent.torrents.isLoaded(seeder.infoHash), 'leaving')
    expect(seeder.uploadedBytes()).toBeLessThan(20 * MiB)
  })
})
