/** The quota on a real disk, with a real swarm: what goes, what stays, and what peers are told. */
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import WebTorrent, { type Wire } from 'webtorrent'
import { openState } from '../../state/state.ts'
import { collect } from '../../testing/collect.ts'
import { startPlainLeecher } from '../../testing/plain-leecher.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import type { OpenTorrent } from '../open-torrent.ts'
import { readRange } from '../read-range.ts'
import { folderBytes } from './disk-usage.ts'

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

const seed = async (seedNumber: number, sizeBytes = 2 * MiB, pieceBytes = 64 * KiB): Promise<Seeder> =>
  stopLater(
    await startSeeder({ files: { [`film-${seedNumber}.mp4`]: pseudoRandomBytes(sizeBytes, seedNumber) }, pieceBytes }),
  )

type Quota = NonNullable<Parameters<typeof startTestTorrents>[2]>['quota']
/** Torrents leave memory at once; every use is a second after the last. */
async function home(quota: Quota, directory = temporaryDirectory(), idleMilliseconds = 50) {
  let seconds = 1_800_000_000
  const times = { idleMilliseconds, diskRetryMilliseconds: 50, wallSeconds: () => ++seconds }
  return stopLater(await startTestTorrents(directory, times, { quota: { sliceBytes: 256 * KiB, ...quota } }))
}
const fileOf = (torrent: OpenTorrent) => torrent.layout.files[0] ?? (undefined as never)
const readAll = (torrent: OpenTorrent, end = fileOf(torrent).sizeBytes - 1) =>
  readRange(torrent, fileOf(torrent), { start: 0, end }, new AbortController().signal)
const contentOf = (seeder: Seeder) => Buffer.from([...seeder.content.values()][0] ?? [])

async function watch({ open, torrents }: TestTorrents, seeder: Seeder): Promise<void> {
  const bytes = await collect(readAll(await open(seeder.source)))
  expect(bytes.equals(contentOf(seeder))).toBe(true)
  await until(() => !torrents.isLoaded(seeder.infoHash), 'unloading')
}
const onDisk = ({ downloads }: TestTorrents, seeder: Seeder) => folderBytes(join(downloads, seeder.infoHash))

describe('DiskQuota', () => {
  it('makes room for a new film out of the one watched longest ago, and only as much as it needs', async () => {
    const films = [await seed(1), await seed(2), await seed(3)] as const
    const agent = await home({ quotaBytes: 5 * MiB })
    for (const film of films) await watch(agent, film)
    await watch(agent, films[0])
    expect(agent.quota.room.usedBytes).toBeLessThanOrEqual(5 * MiB)
    const [first, second, third] = await Promise.all(films.map((film) => onDisk(agent, film)))
    expect(first).toBe(2 * MiB)
    expect(second).toBeLessThan(1.3 * MiB)
    expect(second).toBeGreaterThan(0)
    expect(third).toBe(2 * MiB)
    // What is left of the second film is whole: nothing of it is fetched twice.
    const before = films[1].uploadedBytes()
    await watch(agent, films[1])
    expect(films[1].uploadedBytes() - before).toBe(2 * MiB - (second ?? 0))
  })

  it('lets a film pass through a quota that is smaller than it', async () => {
    const film = await seed(1, 64 * MiB, 256 * KiB)
    const agent = await home({ quotaBytes: 44 * MiB, sliceBytes: MiB })
    let most = 0
    const torrent = await agent.open(film.source)
    const read: Uint8Array[] = []
    for await (const bytes of readAll(torrent)) {
      read.push(bytes)
      most = Math.max(most, await onDisk(agent, film))
    }
    expect(Buffer.concat(read).equals(contentOf(film))).toBe(true)
    // The disk's own books (extents) take a block now and then.
    expect(most).toBeLessThanOrEqual(44 * MiB + 64 * KiB)
    expect(most).toBeGreaterThan(30 * MiB)
    expect(film.uploadedBytes()).toBe(64 * MiB)
  })

  it('never touches what is pinned, nor what a paused player holds', async () => {
    const [pinned, held, fresh] = [await seed(1), await seed(2), await seed(3)]
    const agent = await home({ quotaBytes: 5 * MiB })
    await watch(agent, pinned)
    agent.state.torrents.setPinned(pinned.infoHash, true)
    const torrent = await agent.open(held.source)
    const reading = readAll(torrent)
    await reading.next()
    await until(() => torrent.status(fileOf(torrent)).state === 'complete', 'the window of a paused player')
    const refused = collect(readAll(await agent.open(fresh.source)))
    await expect(refused).rejects.toMatchObject({ code: 'disk_full' })
    expect(await onDisk(agent, pinned)).toBe(2 * MiB)
    expect(await onDisk(agent, held)).toBe(2 * MiB)
    await reading.return()
    // Nobody holds it any more: now it may go.
    await until(async () => {
      const bytes = await collect(readAll(await agent.open(fresh.source))).catch(() => Buffer.alloc(0))
      return bytes.equals(contentOf(fresh))
    }, 'room')
    expect(await onDisk(agent, pinned)).toBe(2 * MiB)
  })

  it('promises nothing after a restart that it has evicted', async () => {
    const [one, two] = [await seed(1), await seed(2)]
    const directory = temporaryDirectory()
    const before = await home({ quotaBytes: 3 * MiB }, directory)
    await watch(before, one)
    await watch(before, two)
    running.splice(running.indexOf(before), 1)
    await before.stop()
    const after = await home({ quotaBytes: 3 * MiB }, directory)
    const left = await onDisk(after, one)
    const sent = one.uploadedBytes()
    await watch(after, one)
    expect(left).toBeGreaterThan(0)
    expect(one.uploadedBytes() - sent).toBe(2 * MiB - left)
  })

  it('evicts whole films where the disk cannot punch holes', async () => {
    const films = [await seed(1), await seed(2), await seed(3)] as const
    const agent = await home({ quotaBytes: 5 * MiB, mayPunch: false })
    for (const film of films) await watch(agent, film)
    expect(existsSync(join(agent.downloads, films[0].infoHash))).toBe(false)
    expect(await onDisk(agent, films[1])).toBe(2 * MiB)
    const sent = films[0].uploadedBytes()
    await watch(agent, films[0])
    expect(films[0].uploadedBytes() - sent).toBe(2 * MiB)
  })

  it('evicts at the start what is over the quota, unknown folders too, and leaves what is not its own', async () => {
    const film = await seed(1)
    const directory = temporaryDirectory()
    const lost = join(directory, 'downloads', 'f'.repeat(40))
    mkdirSync(lost, { recursive: true })
    writeFileSync(join(lost, '0000-film.mp4'), Buffer.alloc(4 * MiB, 1))
    utimesSync(lost, 1000, 1000)
    writeFileSync(join(directory, 'downloads', 'notes.txt'), Buffer.alloc(4 * MiB, 1))
    const agent = await home({ quotaBytes: 3 * MiB }, directory)
    expect(readdirSync(agent.downloads)).toEqual(['notes.txt'])
    await watch(agent, film)
  })

  it('forgets at the start what has long been gone from the disk, and keeps the rest', async () => {
    const directory = temporaryDirectory()
    const hash = (digit: string) => digit.repeat(40)
    const record = (byte: number) => ({ info: new Uint8Array(1), bitfield: Uint8Array.of(byte) })
    const state = openState(directory)
    const [long, now] = [1_700_000_000, 1_800_000_000]
    state.torrents.add(hash('a'), record(0), long)
    state.torrents.add(hash('b'), record(0x80), long)
    state.torrents.add(hash('c'), record(0), long)
    state.torrents.setPinned(hash('c'), true)
    state.torrents.add(hash('d'), record(0), now)
    state.close()
    const agent = await home({ quotaBytes: 5 * MiB }, directory)
    expect(agent.state.torrents.all().map(({ infoHash }) => infoHash[0])).toEqual(['b', 'c', 'd'])
  })

  it('leaves the floor to others: says disk_full, serves what it has, and goes on when there is room', async () => {
    const [one, two] = [await seed(1), await seed(2)]
    let free = 100 * MiB
    const agent = await home({ floorBytes: 50 * MiB, freeBytes: async () => free })
    await watch(agent, one)
    agent.state.torrents.setPinned(one.infoHash, true)
    free = 50 * MiB
    await agent.quota.sweep()
    const torrent = await agent.open(two.source)
    await expect(collect(readAll(torrent))).rejects.toMatchObject({ code: 'disk_full' })
    expect(torrent.status(fileOf(torrent)).state).toBe('disk-full')
    await watch(agent, one)
    free = 100 * MiB
    await agent.quota.sweep()
    await until(async () => {
      const opened = await agent.open(two.source)
      return opened.status(fileOf(opened)).state !== 'disk-full'
    }, 'room')
    expect((await collect(readAll(await agent.open(two.source)))).equals(contentOf(two))).toBe(true)
  })

  it('sends a peer away that does not speak lt_donthave: when it asks while somebody watches, at once when nobody does', async () => {
    const [film, next, other] = [await seed(1, 24 * MiB), await seed(2, 8 * MiB), await seed(3, 8 * MiB)]
    const agent = await home({ quotaBytes: 30 * MiB }, temporaryDirectory(), 30_000)
    const torrent = await agent.open(film.source)
    await collect(readAll(torrent))
    const connect = async () => {
      const peer = stopLater(await startPlainLeecher(film.infoHash, agent.client.torrentPort))
      await until(peer.isUnchoked, 'being unchoked')
      return peer
    }
    const peer = await connect()
    expect(Buffer.from(await peer.ask(0)).equals(contentOf(film).subarray(0, 16 * KiB))).toBe(true)
    const end = fileOf(torrent).sizeBytes - 1
    const watching = readRange(torrent, fileOf(torrent), { start: end - KiB, end }, new AbortController().signal)
    await watching.next()
    await collect(readAll(await agent.open(next.source)))
    expect(torrent.isOnDisk(0)).toBe(false)
    expect(peer.isConnected()).toBe(true)
    await expect(peer.ask(0)).rejects.toThrow()
    await until(() => !peer.isConnected(), 'being sent away')

    await watching.return()
    const unaware = await connect()
    await collect(readAll(await agent.open(other.source)))
    await until(() => !unaware.isConnected(), 'being sent away at once')
  })

  it('tells a peer that speaks lt_donthave, and keeps it', async () => {
    const [film, next] = [await seed(1), await seed(2)]
    const agent = await home({ quotaBytes: 2.5 * MiB }, temporaryDirectory(), 30_000)
    const torrent = await agent.open(film.source)
    await collect(readAll(torrent))
    const peer = new WebTorrent({
      utp: false,
      dht: false,
      lsd: false,
      utPex: false,
      natUpnp: false,
      natPmp: false,
      tracker: false,
    })
    stopLater({ stop: () => new Promise<void>((done) => peer.destroy(() => done())) })
    const source = `magnet:?xt=urn:btih:${film.infoHash}&x.pe=127.0.0.1:${agent.client.torrentPort}`
    const other = peer.add(source, { path: temporaryDirectory(), deselect: true, storeCacheSlots: 0 })
    const gone: number[] = []
    other.on('wire', (wire: Wire & { lt_donthave: { on(event: 'donthave', then: (piece: number) => void): void } }) =>
      wire.lt_donthave.on('donthave', (piece) => gone.push(piece)),
    )
    await until(() => other.ready && other.wires.length > 0, 'a peer')
    await collect(readAll(await agent.open(next.source)))
    await until(() => gone.length > 0, 'word of what is gone')
    expect(other.wires.length).toBe(1)
    expect(gone.every((piece) => !torrent.isOnDisk(piece))).toBe(true)
  })
})
