/** What the agent does for the catalog by itself: it takes work, does it with real swarms and trackers, and tells. */
import { lookup } from 'node:dns'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import type { TitleWish } from '#protocol/source-search.ts'
import { Work, WorkCall } from '#protocol/source-work.ts'
import { type CatalogWorkRooms, createCatalogWork } from './catalog-work.ts'
import { createLog } from './log.ts'
import { createSearch } from './sources/search.ts'
import { pseudoRandomBytes, startSeeder } from './testing/seeder.ts'
import { temporaryDirectory } from './testing/temporary-directory.ts'
import { startTestTorrents } from './testing/test-torrents.ts'
import { startTracker } from './testing/tracker.ts'
import { until } from './testing/until.ts'
import { createScrape } from './torrents/counting/scrape.ts'
import { createSealedMetadata } from './torrents/metadata/sealed-metadata.ts'
import { noGuard } from './torrents/swarm/fetch-public.ts'

const wish = (titleId: string): TitleWish => ({
  ...{ titleId, kind: 'movie', name: 'Film', otherNames: [], year: 2008 },
})
const live = () => AbortSignal.timeout(30_000)
const nobody = 'ab'.repeat(20)

/** An edge that has this work, and remembers what it was told; both as they cross the border. */
function edgeWith(work: Partial<Work>, log: string[] = []) {
  const done: NonNullable<WorkCall['done']>[] = []
  const taken: NonNullable<WorkCall['take']>[] = []
  const post = async (call: WorkCall) => {
    const parsed = WorkCall.parse(call)
    if (parsed.done) done.push(parsed.done)
    if (parsed.take) taken.push(parsed.take)
    return Work.parse({ leaseSeconds: 900, searches: [], counts: [], readings: [], ...(parsed.take ? work : {}) })
  }
  return { done, taken, post, log }
}

async function startAgent(edge: ReturnType<typeof edgeWith>, change: Partial<CatalogWorkRooms> = {}) {
  const agent = await startTestTorrents(temporaryDirectory())
  onTestFinished(() => agent.stop())
  const log = createLog((line) => edge.log.push(line))
  const search = createSearch({ providers: () => [], post: async () => {}, log })
  onTestFinished(() => search.close())
  const kept = createSealedMetadata(agent.state.torrentBlobs, Buffer.alloc(32, 1))
  const work = createCatalogWork({
    ...{ post: edge.post, isReady: () => true, canSearch: () => true, search, torrents: agent.torrents, kept, log },
    ...{ scrape: createScrape({ ...noGuard, lookup }), isTrustedTracker: () => true, trackers: [] },
    ...change,
  })
  return { ...agent, work, kept }
}

const magnetOf = (infoHash: string, ...trackers: string[]) => ({
  infoHash,
  magnet: `magnet:?xt=urn:btih:${infoHash}${trackers.map((url) => `&tr=${encodeURIComponent(url)}`).join('')}`,
})

describe('looking ahead', () => {
  it('asks every provider for each title, at the pace of what nobody waits for, and tells which are done', async () => {
    const edge = edgeWith({ searches: [wish('one'), wish('two')] })
    const asked: [string, boolean][] = []
    const provider = {
      ...{ id: 'p', label: 'P', priority: 1, isBenched: () => false, offers: undefined, run: undefined },
      health: () => ({ failures: 0, benchedUntilMs: 0 }),
      search: async ({ titleId }: TitleWish, { isAwaited }: { isAwaited: () => boolean }) => {
        asked.push([titleId, isAwaited()])
        return []
      },
    }
    const search = createSearch({ providers: () => [provider], post: async () => {}, log: createLog(() => {}) })
    const { work } = await startAgent(edge, { search })
    await work.searchAhead(live())
    expect(asked).toEqual([
      ['one', false],
      ['two', false],
    ])
    expect(edge.done).toEqual([{ searched: ['one', 'two'] }])
  })

  it('leaves for another run what there is no room for while people search', async () => {
    const edge = edgeWith({ searches: [wish('one'), wish('two')] })
    const search = {
      search: async ({ wish: { titleId } }: { wish: TitleWish }) => {
        if (titleId === 'one') throw new AppError('busy', 'Many search.')
        return { providers: [], isComplete: true }
      },
    }
    const { work } = await startAgent(edge, { search })
    await work.searchAhead(live())
    expect(edge.done).toEqual([{ searched: ['two'] }])
  })

  it.each<[string, Partial<CatalogWorkRooms>]>([
    ['while the VPN is down or the edge away', { isReady: () => false }],
    ['without a provider that searches', { canSearch: () => false }],
  ])('takes nothing %s', async (_what, change) => {
    const edge = edgeWith({ searches: [wish('one')] })
    const { work } = await startAgent(edge, change)
    await work.searchAhead(live())
    expect([edge.taken, edge.done]).toEqual([[], []])
  })

  it('does nothing for an edge that is one version back', async () => {
    const missing = async () => Promise.reject(new AppError('not_found', 'There is nothing at this address.'))
    const { work } = await startAgent(edgeWith({}), { post: missing })
    await expect(work.searchAhead(live())).resolves.toBeUndefined()
  })
})

describe('counting', () => {
  it('tells how many share each source, and of which nobody says anything', async () => {
    const tracker = await startTracker('127.0.0.1', 'udp')
    onTestFinished(() => tracker.stop())
    const seeder = await startSeeder({ files: { 'film.mp4': pseudoRandomBytes(50_000) }, trackers: [tracker.url] })
    onTestFinished(() => seeder.stop())
    await until(() => tracker.eventsOf(seeder.infoHash).includes('start'), 'the seeder to be known')
    const counts = [
      { sourceId: 'shared', source: magnetOf(seeder.infoHash, tracker.url) },
      { sourceId: 'silent', source: magnetOf(nobody) },
    ]
    const edge = edgeWith({ counts })
    const { work } = await startAgent(edge)
    await work.countSwarms(live())
    expect(edge.done).toEqual([{ counted: [{ sourceId: 'shared', seeders: 1, leechers: 0 }, { sourceId: 'silent' }] }])
  })

  it('tells nothing when the VPN went meanwhile: that nobody answered says nothing then', async () => {
    const edge = edgeWith({ counts: [{ sourceId: 'silent', source: magnetOf(nobody) }] })
    let looks = 0
    const { work } = await startAgent(edge, { isReady: () => looks++ === 0 })
    await work.countSwarms(live())
    expect([edge.taken.length, edge.done]).toEqual([1, []])
  })
})

describe('reading metadata', () => {
  const reading = (sourceId: string, source: Work['readings'][number]['source']) => ({
    ...{ sourceId, source, file: {}, name: 'Film.2008.1080p.WEB-DL.x264-GRP', wish: wish('one') },
  })
  const files = {
    'Film/film.mkv': pseudoRandomBytes(200_000),
    'Film/sample.mkv': pseudoRandomBytes(1000),
    'Film/codec.exe': pseudoRandomBytes(1000),
  }

  it('tells which file plays and what speaks against it, and keeps it sealed', async () => {
    const seeder = await startSeeder({ files })
    onTestFinished(() => seeder.stop())
    const edge = edgeWith({ readings: [reading('a', seeder.magnet)] })
    const { work, kept } = await startAgent(edge)
    await work.readMetadata(live())
    const file = { path: 'Film/film.mkv', sizeBytes: 200_000 }
    expect(edge.done).toEqual([
      { read: [{ sourceId: 'a', fileCount: 3, file, doubts: expect.arrayContaining(['has_executable']) }] },
    ])
    expect(Buffer.from(kept.find(seeder.infoHash) ?? [])).toEqual(Buffer.from(seeder.torrent.infoBuffer ?? []))
  })

  it('reads a .torrent that came with the source without any swarm', async () => {
    const seeder = await startSeeder({ files })
    await seeder.stop()
    const edge = edgeWith({ readings: [reading('a', seeder.source)] })
    const { work } = await startAgent(edge)
    await work.readMetadata(live())
    expect(edge.done[0]?.read?.[0]).toMatchObject({ fileCount: 3, file: { path: 'Film/film.mkv' } })
  })

  it('says so when there is no film in it', async () => {
    const seeder = await startSeeder({ files: { 'Film/readme.txt': pseudoRandomBytes(5000) } })
    await seeder.stop()
    const edge = edgeWith({ readings: [reading('a', seeder.source)] })
    await (await startAgent(edge)).work.readMetadata(live())
    const [told] = edge.done[0]?.read ?? []
    expect(told).toMatchObject({ fileCount: 1, doubts: expect.arrayContaining(['no_film']) })
    expect(told?.file).toBeUndefined()
  })

  it('tells that nobody could be asked of what is no torrent, and nothing of one that is open just now', async () => {
    const seeder = await startSeeder({ files })
    onTestFinished(() => seeder.stop())
    const broken = { infoHash: nobody, torrentFile: 'AAAA' }
    const edge = edgeWith({ readings: [reading('broken', broken), reading('open', magnetOf(nobody))] })
    const busy = { readInfo: async () => Promise.reject(new AppError('busy', 'It is open.')) }
    const { work } = await startAgent(edge, { torrents: busy })
    await work.readMetadata(live())
    expect(edge.done).toEqual([{ read: [{ sourceId: 'broken' }] }])
  })
})
