/** Where a viewer is in a show once some of its viewings are gone: at the last that is left. */
import { type SQL, sql } from 'drizzle-orm'
import type { Watcher } from '../watcher.ts'

/** `showIds` is a query of one column. */
export const rewindShow = (viewer: Watcher, showIds: SQL): SQL[] => [
  sql`delete from show_progress where viewer_id = ${viewer.id} and show_id in (${showIds})`,
  // SQLite's bare columns are those of the row that has the maximum.
  sql`insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
      select ${viewer.id}, ${viewer.personId}, t.show_id, t.season_number, t.episode_number, max(e.watched_at_ms)
      from titles as t join watch_events as e on e.viewer_id = ${viewer.id} and e.title_id = t.id
      where t.show_id in (${showIds}) and t.kind = 'episode' and t.season_number > 0 group by t.show_id`,
]
