/** Looks a title up again: at once for somebody who opens one of which only the card is known, else behind their back. */
import { singleFlight } from '../../cache/single-flight.ts'
import type { Edge } from '../../edge.ts'
import { hashPosterOf } from '../pictures/hash-posters.ts'
import type { Priority } from '../upstream/upstream-gate.ts'
import { stateAfter, type TmdbState } from './ask-tmdb.ts'
import { fetchSeason, fetchTitle } from './fetch-title.ts'
import { readHousehold } from './household.ts'
import { readEpisodes } from './read-details.ts'
import { storeContents, storeEpisodes } from './store-titles.ts'
import { countRows } from './sync-state.ts'
import type { TmdbKind } from './title-ids.ts'
import { isTmdbOn } from './tmdb-settings.ts'

/** How old a look may be before the next visitor causes another; details change by the day, not by the hour. */
const FRESH_SECONDS = 6 * 3600
/** How long a page waits for a first look. */
const FIRST_LOOK_MS = 1200

const flight = singleFlight()

export type Known = {
  id: string
  kind: TmdbKind | 'season' | 'episode'
  detailsAt: number | null
  tmdbId: number | null
  /** Of a season: its show's number at TMDB, and its own in the show. */
  showTmdbId: number | null
  showId: string | null
  seasonNumber: number | null
  minimumAgeYears: number | null
}

/**
 * `looked`: something was stored before this returned, so the page should be read again. `state` is what the page says
 * of TMDB. Never throws for TMDB's sake.
 */
export async function freshen(edge: Edge, title: Known): Promise<{ looked: boolean; state: TmdbState }> {
  if (!isTmdbOn(edge.env)) return { looked: false, state: 'off' }
  const isKnown = title.detailsAt !== null
  if (!canLook(title) || (isKnown && edge.now - (title.detailsAt ?? 0) < FRESH_SECONDS))
    return { looked: false, state: 'on' }
  const priority = isKnown ? 'task' : 'person'
  const look = flight(title.id, () => lookUp(edge, title, priority))
    .then((): TmdbState => 'on')
    .catch(stateAfter)
  // Goes on when the page has stopped waiting, or its reader has left.
  edge.later(look)
  if (isKnown) return { looked: false, state: 'on' }
  const state = await Promise.race([look, afterMs(FIRST_LOOK_MS)])
  return state === undefined ? { looked: false, state: 'away' } : { looked: state === 'on', state }
}

const afterMs = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, ms))

const canLook = ({ kind, tmdbId, showTmdbId }: Known): boolean =>
  kind === 'season' ? showTmdbId !== null : kind !== 'episode' && tmdbId !== null

/** Throws `TmdbError`. */
export async function lookUp(edge: Edge, title: Known, priority: Priority): Promise<void> {
  const { id, kind, tmdbId, showId, showTmdbId, seasonNumber, minimumAgeYears } = title
  if (kind === 'season' && showTmdbId !== null && showId !== null && seasonNumber !== null) {
    const season = await fetchSeason(edge, showTmdbId, seasonNumber, priority)
    const { rowsWritten } = await storeEpisodes(edge, id, readEpisodes({ id: showId, minimumAgeYears }, season))
    return countRows(edge, rowsWritten)
  }
  if (tmdbId === null || (kind !== 'movie' && kind !== 'show')) return
  const household = await readHousehold(edge)
  const { contents } = await fetchTitle(edge, { kind, tmdbId }, id, { household, priority })
  const { rowsWritten } = await storeContents(edge, [contents])
  await countRows(edge, rowsWritten)
  // Nobody waits for it.
  edge.later(hashPosterOf(edge, id))
}
