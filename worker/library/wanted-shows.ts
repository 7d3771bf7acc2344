/** Which shows somebody of the household is in the middle of, or means to watch. */
import { sql } from 'drizzle-orm'
import type { Edge } from '../edge.ts'

/** Of each viewer, more than their front page looks at; what lies further back is found when it is opened. */
const MOST_OF_EACH = 30
const MOST = 100

/** Ids, what was watched or listed last first. A show that was taken out of what comes next is not among them. */
export async function wantedShows({ db }: Pick<Edge, 'db'>): Promise<string[]> {
  // A cross join is walked as it is written: from the household's few people on.
  const rows = await db.all<{ id: string }>(
    sql`with viewers as (select id from users union all select id from profiles)
        select id from (
          select seen.show_id as id, seen.watched_at_ms as at from viewers
            cross join show_progress as seen on seen.viewer_id = viewers.id and seen.is_hidden = 0
            where seen.watched_at_ms >= coalesce((select watched_at_ms from show_progress as own
              where own.viewer_id = viewers.id order by watched_at_ms desc limit 1 offset ${MOST_OF_EACH - 1}), 0)
          union all
          select coalesce(t.show_id, t.id), i.added_at * 1000 from viewers
            cross join list_items as i on i.list_id = 'watchlist-' || viewers.id
            cross join titles as t on t.id = i.title_id and t.kind <> 'movie')
        group by id order by max(at) desc limit ${MOST}`,
  )
  return rows.map(({ id }) => id)
}
