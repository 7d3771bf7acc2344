/** Somebody with an account at the stand-in's Trakt, and films and a show here that Trakt knows too. */
import { env } from 'cloudflare:workers'
import { randomId } from '../random-id.ts'
import { type Call, callEdge } from './call-edge.ts'
import { linkTrakt } from './link-trakt.ts'
import { addPerson, order, tokenOf } from './walk-ways.ts'

/** As the stand-in gives them (e2e/upstreams/trakt-library.ts). */
export type TraktThings = {
  history: { id: number; watched_at: string; type: string }[]
  playback: { progress: number; paused_at: string }[]
  watchlist: { listed_at: string; type: string; movie?: TraktNamed }[]
  ratings: { rating: number; rated_at: string }[]
  calls: { path: string; body: unknown }[]
}
export type TraktNamed = { title: string; year?: number; ids: object; season?: number; number?: number }

const named = (title: string, year: number, ids: object) => ({ title, year, ids })
export const bunny = named('Big Buck Bunny', 2008, { trakt: 25_001, imdb: 'tt1254207', tmdb: 10378 })
export const sintel = named('Sintel', 2010, { trakt: 25_002, imdb: 'tt1727587', tmdb: 45745 })
export const steel = named('Tears of Steel', 2012, { trakt: 25_003, imdb: 'tt2285752', tmdb: 133701 })
/** Not in our catalog. */
export const nosferatu = named('Nosferatu', 1922, { trakt: 25_005, imdb: 'tt0013442', tmdb: 653 })
export const harbour = named('Harbour Lights', 2011, { trakt: 7001, imdb: 'tt7001001', tmdb: 70_010 })
export const night = (season: number, number: number) => ({
  ...{ season, number, title: `Night ${season}.${number}` },
  ids: { trakt: 71_000 + season * 10 + number, tmdb: 710_000 + season * 10 + number },
})

/** `bunny`, `sintel`, `steel` and the show `harbour` with two seasons of three: `harbour-1-1`, … without ids of their own. */
export async function addTitles(): Promise<void> {
  const films: [string, typeof bunny][] = [
    ['bunny', bunny],
    ['sintel', sintel],
    ['steel', steel],
  ]
  const title = env.DB.prepare(
    `insert into titles (id, kind, name, overview, licence, credit, year, runtime_minutes, show_id, season_number, episode_number)
     values (?, ?, ?, '', '', '', ?, ?, ?, ?, ?)`,
  )
  const external = env.DB.prepare('insert into external_ids (scheme, value, title_id) values (?, ?, ?)')
  const episodes = [1, 2].flatMap((season) => [1, 2, 3].map((number) => ({ season, number })))
  await env.DB.batch([
    ...films.map(([id, { title: name, year }]) => title.bind(id, 'movie', name, year, 100, null, null, null)),
    title.bind('harbour', 'show', harbour.title, harbour.year, null, null, null, null),
    ...episodes.map(({ season, number }) =>
      title.bind(
        `harbour-${season}-${number}`,
        'episode',
        `Night ${season}.${number}`,
        2011,
        50,
        'harbour',
        season,
        number,
      ),
    ),
    ...films.map(([id, { ids }]) => external.bind('tmdb:movie', String((ids as { tmdb: number }).tmdb), id)),
    external.bind('imdb', 'tt7001001', 'harbour'),
  ])
}

export type TraktPerson = Awaited<ReturnType<typeof addTraktPerson>>

export async function addTraktPerson() {
  const id = await addPerson()
  const slug = randomId(8)
  await linkTrakt(id, slug)
  const { token, sessionId } = await tokenOf(id)
  const call = (path: string, more: Call = {}) => callEdge(path, { token, ...more })
  const post = async <Answer>(path: string, json: object = {}): Promise<Answer> => {
    const response = await call(path, { json })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as Answer
  }
  return {
    ...{ id, slug, sessionId, call, post },
    /** Replaces what is named of their things at Trakt, and gives all of them. */
    trakt: (change: object = {}) => order<TraktThings>(env.TRAKT_URL, '/stand-in/library', { slug, ...change }),
    rows: async <Row = Record<string, unknown>>(query: string): Promise<Row[]> =>
      (await env.DB.prepare(query).bind(id).all<Row>()).results,
  }
}

export const traktFails = (path: string, fault: object = {}) =>
  order(env.TRAKT_URL, '/stand-in/faults', { path, times: 1, status: 503, ...fault })
