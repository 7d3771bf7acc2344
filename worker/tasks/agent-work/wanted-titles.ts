/** Which titles are looked for before anybody presses Play: those that somebody means to watch, then those in the lists. */
import { sql } from 'drizzle-orm'
import type { Edge } from '../../edge.ts'
import { wantedShows } from '../../library/wanted-shows.ts'

const DAY = 86_400
/** Nobody had it: tomorrow somebody may. */
const MISSING_SECONDS = DAY
/** It can be had, and newer sources may be better ones. */
const STALE_SECONDS = 7 * DAY
/** As the last, whoever wants them: their sources may be gone. */
const FORGOTTEN_SECONDS = 30 * DAY
/** Of each watchlist and each list. */
const MOST_OF_EACH = 40
/** Lists in the order in which they count, after what people want themselves. */
const LISTS = ['upcoming-movies', 'trending-movies', 'popular-movies']
export const LEASE_SECONDS = 900

/**
 * Gives the agent who asks up to `most` titles that are due, and nobody else the same ones until the lease ends: one
 * statement claims them, so of two agents each gets others.
 */
export async function claimSearches(edge: Edge, most: number): Promise<string[]> {
  if (most === 0) return []
  const { db, now } = edge
  const shows = JSON.stringify(await wantedShows(edge))
  const missing = now - MISSING_SECONDS
  const rows = await db.all<{ id: string }>(
    sql`with viewers as (select id from users union all select id from profiles),
        wanted (id, step) as (
          select i.title_id, 0 from viewers cross join list_items as i
            on i.list_id = 'watchlist-' || viewers.id
            and i.rank <= coalesce((select rank from list_items as own where own.list_id = 'watchlist-' || viewers.id
              order by rank limit 1 offset ${MOST_OF_EACH - 1}), 'ÿ')
          union all
          select (select e.id from titles as e where e.show_id = s.value and e.kind = 'episode' and e.season_number > 0
              and (e.season_number, e.episode_number) > (select coalesce(max(season_number), 0), coalesce(max(episode_number), 0)
                from (select season_number, episode_number from show_progress as seen where seen.show_id = s.value
                  order by season_number desc, episode_number desc limit 1))
              order by e.season_number, e.episode_number limit 1), 0
            from json_each(${shows}) as s
          union all
          select i.title_id, 1 + l.key from json_each(${JSON.stringify(LISTS)}) as l cross join list_items as i
            on i.list_id = l.value
          union all
          select title_id, 9 from (select title_id from title_searches where searched_at <= ${now - FORGOTTEN_SECONDS}
            order by searched_at limit ${MOST_OF_EACH}) as forgotten
        ),
        due (id) as (
          select w.id from (select id, min(step) as step from wanted where id is not null group by id) as w
            cross join titles as t on t.id = w.id and t.kind in ('movie', 'episode')
            left join title_searches as s on s.title_id = w.id
            left join search_leases as l on l.title_id = w.id
            where coalesce(l.lease_until, 0) <= ${now}
              and coalesce(s.searched_at, 0) <= iif(t.available_at is null, ${missing}, ${now - STALE_SECONDS})
            order by w.step, coalesce(s.searched_at, 0), w.id limit ${most}
        )
        insert into search_leases (title_id, lease_until) select id, ${now + LEASE_SECONDS} from due where true
          on conflict (title_id) do update set lease_until = excluded.lease_until where lease_until <= ${now}
          returning title_id as id`,
  )
  return rows.map(({ id }) => id)
}
