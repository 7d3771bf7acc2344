/** Every statement the catalog sends to D1, by its plan: none reads a growing table from end to end. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { asPerson } from '../auth/viewer.ts'
import { forgetTags, remember } from '../cache/cache.ts'
import { d1Store } from '../cache/d1-store.ts'
import { openDb } from '../db.ts'
import { readFrontPage } from '../library/front-page/read-front-page.ts'
import { listLists, readList } from '../library/lists/lists.ts'
import { moveLibrary } from '../library/merge-titles.ts'
import { setUp } from '../testing/call-edge.ts'
import { recordingDatabase, scansOf } from '../testing/record-queries.ts'
import { freshGate, tellWorld, tmdbEdge } from '../testing/tmdb-stand-in.ts'
import { search } from './search/search.ts'
import { seedOpenFilms } from './seed-open-films.ts'
import { openTitlePage } from './title-page/open-title-page.ts'
import { listTitles } from './titles.ts'
import { refreshLists } from './tmdb/refresh-lists.ts'
import { syncChanges } from './tmdb/sync-changes.ts'

const { database, queries } = recordingDatabase(env.DB)
const day = 24 * 3600
let now = Math.floor(Date.UTC(2026, 10, 22, 8) / 1000)
const viewers = [asPerson('ada'), { ...asPerson('kit'), capYears: 12, language: 'de-AT' }]

const edgeNow = () => {
  const { edge, settled } = tmdbEdge(now, freshGate())
  return { edge: { ...edge, env: { ...edge.env, DB: database }, db: openDb(database) }, settled }
}

/** What does not grow with the catalog or with use: a subquery of a few hundred, a parameter's list, a household's profiles. */
const bounded = [
  /^SCAN (json_each|it|recommended|matches|CONSTANT ROW|\d+-ROW VALUES CLAUSE|profiles)\b/,
  // In the order of an index of what can be had, up to the statement's LIMIT.
  /^SCAN titles USING INDEX titles_available_by_(name|time)$/,
  // A full-text index that is asked for words; without `M` it would be read whole.
  /^SCAN (title_fts|word_fts) VIRTUAL TABLE INDEX \d+:.*M/,
]

beforeAll(async () => {
  await setUp()
  await tellWorld({
    movies: 30,
    shows: 3,
    changed: [],
    gone: [],
    imdb: {},
    answersAs: {},
    bare: [],
    overview: 'Words.',
  })
  const { edge, settled } = edgeNow()
  await seedOpenFilms(edge.db)
  await refreshLists(edge)
  for (const id of ['tmdb-movie-1000', 'tmdb-movie-1001', 'tmdb-show-1000', 'tmdb-season-10001']) {
    await openTitlePage(edge, asPerson('ada'), id)
  }
  await settled()
  now += day
  await tellWorld({ changed: [1000, 1001], gone: [1000], imdb: { 1001: 'tt0001000' } })
  const later = edgeNow()
  for (const kind of ['movie', 'show'] as const) await syncChanges(later.edge, kind, moveLibrary)
  for (const viewer of viewers) {
    await listTitles(later.edge.db, viewer, { name: 'Big', id: '' })
    await readFrontPage(later.edge, viewer)
    await listLists(later.edge, viewer, 'tmdb-movie-1000')
    await readList(later.edge, viewer, 'trending-movies', '0003.tmdb-movie-1000')
    for (const query of [
      { q: 'lant' },
      { q: 'a' },
      { q: 'lanetrn', genre: 18, available: '1' as const, yearFrom: 1990 },
    ]) {
      await search(later.edge, viewer, { ...query, scope: 'all' })
    }
  }
  await remember(later.edge, 'key', { freshSeconds: 1, staleSeconds: 1, tagsOf: () => ['a'] }, async () => 1, [
    d1Store(database),
  ])
  await forgetTags(later.edge, ['a'], [d1Store(database)])
  await later.settled()
  await tellWorld({ changed: [], gone: [], imdb: {} })
})

it('reads no growing table from end to end', async () => {
  const scans: Record<string, string[]> = {}
  for (const query of queries) {
    const found = (await scansOf(env.DB, query)).filter((scan) => !bounded.some((pattern) => pattern.test(scan)))
    if (found.length > 0) scans[query] = found
  }
  expect(scans).toEqual({})
  expect(queries.size).toBeGreaterThan(40)
})

it('would see one', async () => {
  expect(await scansOf(env.DB, "select * from titles where overview = 'x'")).toEqual(['SCAN titles'])
})
