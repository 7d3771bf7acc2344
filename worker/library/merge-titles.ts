/** Two titles turned out to be one: what everybody watched, rated and chose of the old one is of the one that stays. */
import type { Edge } from '../edge.ts'

/** Of two memories of one thing the newest stays. What is left under `?1` goes with its title. */
const moves = [
  `insert into progress (viewer_id, person_id, title_id, source_id, position_seconds, duration_seconds, watched_at_ms, state)
    select viewer_id, person_id, ?2, source_id, position_seconds, duration_seconds, watched_at_ms, state
    from progress where title_id = ?1
    on conflict (viewer_id, title_id, source_id) do update set position_seconds = excluded.position_seconds,
      duration_seconds = excluded.duration_seconds, watched_at_ms = excluded.watched_at_ms, state = excluded.state
    where excluded.watched_at_ms > progress.watched_at_ms`,
  'update or ignore watch_events set title_id = ?2 where title_id = ?1',
  `insert into ratings (viewer_id, person_id, title_id, stars, rated_at_ms)
    select viewer_id, person_id, ?2, stars, rated_at_ms from ratings where title_id = ?1
    on conflict (viewer_id, title_id) do update set stars = excluded.stars, rated_at_ms = excluded.rated_at_ms
    where excluded.rated_at_ms > ratings.rated_at_ms`,
  `insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms, is_hidden)
    select viewer_id, person_id, ?2, season_number, episode_number, watched_at_ms, is_hidden
    from show_progress where show_id = ?1
    on conflict (viewer_id, show_id) do update set season_number = excluded.season_number,
      episode_number = excluded.episode_number, watched_at_ms = excluded.watched_at_ms, is_hidden = excluded.is_hidden
    where excluded.watched_at_ms > show_progress.watched_at_ms`,
  // Of everybody who has Trakt (outbox.ts, syncName), whose queue it is: what it has yet to be told of the old one.
  `update trakt_outbox set body = json_set(body, '$.titleId', ?2) where body ->> 'titleId' = ?1
    and person_id in (select person_id from sync_states where name >= 'trakt:sync:' and name < 'trakt:sync;')`,
  'update or ignore title_choices set title_id = ?2 where title_id = ?1',
]

/** One transaction; done again it changes nothing. */
export async function moveLibrary({ env: { DB } }: Edge, from: string, into: string): Promise<void> {
  await DB.batch(moves.map((statement) => DB.prepare(statement).bind(from, into)))
}
