/** A look at a title over real HTTP (TMDB's stand-in): what is stored of it, that nothing is lost when it fails, and what it costs. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Edge } from '../../edge.ts'
import { beginWithTmdb, count, edgeNow, known, look, passDay, rows, secondsNow } from '../../testing/tmdb-days.ts'
import { addFault, freshGate, tellWorld, tmdbEdge } from '../../testing/tmdb-stand-in.ts'
import { freshen } from './refresh-title.ts'
import { readSyncState } from './sync-state.ts'

beforeAll(beginWithTmdb)
beforeEach(passDay)

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
        details_at: secondsNow(),
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
    const { edge, settled } = tmdbEdge(secondsNow(), { ...freshGate(), REGION: 'de' })
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
    const { edge } = tmdbEdge(secondsNow(), { UPSTREAM_GATE: broken as unknown as Edge['env']['UPSTREAM_GATE'] })
    expect(await freshen(edge, known('movie', 1008))).toEqual({ looked: false, state: 'away' })
  })

  it('does not wait for an answer that does not come', async () => {
    await addFault({ path: '/3/movie/1009', times: 1, hangs: true })
    expect(await freshen(edgeNow().edge, known('movie', 1009))).toEqual({ looked: false, state: 'away' })
  })

  it('asks nothing while what is known is fresh, without a key, or during the pause TMDB asked for', async () => {
    await tellWorld()
    expect(await look(known('movie', 1000, secondsNow() - 60))).toEqual({ looked: false, state: 'on' })
    const off = tmdbEdge(secondsNow(), { TMDB_TOKEN: '' })
    expect(await freshen(off.edge, known('movie', 1010))).toEqual({ looked: false, state: 'off' })
    const gate = freshGate()
    await addFault({ path: '/3/movie/1010', times: 1, status: 429, headers: { 'retry-after': '60' } })
    for (let i = 0; i < 3; i++) {
      const { edge, settled } = tmdbEdge(secondsNow(), gate)
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
