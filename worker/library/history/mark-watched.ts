/** A viewer says that they have watched something, or have not: a film, an episode, a season, all of a show. */
import { type SQL, sql } from 'drizzle-orm'
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import { runAll } from '../../run-all.ts'
import { requireTitle } from '../progress.ts'
import { type Queueing, queueFrom } from '../trakt/outbox.ts'
import { sendSoon } from '../trakt/send-outbox.ts'
import type { MarkWatched, WatchedPart } from './answers.ts'
import { rewindShow } from './rewind-show.ts'

/** What was watched already stays as it was. Throws `not_found`. */
export async function markWatched(edge: Edge, viewer: Viewer, mark: MarkWatched): Promise<void> {
  await requireTitle(edge, viewer, mark.titleId)
  const targets = targetsOf(edge, viewer, mark)
  const on = { watcher: viewer, nowMs: edge.nowMs }
  const { changes } = await runAll(edge, mark.isWatched ? watched(on, targets) : unwatched(on, targets))
  if (changes.some((count) => count > 0)) sendSoon(edge, viewer.personId)
}

/** As `markWatched` counts them; none of none for what there is not, or not for this viewer. */
export async function readWatchedPart(edge: Edge, viewer: Viewer, titleId: string): Promise<WatchedPart> {
  const [row] = await edge.db.all<WatchedPart>(
    sql`select count(*) as "of", coalesce(sum(exists (select 1 from watch_events as e
          where e.viewer_id = ${viewer.id} and e.title_id = w.id)), 0) as watched
        from (${targetsOf(edge, viewer, { titleId })}) as w`,
  )
  return { watched: row?.watched ?? 0, of: row?.of ?? 0 }
}

/** A query of the films and episodes it is about; of a show those that were shown already, without its specials. */
function targetsOf(
  { nowMs }: Edge,
  { capYears }: Viewer,
  { titleId, seasonNumber }: Pick<MarkWatched, 'titleId' | 'seasonNumber'>,
): SQL {
  const today = new Date(nowMs).toISOString().slice(0, 10)
  const ofSeason = seasonNumber === undefined ? sql`t.season_number > 0` : sql`t.season_number = ${seasonNumber}`
  const isSuitable = capYears === null ? sql`true` : sql`t.minimum_age_years <= ${capYears}`
  return sql`select t.id from titles as t where t.id = ${titleId} and t.kind in ('movie', 'episode') and ${isSuitable}
    union select t.id from titles as t where t.show_id = ${titleId} and t.kind = 'episode' and ${ofSeason}
      and coalesce(t.released_on, '') <= ${today} and ${isSuitable}
    union select t.id from titles as s join titles as t on t.show_id = s.show_id and t.season_number = s.season_number
      where s.id = ${titleId} and s.kind = 'season' and t.kind = 'episode' and coalesce(t.released_on, '') <= ${today}
      and ${isSuitable}`
}

function watched(on: Queueing, targets: SQL): SQL[] {
  const { watcher, nowMs } = on
  const isNew = sql`not exists (select 1 from watch_events as e where e.viewer_id = ${watcher.id} and e.title_id = w.id)`
  return [
    // Before they are stored: pressed twice within a second it is told once.
    queueFrom(
      on,
      'sync/history',
      sql`select json_object('titleId', w.id, 'atMs', ${nowMs}) as body from (${targets}) as w where ${isNew}`,
    ),
    sql`insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin)
        select ${watcher.id}, ${watcher.personId}, id, ${nowMs}, 'marked' from (${targets}) as w where ${isNew}
        on conflict do nothing`,
    sql`update progress set state = 'watched' where viewer_id = ${watcher.id} and state <> 'watched' and title_id in (${targets})`,
    // Never back: who marks the first season while they watch the third is still in the third.
    sql`insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
        select ${watcher.id}, ${watcher.personId}, show_id, season_number, episode_number, ${nowMs} from (
          select t.*, row_number() over (partition by t.show_id order by t.season_number desc, t.episode_number desc) as place
          from titles as t where t.id in (${targets}) and t.kind = 'episode' and t.season_number > 0 and t.show_id is not null)
        where place = 1
        on conflict (viewer_id, show_id) do update set season_number = excluded.season_number,
          episode_number = excluded.episode_number, watched_at_ms = excluded.watched_at_ms, is_hidden = 0
        where (excluded.season_number, excluded.episode_number) > (show_progress.season_number, show_progress.episode_number)`,
  ]
}

function unwatched(on: Queueing, targets: SQL): SQL[] {
  const { watcher, nowMs } = on
  return [
    queueFrom(
      on,
      'sync/history/remove',
      sql`select distinct json_object('titleId', title_id, 'atMs', ${nowMs}) as body from watch_events
          where viewer_id = ${watcher.id} and title_id in (${targets})`,
    ),
    sql`delete from watch_events where viewer_id = ${watcher.id} and title_id in (${targets})`,
    sql`delete from progress where viewer_id = ${watcher.id} and title_id in (${targets})`,
    ...rewindShow(watcher, sql`select distinct show_id from titles where id in (${targets})`),
  ]
}
