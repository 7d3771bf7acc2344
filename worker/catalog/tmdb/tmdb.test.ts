/** TMDB over real HTTP (its stand-in): what is stored of it, that nothing is lost when it fails, and what it costs. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Edge } from '../../edge.ts'
import { moveLibrary } from '../../library/merge-titles.ts'
import { setUp } from '../../testing/call-edge.ts'
import { addFault, freshGate, tellWorld, tmdbEdge } from '../../testing/tmdb-stand-in.ts'
import { refreshLists } from './refresh-lists.ts'
import { freshen, type Known } from './refresh-title.ts'
import { syncChanges } from './sync-changes.ts'
import { DAY_ROWS, readSyncState, saveSyncState } from './sync-state.ts'

const day = 24 * 3600
let now = Math.floor(Date.UTC(2026, 10, 22, 8) / 1000)
const edgeNow = () => tmdbEdge(now, freshGate())
const rows = async (query: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(query)
      .bind(...values)
      .all<Record<string, unknown>>()
  ).results
const count = async (table: string) => Number((await rows(`select count(*) n from ${table}`))[0]?.n)
const known = (kind: 'movie' | 'show', tmdbId: number, detailsAt: number | null = null): Known => ({
  id: `tmdb-${kind}-${tmdbId}`,
  kind,
  tmdbId,
  detailsAt,
  showId: null,
  showTmdbId: null,
  seasonNumber: null,
  minimumAgeYears: null,
})
const look = async (title: Known) => {
  const { edge, settled } = edgeNow()
  const answer = await freshen(edge, title)
  await settled()
  return answer
}
const sync = (kind: 'movie' | 'show' = 'movie') => syncChanges(edgeNow().edge, kind, moveLibrary)
/** Films that were looked at long ago, and of which nothing is left but the number. */
const addOld = async (ids: readonly number[]) => {
  for (const id of ids) {
    await env.DB.batch([
      env.DB.prepare(
        "insert or ignore into titles (id, kind, name, overview, licence, credit, details_at) values (?, 'movie', 'x', '', '', '', 1)",
      ).bind(`tmdb-movie-${id}`),
      env.DB.prepare("insert or ignore into external_ids values ('tmdb:movie', ?, ?)").bind(
        String(id),
        `tmdb-movie-${id}`,
      ),
    ])
  }
}

beforeAll(async () => {
  await setUp()
  await tellWorld({
    movies: 45,
    shows: 5,
    gone: [],
    changed: [],
    imdb: {},
    answersAs: {},
    bare: [],
    overview: 'Words.',
  })
  await refreshLists(edgeNow().edge)
})
beforeEach(() => {
  now += day
})

describe('lists', () => {
  it('are kept in TMDB’s order, with the genres and the cards of what is in them', async () => {
    expect(await count("media_lists where kind = 'builtin'")).toBe(7)
    const items = await rows("select title_id from list_items where list_id = 'trending-movies' order by rank limit 3")
    expect(items.map((item) => item.title_id)).toEqual(['tmdb-movie-1000', 'tmdb-movie-1001', 'tmdb-movie-1002'])
    expect(await rows("select name, year, poster, kind from titles where id = 'tmdb-show-1000'")).toEqual([
      { name: 'The Silent Lantern, the series', year: 2011, poster: 'tmdb:/poster1000.jpg', kind: 'show' },
    ])
    expect(await count('genres')).toBe(3)
    expect(await rows("select genre_id from title_genres where title_id = 'tmdb-movie-1003'")).toHaveLength(2)
  })

  it('written again cost nothing', async () => {
    const { rowsWritten, lists } = await refreshLists(edgeNow().edge)
    expect([lists, rowsWritten]).toEqual([7, 0])
  })

  it('bring the genres’ names in what the household reads, too', async () => {
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) select 'p-de', id, 'P', 'cat', 'de-AT', 0 from users limit 1",
    ).run()
    await refreshLists(edgeNow().edge)
    expect(await rows('select id, name, names from genres order by id')).toEqual([
      { id: 18, name: 'Drama', names: '{"de":"Drama"}' },
      { id: 35, name: 'Comedy', names: '{"de":"Komödie"}' },
      { id: 878, name: 'Science Fiction', names: '{"de":"Zukunftsfilm"}' },
    ])
    await env.DB.prepare("delete from profiles where id = 'p-de'").run()
  })

  it('stay what they were when a page is empty, cut off or of another shape', async () => {
    const before = await rows('select * from list_items order by list_id, rank')
    await addFault({
      path: '/3/trending/movie',
      times: 1,
      status: 200,
      text: '{"page":1,"results":[],"total_pages":0}',
    })
    await addFault({ path: '/3/trending/tv', times: 1, status: 200, text: '{"page":1,"results":[{"id":10' })
    await refreshLists(edgeNow().edge)
    expect((await readSyncState(edgeNow().edge, 'tmdb:lists'))?.lastError).toBe('TMDB: away')
    expect(await rows('select * from list_items order by list_id, rank')).toEqual(before)
    await refreshLists(edgeNow().edge)
    expect(await readSyncState(edgeNow().edge, 'tmdb:lists')).toMatchObject({
      cursor: null,
      lastError: null,
      syncedAt: now,
    })
  })

  it('a run cut short goes on with the list it did not reach', async () => {
    await addFault({ path: '/3/discover/tv', times: 1, status: 502 })
    expect((await refreshLists(edgeNow().edge)).lists).toBe(3)
    expect((await refreshLists(edgeNow().edge)).lists).toBe(4)
  })
})

describe('a look at a title', () => {
  it('stores all that is told of it, within bounds, and looked at again writes one row', async () => {
    const { edge, settled } = edgeNow()
    expect(await freshen(edge, known('movie', 1000))).toEqual({ looked: true, state: 'on' })
    await settled()
    expect(
      await rows(
        "select names, runtime_minutes, minimum_age_years, details_at from titles where id = 'tmdb-movie-1000'",
      ),
    ).toEqual([
      {
        names: '{"de":"Die Laterne 1000","fr":"La Lanterne 1000","pt":"A Lanterna 1000","pt-PT":"A Lâmpada 1000"}',
        runtime_minutes: 136,
        minimum_age_years: 17,
        details_at: now,
      },
    ])
    const [details] = await rows("select * from title_details where title_id = 'tmdb-movie-1000'")
    expect(details).toMatchObject({
      certifications: '{"US":"R","DE":"16"}',
      recommendations: '["tmdb-movie-1011"]',
      status: 'A status of the future',
    })
    expect(await rows("select scheme, value from external_ids where title_id = 'tmdb-movie-1000' order by 1")).toEqual([
      { scheme: 'imdb', value: 'tt0001000' },
      { scheme: 'tmdb:movie', value: '1000' },
    ])
    expect(await rows("select job, position, artist_id from credits where title_id = 'tmdb-movie-1000'")).toHaveLength(
      5,
    )
    const before = (await readSyncState(edge, 'tmdb:writes'))?.rowsWritten ?? 0
    expect(await look(known('movie', 1000))).toEqual({ looked: true, state: 'on' })
    expect((await readSyncState(edge, 'tmdb:writes'))?.rowsWritten).toBe(before + 1)
  })

  it('is found by the household’s region, and by the strictest other where that said nothing', async () => {
    await look(known('show', 1001))
    expect(await rows("select minimum_age_years a from titles where id = 'tmdb-show-1001'")).toEqual([{ a: 17 }])
    const { edge, settled } = tmdbEdge(now, { ...freshGate(), REGION: 'de' })
    await freshen(edge, known('show', 1002))
    await settled()
    expect(await rows("select minimum_age_years a from titles where id = 'tmdb-show-1002'")).toEqual([{ a: 16 }])
  })

  it('of a show brings its seasons, and of a season its episodes, for the same age', async () => {
    await look(known('show', 1003))
    const seasons = await rows(
      "select id, season_number, minimum_age_years a from titles where show_id = 'tmdb-show-1003' and kind = 'season' order by 2",
    )
    expect(seasons.map(({ season_number, a }) => [season_number, a])).toEqual([
      [0, 17],
      [1, 17],
      [2, 17],
    ])
    await look({
      ...known('show', 1003),
      id: 'tmdb-season-10031',
      kind: 'season',
      tmdbId: null,
      showId: 'tmdb-show-1003',
      showTmdbId: 1003,
      seasonNumber: 1,
      minimumAgeYears: 17,
    })
    const episodes =
      "select name, episode_number, runtime_minutes, minimum_age_years a from titles where show_id = 'tmdb-show-1003' and kind = 'episode' order by 2"
    expect(await rows(episodes)).toEqual([
      { name: 'Part 1', episode_number: 1, runtime_minutes: 52, a: 17 },
      { name: 'Part 2', episode_number: 2, runtime_minutes: 52, a: 17 },
      { name: 'Episode 3', episode_number: 3, runtime_minutes: null, a: 17 },
    ])
  })

  it('keeps what it can of an answer with hardly a field in it', async () => {
    await tellWorld({ bare: [1007] })
    expect(await look(known('movie', 1007))).toEqual({ looked: true, state: 'on' })
    expect(await rows("select name, poster, year, runtime_minutes from titles where id = 'tmdb-movie-1007'")).toEqual([
      { name: 'The Electric Lantern', poster: null, year: null, runtime_minutes: null },
    ])
    await tellWorld({ bare: [] })
  })

  it.each([
    ['429', { status: 429, headers: { 'retry-after': '30' } }],
    ['500', { status: 500 }],
    ['half an answer', { status: 200, text: '{"id":1008,"title":"The Pap' }],
    ['a page of words', { status: 200, text: '<html>Sorry</html>' }],
    ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }],
  ])('changes nothing when TMDB gives %s, and the page says that it is away', async (_name, fault) => {
    const before = await rows("select * from titles where id = 'tmdb-movie-1008'")
    await addFault({ path: '/3/movie/1008', times: 1, ...fault })
    expect(await look(known('movie', 1008))).toEqual({ looked: false, state: 'away' })
    expect(await rows("select * from titles where id = 'tmdb-movie-1008'")).toEqual(before)
  })

  it('says in the log that TMDB does not take the token, and the page that it is away', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await addFault({ path: '/3/movie/1008', times: 1, status: 401 })
    expect(await look(known('movie', 1008))).toEqual({ looked: false, state: 'away' })
    expect(logged.mock.calls.map(([line]) => JSON.parse(String(line)).event)).toEqual(['tmdb_token_refused'])
    logged.mockRestore()
  })

  it('changes nothing when the gate itself fails, and the page says that TMDB is away', async () => {
    const fails = () => Promise.reject(new Error('no requests left today'))
    const broken = { idFromName: () => 'tmdb', get: () => ({ enter: fails, tell: fails }) }
    const { edge } = tmdbEdge(now, { UPSTREAM_GATE: broken as unknown as Edge['env']['UPSTREAM_GATE'] })
    expect(await freshen(edge, known('movie', 1008))).toEqual({ looked: false, state: 'away' })
  })

  it('does not wait for an answer that does not come', async () => {
    await addFault({ path: '/3/movie/1009', times: 1, hangs: true })
    expect(await freshen(edgeNow().edge, known('movie', 1009))).toEqual({ looked: false, state: 'away' })
  })

  it('asks nothing while what is known is fresh, without a key, or during the pause TMDB asked for', async () => {
    await tellWorld()
    expect(await look(known('movie', 1000, now - 60))).toEqual({ looked: false, state: 'on' })
    const off = tmdbEdge(now, { TMDB_TOKEN: '' })
    expect(await freshen(off.edge, known('movie', 1010))).toEqual({ looked: false, state: 'off' })
    const gate = freshGate()
    await addFault({ path: '/3/movie/1010', times: 1, status: 429, headers: { 'retry-after': '60' } })
    for (let i = 0; i < 3; i++) {
      const { edge, settled } = tmdbEdge(now, gate)
      expect(await freshen(edge, known('movie', 1010))).toEqual({ looked: false, state: 'away' })
      await settled()
    }
    expect((await tellWorld()).asked).toBe(0)
  })

  it('asks once for fifty who open it at the same time', async () => {
    await tellWorld()
    const answers = await Promise.all(Array.from({ length: 50 }, () => look(known('movie', 1012))))
    expect(answers.every(({ looked }) => looked)).toBe(true)
    expect((await tellWorld()).paths).toEqual(['/3/movie/1012'])
  })

  it('leaves the words of a film of the household’s own', async () => {
    await env.DB.prepare(
      "update external_ids set title_id = 'sintel-2010' where scheme = 'tmdb:movie' and value = '1013'",
    ).run()
    await look({ ...known('movie', 1013), id: 'sintel-2010' })
    expect(await rows("select name, licence, year, backdrop from titles where id = 'sintel-2010'")).toEqual([
      { name: 'Sintel', licence: 'CC BY 3.0', year: 2010, backdrop: 'tmdb:/backdrop1013.jpg' },
    ])
    expect(await count("credits where title_id = 'sintel-2010'")).toBe(5)
  })
})

describe('the sync of what changed', () => {
  it('looks again at what was looked at before, and at nothing else', async () => {
    await tellWorld({ changed: [1000, 1020, 1021], overview: 'New words.' })
    expect(await sync()).toMatchObject({ titles: 1, isDone: true })
    expect(
      await rows("select overview from titles where id in ('tmdb-movie-1000', 'tmdb-movie-1020') order by id"),
    ).toEqual([{ overview: 'New words.' }, { overview: 'Words.' }])
  })

  it('rests for an hour after a whole run', async () => {
    await sync()
    await tellWorld()
    expect(await sync()).toMatchObject({ titles: 0, isDone: false })
    expect((await tellWorld()).asked).toBe(0)
  })

  it('that was cut off half-way goes on where it stopped, and ends with the same', async () => {
    const many = Array.from({ length: 12 }, (_, at) => 1020 + at)
    for (const id of many) await look(known('movie', id))
    now += day
    await tellWorld({ changed: many, overview: 'Third words.' })
    await addFault({ path: '/3/movie/1026', times: 1, status: 503 })
    const first = await sync()
    expect(first.isDone).toBe(false)
    const state = await readSyncState(edgeNow().edge, 'tmdb:changes:movie')
    expect(state).toMatchObject({ lastError: 'TMDB: away', failures: 1 })
    expect(await sync()).toMatchObject({ isDone: true })
    expect(await count("titles where overview = 'Third words.' and kind = 'movie' and details_at is not null")).toBe(12)
    expect(await readSyncState(edgeNow().edge, 'tmdb:changes:movie')).toMatchObject({ lastError: null, cursor: null })
  })

  it('asks no more than a Worker may in one run, and never more than forty in a second', async () => {
    await tellWorld({ movies: 145 })
    const many = Array.from({ length: 60 }, (_, at) => 1050 + at)
    await addOld(many)
    await tellWorld({ changed: many })
    const { titles, isDone } = await sync()
    const told = await tellWorld()
    expect([told.asked, isDone]).toEqual([40, false])
    expect(told.busiest).toBeLessThanOrEqual(40)
    expect(await count("titles where name = 'x'")).toBe(60 - titles)
    await tellWorld({ movies: 45, changed: [] })
    await env.DB.prepare("delete from sync_states where name = 'tmdb:changes:movie'").run()
  })

  it('stops when the day’s rows are used up, and goes on tomorrow', async () => {
    await tellWorld({ changed: [1000], overview: 'Fourth words.' })
    const today = new Date(now * 1000).toISOString().slice(0, 10)
    await env.DB.prepare("update sync_states set rows_written = ?, written_on = ? where name = 'tmdb:writes'")
      .bind(DAY_ROWS, today)
      .run()
    expect(await sync()).toMatchObject({ titles: 0, isDone: false })
    now += day
    expect(await sync()).toMatchObject({ titles: 1, isDone: true })
  })

  it('never writes more than the day has left', async () => {
    const many = Array.from({ length: 35 }, (_, at) => 1110 + at)
    await addOld(many)
    await tellWorld({ movies: 145, changed: many })
    const today = new Date(now * 1000).toISOString().slice(0, 10)
    await env.DB.prepare("update sync_states set rows_written = ?, written_on = ? where name = 'tmdb:writes'")
      .bind(DAY_ROWS - 1000, today)
      .run()
    const { titles, isDone } = await sync()
    expect([titles > 0, isDone]).toEqual([true, false])
    expect((await readSyncState(edgeNow().edge, 'tmdb:writes'))?.rowsWritten).toBeLessThanOrEqual(DAY_ROWS)
    await tellWorld({ movies: 45, changed: [] })
    await env.DB.prepare("delete from sync_states where name = 'tmdb:changes:movie'").run()
  })

  it('begins anew after a cursor that makes no sense', async () => {
    await tellWorld({ changed: [1000], overview: 'Fifth words.' })
    await saveSyncState(edgeNow().edge, 'tmdb:changes:movie', { cursor: '{"day":"never"}' })
    expect(await sync()).toMatchObject({ titles: 1, isDone: true })
  })
})

describe('two titles that TMDB makes one', () => {
  const watch = (titleId: string, seconds: number, atMs: number) =>
    env.DB.prepare(
      'insert into progress (viewer_id, person_id, title_id, position_seconds, duration_seconds, watched_at_ms) select id, id, ?, ?, 100, ? from users limit 1',
    )
      .bind(titleId, seconds, atMs)
      .run()

  it('keep everybody’s progress when the old number is gone: the newest of the two', async () => {
    for (const id of [1030, 1031]) await look(known('movie', id))
    now += day
    await watch('tmdb-movie-1030', 70, 2000)
    await watch('tmdb-movie-1031', 20, 1000)
    await env.DB.prepare(
      "insert into sources (id, title_id, provider, info_hash) values ('s-old', 'tmdb-movie-1030', 'test', 'h')",
    ).run()
    await tellWorld({ gone: [1030], imdb: { 1031: 'tt0001030' }, changed: [1030, 1031] })
    await sync()
    expect(await count("titles where id = 'tmdb-movie-1030'")).toBe(0)
    expect(await rows("select position_seconds at from progress where title_id = 'tmdb-movie-1031'")).toEqual([
      { at: 70 },
    ])
    expect(
      await rows("select title_id from external_ids where value in ('1030', 'tt0001030') order by scheme"),
    ).toEqual([{ title_id: 'tmdb-movie-1031' }, { title_id: 'tmdb-movie-1031' }])
    expect(
      await rows(
        "select title_id, available_at is not null has from sources join titles on titles.id = title_id where sources.id = 's-old'",
      ),
    ).toEqual([{ title_id: 'tmdb-movie-1031', has: 1 }])
    // A list that still names the old number means the one that stays.
    await refreshLists(edgeNow().edge)
    expect(await count("titles where id = 'tmdb-movie-1030'")).toBe(0)
  })

  it('are one when the old number answers as the new one', async () => {
    for (const id of [1032, 1033]) await look(known('movie', id))
    now += day
    await watch('tmdb-movie-1032', 30, 3000)
    await tellWorld({ gone: [], answersAs: { 1032: 1033 }, changed: [1032] })
    await sync()
    expect(await count("titles where id = 'tmdb-movie-1032'")).toBe(0)
    expect(await rows("select position_seconds at from progress where title_id = 'tmdb-movie-1033'")).toEqual([
      { at: 30 },
    ])
    await tellWorld({ answersAs: {} })
  })

  it('take nothing from a film of the household’s own: the other one goes', async () => {
    await env.DB.prepare("insert or replace into external_ids values ('tmdb:movie', '1013', 'sintel-2010')").run()
    await look({ ...known('movie', 1013), id: 'sintel-2010' })
    await look(known('movie', 1014))
    now += day
    await watch('tmdb-movie-1014', 40, 4000)
    await tellWorld({ answersAs: { 1013: 1014 }, changed: [1013] })
    await sync()
    expect(await count("titles where id = 'tmdb-movie-1014'")).toBe(0)
    expect(await rows("select name, licence from titles where id = 'sintel-2010'")).toEqual([
      { name: 'Sintel', licence: 'CC BY 3.0' },
    ])
    expect(await count("sources where title_id = 'sintel-2010'")).toBe(1)
    expect(await rows("select position_seconds at from progress where title_id = 'sintel-2010'")).toEqual([{ at: 40 }])
    expect(await rows("select title_id from external_ids where scheme = 'tmdb:movie' and value = '1014'")).toEqual([
      { title_id: 'sintel-2010' },
    ])
    await tellWorld({ answersAs: {}, changed: [] })
  })

  it('stay two while both are there, whatever their IMDb ids say', async () => {
    for (const id of [1034, 1035]) await look(known('movie', id))
    now += day
    await tellWorld({ imdb: { 1035: 'tt0001034' }, changed: [1035] })
    await sync()
    expect(await count("titles where id in ('tmdb-movie-1034', 'tmdb-movie-1035')")).toBe(2)
    await tellWorld({ imdb: {}, changed: [] })
  })

  it('a title that is gone stays with its progress', async () => {
    await look(known('movie', 1036))
    now += day
    await watch('tmdb-movie-1036', 10, 1000)
    await tellWorld({ gone: [1036], changed: [1036] })
    expect(await sync()).toMatchObject({ isDone: true })
    expect(await count("progress where title_id = 'tmdb-movie-1036'")).toBe(1)
  })
})
