/** A tracker that nobody of ours wrote (opentracker): announced to and counted by, by UDP and by HTTP. */
import { lookup } from 'node:dns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { type OpenTracker, startOpenTracker } from '../../testing/opentracker.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { readRange } from '../read-range.ts'
import { noGuard } from '../swarm/fetch-public.ts'
import { countSwarms } from './count-swarms.ts'
import { createScrape } from './scrape.ts'

const film = pseudoRandomBytes(200_000)
const nobody = 'ab'.repeat(20)
const unknown = 'cd'.repeat(20)
const scrape = createScrape({ ...noGuard, lookup })
const live = () => AbortSignal.timeout(30_000)
let seeder: Seeder
let tracker: OpenTracker
let agent: TestTorrents
const afterwards: (() => void)[] = []

beforeAll(async () => {
  // Its hash does not depend on its trackers: it is made once for the tracker's list.
  const first = await startSeeder({ files: { 'film.mp4': film } })
  await first.stop()
  tracker = await startOpenTracker([first.infoHash, nobody])
  seeder = await startSeeder({ files: { 'film.mp4': film }, trackers: [tracker.udp] })
  agent = await startTestTorrents(temporaryDirectory((remove) => afterwards.push(remove)))
})
afterAll(async () => {
  await agent.stop()
  await seeder.stop()
  await tracker.stop()
  for (const remove of afterwards) remove()
})

describe('opentracker', () => {
  it('tells an agent by UDP who has the film, and hears of the agent', async () => {
    const context = { signal: live(), correlationId: 'test-correlation' }
    const hints = { trackers: [tracker.udp], webSeeds: [], peers: [] }
    const torrent = await agent.torrents.open({ infoHash: seeder.infoHash, hints }, context)
    const [file] = torrent.layout.files
    if (!file) throw new Error('no file')
    const got = await collect(readRange(torrent, file, { start: 0, end: film.length - 1 }, live()))
    expect(Buffer.compare(got, film)).toBe(0)
    await until(async () => {
      const swarms = await scrape.ask(tracker.udp, [seeder.infoHash], live())
      const { seeders, leechers } = swarms.get(seeder.infoHash) ?? { seeders: 0, leechers: 0 }
      return seeders + leechers === 2
    }, 'both to be counted')
  })

  it.each(['udp', 'http'] as const)('is asked by %s for many at once, and knows only its own', async (by) => {
    const swarms = await scrape.ask(tracker[by], [nobody, seeder.infoHash], live())
    expect(swarms.get(seeder.infoHash)?.seeders).toBeGreaterThanOrEqual(1)
    expect(swarms.get(nobody) ?? { seeders: 0, leechers: 0 }).toEqual({ seeders: 0, leechers: 0 })
  })

  it('counts what a list of sources names, and leaves without numbers what nobody knows', async () => {
    const dead = 'udp://127.0.0.1:1/announce'
    const counted = await countSwarms(
      [
        { sourceId: 'a', infoHash: seeder.infoHash, trackers: [tracker.http, tracker.udp] },
        { sourceId: 'b', infoHash: unknown, trackers: [] },
        { sourceId: 'c', infoHash: unknown, trackers: [dead] },
      ],
      {
        ...scrape,
        ask: (url, ...rest) => (url === dead ? Promise.reject(new Error('dead')) : scrape.ask(url, ...rest)),
      },
      live(),
    )
    expect(counted).toEqual([
      { sourceId: 'a', seeders: expect.any(Number), leechers: expect.any(Number) },
      { sourceId: 'b' },
      { sourceId: 'c' },
    ])
    expect(counted[0]?.seeders).toBeGreaterThanOrEqual(1)
  })
})
