/** Two agents of one household: what one has on its disk feeds the other, when the swarm is gone and nobody watches it there. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collect } from '../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../testing/test-torrents.ts'
import { startTracker } from '../testing/tracker.ts'
import { until } from '../testing/until.ts'
import { createHeldTorrents } from './held-torrents.ts'
import { readTorrentSource } from './metadata/read-torrent-source.ts'
import { readRange } from './read-range.ts'
import { hostOf } from './swarm/lend-only.ts'

vi.setConfig({ testTimeout: 30_000 })

const film = pseudoRandomBytes(600_000)
const running: { stop(): Promise<unknown> }[] = []
const stopLater = <T extends { stop(): Promise<unknown> }>(started: T): T => {
  running.push(started)
  return started
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

/** An agent that puts away at once what nobody reads. */
const agent = async (trackers: string[] = []) =>
  stopLater(await startTestTorrents(temporaryDirectory(), { idleMilliseconds: 100 }, { swarm: { trackers } }))

/** What it says of itself when the edge asks, as if this machine were its home network. */
const holdsAt = ({ state, client }: TestTorrents, infoHash: string) =>
  createHeldTorrents({
    state: state.torrents,
    isLocal: () => false,
    peerPort: () => client.torrentPort,
    interfaces: () => ({ lan: [{ address: '127.0.0.1', family: 'IPv4', internal: false } as never] }),
  })([infoHash])

async function open(
  at: TestTorrents,
  source: Awaited<ReturnType<typeof readTorrentSource>>,
  householdPeers?: string[],
) {
  const signal = AbortSignal.timeout(25_000)
  const torrent = await at.torrents.open({ ...source, householdPeers }, { signal, correlationId: 'correlation-1' })
  const [file] = torrent.layout.files
  if (!file) throw new Error('no file')
  return collect(readRange(torrent, file, { start: 0, end: film.length - 1 }, signal))
}

/** Agents here are impatient, and machines may be slow: it is lent anew until the other has it. */
async function lendFor<Value>(work: Promise<Value>, lender: TestTorrents, infoHash: string, to: readonly string[]) {
  let isOver = false
  const over = () => {
    isOver = true
  }
  work.then(over, over)
  await until(
    async () => {
      await lender.torrents.lend(infoHash, to)
      return isOver
    },
    'the neighbour to have it',
    25_000,
  )
  return work
}

/** The first agent has watched all of a film, its swarm is gone, and nothing of it is in memory there. */
async function begin({ isPrivate = false } = {}) {
  const tracker = stopLater(await startTracker())
  const seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: 64 * 1024, isPrivate })
  const [first, second] = [await agent([tracker.url]), await agent()]
  const source = await readTorrentSource(seeder.source, () => false)
  const { infoHash } = source
  expect((await open(first, source)).equals(film)).toBe(true)
  await until(() => !first.torrents.isLoaded(infoHash), 'the film to be put away')
  await seeder.stop()
  return { tracker, first, second, infoHash, source: { ...source, hints: { ...source.hints, peers: [] } } }
}

describe('a film that one agent holds', () => {
  it('is fetched from there by the other, and nobody else hears of it', async () => {
    const { tracker, first, second, infoHash, source } = await begin()
    await until(() => tracker.eventsOf(infoHash).includes('stop'), 'the goodbye')
    const said = tracker.announces.length
    const [{ held, peerAddresses }, asking] = [await holdsAt(first, infoHash), await holdsAt(second, infoHash)]
    expect([held, asking.held]).toEqual([[{ infoHash, isWhole: true }], []])
    const reading = open(second, source, peerAddresses)
    expect((await lendFor(reading, first, infoHash, asking.peerAddresses)).equals(film)).toBe(true)
    // When the other has put it away, too, it is in nobody's memory.
    await until(() => !first.torrents.isLoaded(infoHash), 'the end of lending')
    expect(tracker.announces).toHaveLength(said)
    expect(await holdsAt(second, infoHash)).toMatchObject({ held: [{ infoHash, isWhole: true }] })
  })

  it('is watched there all the same while it is lent, and joins its swarm for that', async () => {
    const { tracker, first, infoHash, source } = await begin()
    const starts = () => tracker.eventsOf(infoHash).filter((event) => event === 'start').length
    expect(starts()).toBe(1)
    await first.torrents.lend(infoHash, ['127.0.0.1:1'])
    const seen = await Promise.all(Array.from({ length: 50 }, () => open(first, source)))
    expect(seen.every((bytes) => bytes.equals(film))).toBe(true)
    await until(() => tracker.eventsOf(infoHash).at(-1) === 'stop' && starts() > 1, 'the second goodbye')
    expect(starts()).toBe(2)
  })

  it('is lent to those who were named, and to no other', async () => {
    const { first, second, infoHash, source } = await begin()
    await first.torrents.lend(infoHash, ['192.0.2.1:51413'])
    const { peerAddresses } = await holdsAt(first, infoHash)
    const reading = open(second, source, peerAddresses)
    await until(() => second.lines.some(({ event }) => event === 'torrent_ready'), 'the other to know what it is')
    await until(() => !first.torrents.isLoaded(infoHash), 'the end of lending')
    expect((await holdsAt(second, infoHash)).held).toEqual([])
    // Named as well, it is let in when it calls again.
    const { peerAddresses: named } = await holdsAt(second, infoHash)
    expect((await lendFor(reading, first, infoHash, named)).equals(film)).toBe(true)
  })

  it('is not lent when it is private, nor when nothing is known of it', async () => {
    const { first, infoHash } = await begin({ isPrivate: true })
    await first.torrents.lend(infoHash, ['127.0.0.1:1'])
    await first.torrents.lend('0'.repeat(40), ['127.0.0.1:1'])
    expect([infoHash, '0'.repeat(40)].map((one) => first.torrents.isLoaded(one))).toEqual([false, false])
  })
})

it.each([
  ['192.168.1.9:51413', '192.168.1.9'],
  ['::ffff:192.168.1.9:40000', '192.168.1.9'],
  ['[fd00::2]:51413', 'fd00::2'],
])('knows the host of %s', (address, host) => {
  expect(hostOf(address)).toBe(host)
})
