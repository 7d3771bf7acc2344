/** A title's page over HTTP, with and without TMDB: what it shows, in whose language, at what cost, and to whom. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import app from '../../app.ts'
import { asPerson } from '../../auth/viewer.ts'
import { forgetViews } from '../../cache/brief-views.ts'
import { moveLibrary } from '../../library/merge-titles.ts'
import { type Browser, callEdge, ORIGIN, refusal, setUp } from '../../testing/call-edge.ts'
import { countingDatabase } from '../../testing/count-rows.ts'
import { addFault, freshGate, TMDB_TOKEN, tellWorld, tmdbEdge } from '../../testing/tmdb-stand-in.ts'
import type { WholeTitle } from '../answers.ts'
import { refreshLists } from '../tmdb/refresh-lists.ts'
import { syncChanges } from '../tmdb/sync-changes.ts'
import { openTitlePage } from './open-title-page.ts'

let admin: Browser
const nowSeconds = () => Math.floor(Date.now() / 1000)
const edgeNow = () => tmdbEdge(nowSeconds(), freshGate())

/** By an isolate that has said nothing yet: these tests write into the database behind its back. */
const open = (...asked: Parameters<typeof openAgain>) => {
  forgetViews()
  return openAgain(...asked)
}

async function openAgain(path: string, settings: object = {}, headers: Record<string, string> = {}) {
  const { database, cost } = countingDatabase(env.DB)
  const ctx = createExecutionContext()
  const request = new Request(ORIGIN + path, { headers: { authorization: `Bearer ${admin.accessToken}`, ...headers } })
  const response = await app.fetch(request, { ...env, DB: database, ...settings }, ctx)
  const { calls } = cost
  await waitOnExecutionContext(ctx)
  return { response, calls }
}
const page = async (id: string, settings: object = {}) =>
  (await open(`/api/titles/${id}`, settings)).response.json<WholeTitle>()
const on = () => ({ TMDB_TOKEN, ...freshGate() })

beforeAll(async () => {
  admin = await setUp()
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
  await refreshLists(edgeNow().edge)
})

describe('a title’s page', () => {
  it('of a built-in film needs no TMDB, and says that there is none', async () => {
    expect(await page('sintel-2010')).toMatchObject({
      name: 'Sintel',
      licence: 'CC BY 3.0',
      sources: [{ provider: 'open-films' }],
      minimumAgeYears: 12,
      credits: [],
      upstream: 'off',
    })
  })

  it('of which only the card was known shows everything at the first visit', async () => {
    const title = await page('tmdb-movie-1000', on())
    expect(title).toMatchObject({
      name: 'The Silent Lantern',
      runtimeMinutes: 136,
      certification: 'R',
      minimumAgeYears: 17,
      poster: 'https://image.tmdb.org/t/p/w342/poster1000.jpg',
      backdrop: 'https://image.tmdb.org/t/p/w1280/backdrop1000.jpg',
      logo: 'https://image.tmdb.org/t/p/w500/logoen.jpg',
      genres: [
        { id: 18, name: 'Drama' },
        { id: 878, name: 'Science Fiction' },
      ],
      videos: [{ site: 'YouTube', key: 'abcDEF12345', kind: 'trailer' }],
      recommendations: [{ id: 'tmdb-movie-1011' }],
      sources: [],
      upstream: 'on',
    })
    expect(title.credits.map(({ job, name }) => [job, name])).toEqual([
      ['cast', 'Ada Falk'],
      ['cast', 'Bruno Lindqvist'],
      ['cast', 'Chiara Rossi'],
      ['cast', 'Dmitri Volkov'],
      ['director', 'Élodie Marchand'],
    ])
  })

  it('of a show has its seasons, of a season its episodes, of an episode its show', async () => {
    const show = await page('tmdb-show-1000', on())
    expect(show.parts.map(({ name, seasonNumber }) => [name, seasonNumber])).toEqual([
      ['Specials', 0],
      ['Season 1', 1],
      ['Season 2', 2],
    ])
    const season = await page(show.parts[1]?.id ?? '', on())
    expect(season.show).toEqual({ id: 'tmdb-show-1000', name: show.name })
    expect(season.parts.map(({ name, episodeNumber }) => [name, episodeNumber])).toEqual([
      ['Part 1', 1],
      ['Part 2', 2],
      ['Episode 3', 3],
    ])
    const episode = await page(season.parts[0]?.id ?? '', on())
    expect([episode.kind, episode.show?.id, episode.parts]).toEqual(['episode', 'tmdb-show-1000', []])
  })

  it('can be had as soon as one of its episodes can', async () => {
    const insert =
      "insert into sources (id, title_id, provider, info_hash) values ('e', 'tmdb-episode-100011', 'test', 'h')"
    await env.DB.prepare(insert).run()
    const list = async () =>
      (await (await open('/api/titles')).response.json<{ titles: { id: string }[] }>()).titles.map(({ id }) => id)
    expect(await list()).toContain('tmdb-show-1000')
    expect(await list()).not.toContain('tmdb-episode-100011')
    await env.DB.prepare("delete from sources where id = 'e'").run()
    expect(await list()).not.toContain('tmdb-show-1000')
  })

  it('shows what is known when TMDB fails, and says that it is away', async () => {
    await addFault({ path: '/3/movie/1002', times: 1, status: 500 })
    expect(await page('tmdb-movie-1002', on())).toMatchObject({ overview: 'Words.', credits: [], upstream: 'away' })
  })

  it('is in the viewer’s own language where it has words in it', async () => {
    const { edge } = edgeNow()
    await env.DB.prepare(
      "insert into translations values ('tmdb-movie-1000', 'de', 'Die stille Laterne', 'Worte.', null)",
    ).run()
    await env.DB.prepare('update genres set names = \'{"de":"Zukunftsfilm"}\' where id = 878').run()
    const viewer = { ...asPerson('kit'), language: 'de-AT' }
    expect(await openTitlePage(edge, viewer, 'tmdb-movie-1000')).toMatchObject({
      name: 'Die stille Laterne',
      overview: 'Worte.',
      genres: [{ name: 'Drama' }, { name: 'Zukunftsfilm' }],
    })
    expect(await openTitlePage(edge, { ...viewer, language: 'fr' }, 'tmdb-movie-1000')).toMatchObject({
      name: 'La Lanterne 1000',
      overview: 'Words.',
      genres: [{ name: 'Drama' }, { name: 'Science Fiction' }],
    })
  })

  it('is not there for a child above its cap, nor is it among what another title recommends', async () => {
    const { edge } = edgeNow()
    const child = { ...asPerson('kit'), capYears: 12 }
    expect(await openTitlePage(edge, child, 'tmdb-movie-1000')).toBeUndefined()
    await env.DB.batch([
      env.DB.prepare("update titles set minimum_age_years = 6 where id = 'tmdb-movie-1000'"),
      env.DB.prepare("update titles set minimum_age_years = 16 where id = 'tmdb-movie-1011'"),
    ])
    expect(await openTitlePage(edge, child, 'tmdb-movie-1000')).toMatchObject({ recommendations: [] })
    expect(await openTitlePage(edge, { ...child, capYears: 16 }, 'tmdb-movie-1000')).toMatchObject({
      recommendations: [{ id: 'tmdb-movie-1011' }],
    })
  })

  it('costs two round trips at most, and none for its bytes to a browser that has it', async () => {
    await open('/api/titles/tmdb-movie-1000')
    // Who asks is known by now.
    const first = await openAgain('/api/titles/tmdb-movie-1000')
    expect(first.calls).toBeLessThanOrEqual(2)
    const tag = first.response.headers.get('etag') ?? ''
    expect(first.response.headers.get('cache-control')).toBe('private, no-cache')
    const again = await open('/api/titles/tmdb-movie-1000', {}, { 'if-none-match': tag })
    expect([again.response.status, await again.response.text()]).toEqual([304, ''])
    expect(again.response.headers.get('content-security-policy')).not.toBeNull()
    await env.DB.prepare("update titles set overview = 'Other.' where id = 'tmdb-movie-1000'").run()
    expect((await open('/api/titles/tmdb-movie-1000', {}, { 'if-none-match': tag })).response.status).toBe(200)
    const list = await open('/api/titles')
    const listTag = list.response.headers.get('etag') ?? ''
    expect((await open('/api/titles', {}, { 'if-none-match': listTag })).response.status).toBe(304)
  })

  it('goes on to answer after the title was merged into another: the old one is not found, the new one is', async () => {
    await page('tmdb-movie-1004', on())
    await page('tmdb-movie-1005', on())
    await tellWorld({ gone: [1004], imdb: { 1005: 'tt0001004' }, changed: [1004, 1005] })
    await syncChanges(tmdbEdge(nowSeconds() + 2 * 24 * 3600, freshGate()).edge, 'movie', moveLibrary)
    expect(await refusal((await open('/api/titles/tmdb-movie-1004')).response)).toEqual([404, 'not_found'])
    expect(await page('tmdb-movie-1005')).toMatchObject({ id: 'tmdb-movie-1005' })
    await tellWorld({ gone: [], imdb: {}, changed: [] })
  })
})

describe('the list of titles', () => {
  it('comes in pages by name, each title once', async () => {
    const rows = Array.from({ length: 410 }, (_, at) => ({ id: `many-${at}`, name: `Many ${String(at % 7)}` }))
    const all = JSON.stringify(rows)
    await env.DB.batch([
      env.DB.prepare(
        "insert into titles (id, kind, name, overview, licence, credit) select value ->> 'id', 'movie', value ->> 'name', '', '', '' from json_each(?)",
      ).bind(all),
      env.DB.prepare(
        "insert into sources (id, title_id, provider, info_hash) select value ->> 'id', value ->> 'id', 'test', 'h' from json_each(?)",
      ).bind(all),
    ])
    const seen: string[] = []
    let query = ''
    do {
      const { response } = await open(`/api/titles${query}`)
      const answer = await response.json<{ titles: { id: string }[]; cursor: string | null }>()
      seen.push(...answer.titles.map(({ id }) => id))
      query = answer.cursor === null ? '' : `?cursor=${answer.cursor}`
    } while (query !== '')
    expect([seen.length, new Set(seen).size]).toEqual([414, 414])
  })

  it('is read once for all who ask within some seconds, by cap and by language, and anew after a write', async () => {
    const profile = (cap: number | null, language: string) =>
      env.DB.prepare('update profiles set rating_cap = ?, language = ?').bind(cap, language).run()
    const names = async (asked: Promise<{ response: Response }>) =>
      (await (await asked).response.json<{ titles: { name: string }[] }>()).titles.map(({ name }) => name)
    const whole = await names(open('/api/titles'))
    expect((await openAgain('/api/titles')).calls).toBe(0)
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) select 'p', id, 'P', 'cat', 'en', 0 from users",
    ).run()
    await env.DB.prepare("update sessions set profile_id = 'p'").run()
    await env.DB.prepare(
      `update titles set minimum_age_years = 0, names = '{"de":"Hase"}' where id like 'big-buck%'`,
    ).run()
    forgetViews()
    await profile(null, 'en')
    expect(await names(openAgain('/api/titles'))).toEqual(whole)
    await profile(6, 'en')
    expect(await names(openAgain('/api/titles'))).toEqual(['Big Buck Bunny'])
    await profile(6, 'de-AT')
    expect(await names(openAgain('/api/titles'))).toEqual(['Hase'])
    await env.DB.prepare("update titles set minimum_age_years = 18 where id like 'big-buck%'").run()
    expect(await names(openAgain('/api/titles'))).toEqual(['Hase'])
    await callEdge('/api/lists', { token: admin.accessToken, json: { name: 'Anything' } })
    expect(await names(openAgain('/api/titles'))).toEqual([])
    await env.DB.prepare('update sessions set profile_id = null').run()
    await env.DB.prepare('delete from profiles').run()
  })

  it.each(['x', 'W10', 'eyJhIjoxfQ', '%F0'])('refuses a cursor that is none: %s', async (cursor) => {
    expect(await refusal((await open(`/api/titles?cursor=${cursor}`)).response)).toEqual([400, 'invalid'])
  })
})
