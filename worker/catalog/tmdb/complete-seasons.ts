/**
 * A task: of the shows that somebody watches or means to, every season with its episodes, so that what comes next is
 * known before anybody opens a page. A few questions a run; what is left, the next run finds by itself.
 */
import type { Edge } from '../../edge.ts'
import { TmdbError } from './ask-tmdb.ts'
import { lookUp } from './refresh-title.ts'
import { markLooked } from './store-titles.ts'
import { readSyncState, rowsLeft, saveSyncState } from './sync-state.ts'
import { isTmdbOn } from './tmdb-settings.ts'

/** Beside the lists, which are refreshed at the same ticks, and the posters: a Worker may ask fifty. */
const MOST_QUESTIONS = 6
const REST_SECONDS = 3600
/** What one season may write: thirty episodes with their ids, their words and their indexes. */
const ROWS_EACH = 300
const NAME = 'tmdb:seasons'

type Done = { looks: number; isDone: boolean }

/** `wanted` gives ids of shows, those that matter most first. */
export async function completeSeasons(edge: Edge, wanted: (edge: Edge) => Promise<string[]>): Promise<Done> {
  const done: Done = { looks: 0, isDone: false }
  if (!isTmdbOn(edge.env)) return done
  const state = await readSyncState(edge, NAME)
  const isResting = state?.lastError == null && state?.syncedAt != null && edge.now - state.syncedAt < REST_SECONDS
  if (isResting) return done
  try {
    const shows = JSON.stringify(await wanted(edge))
    while (done.looks < MOST_QUESTIONS && !done.isDone) {
      const some = await missing(edge, shows, MOST_QUESTIONS - done.looks)
      for (const one of some) {
        await look(edge, one)
        done.looks++
      }
      done.isDone = some.length === 0
    }
    await saveSyncState(edge, NAME, { cursor: null, isDone: done.isDone })
  } catch (error) {
    if (!(error instanceof TmdbError || error instanceof RangeError)) throw error
    await saveSyncState(edge, NAME, { cursor: null, error: error.message })
  }
  return done
}

type Missing = {
  id: string
  kind: 'show' | 'season'
  tmdbId: string
  showId: string
  seasonNumber: number | null
  minimumAgeYears: number | null
}

/**
 * A show of which only the card is known comes before its seasons, which it tells of. A season was looked at for good,
 * but for the last one of a show that has changed since: that is where new episodes come.
 */
const find = `with wanted as (
    select w.key as at, show.id, show.details_at, show.minimum_age_years, (select value from external_ids
      where title_id = show.id and scheme = 'tmdb:show' limit 1) as tmdb_id
    from json_each(?1) as w join titles as show on show.id = w.value and show.kind = 'show')
  select id, 'show' as kind, tmdb_id as tmdbId, id as showId, null as seasonNumber, minimum_age_years as minimumAgeYears, at
    from wanted where tmdb_id is not null and details_at is null
  union all
  select season.id, 'season', wanted.tmdb_id, wanted.id, season.season_number, wanted.minimum_age_years, wanted.at
    from wanted join titles as season on season.show_id = wanted.id and season.kind = 'season'
    where wanted.tmdb_id is not null and (season.details_at is null or season.details_at < wanted.details_at
      and season.season_number = (select max(last.season_number) from titles as last where last.show_id = wanted.id))
  order by at, seasonNumber limit ?2`

const missing = async ({ env }: Edge, shows: string, most: number): Promise<Missing[]> =>
  (await env.DB.prepare(find).bind(shows, most).all<Missing>()).results

/** Throws `TmdbError`, but for what TMDB no longer knows: that is looked at, too. Throws RangeError when the day is full. */
async function look(edge: Edge, one: Missing): Promise<void> {
  if ((await rowsLeft(edge)) < ROWS_EACH) throw new RangeError('the day’s rows are used up')
  const { id, kind, showId, seasonNumber, minimumAgeYears } = one
  const number = Number(one.tmdbId)
  const title = { id, kind, detailsAt: null, showId, seasonNumber, minimumAgeYears }
  const ids = kind === 'show' ? { tmdbId: number, showTmdbId: null } : { tmdbId: null, showTmdbId: number }
  try {
    await lookUp(edge, { ...title, ...ids }, 'task')
  } catch (error) {
    if (!(error instanceof TmdbError) || error.trouble !== 'gone') throw error
    await markLooked(edge, id)
  }
}
