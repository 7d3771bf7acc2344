/** A child's profile reaches no title above its cap: by no route, in no list, and not by a stream. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import app from './app.ts'
import type { FrontPage } from './library/front-page/answers.ts'
import { ADMIN, refusal, setUp } from './testing/call-edge.ts'
import { TestBrowser } from './testing/test-browser.ts'

const ada = new TestBrowser()
/** One above the cap, one whose age nobody told, one below: the first two are nowhere, the third is where they were. */
const films = { above: 'above-the-cap', untold: 'age-not-told', below: 'for-everybody' }
const ages: Record<string, number | null> = { [films.above]: 16, [films.untold]: null, [films.below]: 6 }
/** Each a film, and a show with a season and two episodes: whatever is told of one of them has its id in it. */
const partsOf = (id: string) => [id, `show-${id}`, `season-${id}`, `first-${id}`, `second-${id}`]
const lists = ['kits-own', 'shared', 'trending-movies', 'watchlist']

/** Every question that names no person, agent or stream: where a title could stand. */
const questions = [...new Set(app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path))].filter(
  (path) => path.startsWith('/api/') && !/agents|auth|stream|openapi|oauth|:user/.test(path),
)
const queries: Record<string, string> = { '/api/search': '?q=Film', '/api/lists': `?title=${films.below}` }
const addressesOf = (path: string, id: string): string[] =>
  path.includes(':')
    ? [...partsOf(id), ...lists].map((one) => path.replace(/:[^/]+/g, one))
    : [path + (queries[path] ?? '')]

/** What is answered to all of them, a line each, after the path that was asked. */
async function answers(id: string): Promise<string> {
  const texts = await Promise.all(
    questions.flatMap((path) =>
      addressesOf(path, id).map(async (address) => {
        const response = await ada.call(address)
        return response.ok ? `${path} ${await response.text()}\n` : ''
      }),
    ),
  )
  return texts.join('')
}

const prepare = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values)

function titleRows(id: string): D1PreparedStatement[] {
  const insert = (own: string, kind: string, place: { show?: string; season?: number; episode?: number } = {}) =>
    prepare(
      "insert into titles (id, kind, name, overview, licence, credit, popularity, minimum_age_years, show_id, season_number, episode_number) values (?, ?, ?, '', '', '', 9, ?, ?, ?, ?)",
      ...[own, kind, `Film ${own}`, ages[id] ?? null],
      ...[place.show ?? null, place.season ?? null, place.episode ?? null],
    )
  const [film = '', show = '', season = '', first = '', second = ''] = partsOf(id)
  return [
    insert(film, 'movie'),
    insert(show, 'show'),
    insert(season, 'season', { show, season: 1 }),
    insert(first, 'episode', { show, season: 1, episode: 1 }),
    insert(second, 'episode', { show, season: 1, episode: 2 }),
    ...[film, second].map((own) =>
      prepare(
        "insert into sources (id, title_id, provider, info_hash) values (?, ?, 'open-films', ?)",
        ...[`source-of-${own}`, own, 'a'.repeat(40)],
      ),
    ),
  ]
}

/** What stands in the way of being shown is the cap alone: the child itself watched all of them, and has them on lists. */
function watchedRows(id: string, at: number, kit: string, person: string): D1PreparedStatement[] {
  const [film = '', show = '', , first = ''] = partsOf(id)
  const event =
    'insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin) values (?, ?, ?, ?, ?)'
  return [
    prepare(
      'insert into progress (viewer_id, person_id, title_id, position_seconds, duration_seconds, watched_at_ms) values (?, ?, ?, 60, 600, ?)',
      ...[kit, person, film, 1000 + at],
    ),
    prepare(event, kit, person, first, 1000 + at, 'porchlight'),
    prepare(event, kit, person, film, 2000 + at, 'porchlight'),
    prepare(
      'insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms) values (?, ?, ?, 1, 1, ?)',
      ...[kit, person, show, 1000 + at],
    ),
    ...[...lists.slice(0, 3), `watchlist-${kit}`].flatMap((list) =>
      [film, show].map((own, place) =>
        prepare(
          'insert into list_items (list_id, title_id, rank, added_at) values (?, ?, ?, 1)',
          ...[list, own, `a${at * 2 + place}`],
        ),
      ),
    ),
  ]
}

function listRows(kit: string, person: string): D1PreparedStatement[] {
  const list = (id: string, kind: string, viewer: string | null, isShared = 0) =>
    prepare(
      'insert into media_lists (id, kind, person_id, viewer_id, name, is_shared, item_count, created_at, changed_at) values (?, ?, ?, ?, ?, ?, 6, 1, 1)',
      ...[id, kind, viewer && person, viewer, id, isShared],
    )
  return [
    list('kits-own', 'personal', kit),
    list('shared', 'personal', person, 1),
    list('trending-movies', 'builtin', null),
    list(`watchlist-${kit}`, 'watchlist', kit),
  ]
}

beforeAll(async () => {
  const { person } = await setUp()
  await ada.signIn(ADMIN.email, ADMIN.password)
  const child = { name: 'Kit', avatar: 'cat', language: 'en', ratingCap: 12, pin: null }
  const kit = await (await ada.call('/api/me/profiles', { json: child })).json<{ id: string }>()
  const ids = Object.values(films)
  await env.DB.batch([
    ...ids.flatMap(titleRows),
    // A show for everybody may have an episode that is not.
    prepare(
      "insert into titles (id, kind, name, overview, licence, credit, minimum_age_years, show_id, season_number, episode_number) values (?1, 'episode', ?1, '', '', '', 16, ?2, 1, 3)",
      ...[`third-${films.above}`, `show-${films.below}`],
    ),
    prepare(
      "insert into title_details (title_id, certifications, videos, recommendations) values (?, '{}', '[]', ?)",
      ...[films.below, JSON.stringify(ids)],
    ),
    ...listRows(kit.id, person.id),
    ...ids.flatMap((id, at) => watchedRows(id, at, kit.id, person.id)),
  ])
  await ada.call(`/api/me/profiles/${kit.id}/open`, { json: { pin: null } })
})

describe('a child', () => {
  it.each([films.above, films.untold])('finds %s in no answer', async (id) => {
    expect(await answers(id)).not.toContain(id)
    expect(await answers(films.below)).not.toContain(id)
  })

  it('finds what is for its age in every answer where the others would be', async () => {
    const given = (await answers(films.below)).split('\n').filter((line) => line.includes(films.below))
    expect(new Set(given.map((line) => line.slice(0, line.indexOf(' '))))).toEqual(
      new Set([
        ...['/api/titles', '/api/titles/:id', '/api/search', '/api/front-page'],
        ...['/api/lists/:id', '/api/history', '/api/progress/:titleId/next'],
      ]),
    )
    const ofLists = given.filter((line) => line.startsWith('/api/lists/:id'))
    expect(ofLists).toHaveLength(lists.length)
  })

  it('finds it in every row of the front page', async () => {
    const { continueWatching, nextUp, rows } = await (await ada.call('/api/front-page')).json<FrontPage>()
    expect(continueWatching.map(({ title }) => title.id)).toEqual([films.below])
    expect(nextUp.map(({ title }) => title.id)).toEqual([`second-${films.below}`])
    expect(rows.map(({ id }) => id)).toEqual(['watchlist', 'because', 'kits-own', 'trending-movies', 'shelf'])
    for (const { titles } of rows) expect(titles.map(({ id }) => id)).toContain(films.below)
  })

  it.each([films.above, films.untold])('cannot watch %s, nor say that it did, nor keep it', async (titleId) => {
    const progress = { positionSeconds: 1, durationSeconds: 2, watchedAtMs: Date.now() }
    const choice = { audioTrackId: 1, subtitle: null }
    for (const refused of [
      await ada.call('/api/streams', { json: { titleId, startSeconds: 0 } }),
      await ada.call(`/api/progress/${titleId}`, { method: 'PUT', json: progress }),
      await ada.call('/api/history/marks', { json: { titleId, isWatched: true } }),
      await ada.call(`/api/lists/watchlist/titles/${titleId}`, { method: 'PUT', json: { after: null } }),
      await ada.call(`/api/ratings/${titleId}`, { method: 'PUT', json: { stars: 7 } }),
      await ada.call(`/api/preferences/titles/${titleId}`, { method: 'PUT', json: choice }),
    ]) {
      expect(await refusal(refused)).toEqual([404, 'not_found'])
    }
  })

  it('may watch a film for its age, as far as home allows', async () => {
    const play = await ada.call('/api/streams', { json: { titleId: films.below, startSeconds: 0 } })
    expect(await refusal(play)).toEqual([503, 'agent_offline'])
  })
})
