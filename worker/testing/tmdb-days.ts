/** Days of a test with TMDB's stand-in: what the household knows of it, a look, a sync, and the clock between them. */
import { env } from 'cloudflare:workers'
import { refreshLists } from '../catalog/tmdb/refresh-lists.ts'
import { freshen, type Known } from '../catalog/tmdb/refresh-title.ts'
import { syncChanges } from '../catalog/tmdb/sync-changes.ts'
import { moveLibrary } from '../library/merge-titles.ts'
import { setUp } from './call-edge.ts'
import { freshGate, tellWorld, tmdbEdge } from './tmdb-stand-in.ts'

const DAY_SECONDS = 24 * 3600
let now = Math.floor(Date.UTC(2026, 10, 22, 8) / 1000)

export const secondsNow = (): number => now
export const passDay = (): void => {
  now += DAY_SECONDS
}

/** Its gate has forgotten what went wrong before. */
export const edgeNow = () => tmdbEdge(now, freshGate())

export const rows = async (query: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(query)
      .bind(...values)
      .all<Record<string, unknown>>()
  ).results
export const count = async (table: string) => Number((await rows(`select count(*) n from ${table}`))[0]?.n)

export const known = (kind: 'movie' | 'show', tmdbId: number, detailsAt: number | null = null): Known => ({
  id: `tmdb-${kind}-${tmdbId}`,
  kind,
  tmdbId,
  detailsAt,
  showId: null,
  showTmdbId: null,
  seasonNumber: null,
  minimumAgeYears: null,
})

/** To its end, also where the page would not have waited. */
export async function look(title: Known) {
  const { edge, settled } = edgeNow()
  const answer = await freshen(edge, title)
  await settled()
  return answer
}

export const sync = (kind: 'movie' | 'show' = 'movie') => syncChanges(edgeNow().edge, kind, moveLibrary)

/** Films that were looked at long ago, and of which nothing is left but the number. */
export async function addOld(ids: readonly number[]): Promise<void> {
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

/** A household, a world of 45 films and five shows, and the lists. */
export async function beginWithTmdb(): Promise<void> {
  await setUp()
  await tellWorld({
    ...{ movies: 45, shows: 5, gone: [], changed: [] },
    ...{ imdb: {}, answersAs: {}, bare: [], overview: 'Words.' },
  })
  await refreshLists(edgeNow().edge)
}
