/** The last of the first import: what was watched here and Trakt never heard of. */
import { sql } from 'drizzle-orm'
import { queueFrom } from '../outbox.ts'
import { type Comparing, type Found, NO_COUNTS } from './counts.ts'

/**
 * Every viewing of ours without a number of Trakt's. When all of its history was compared and written before, these
 * are what it lacks; in a dry run those that were found there (`same`) are still among them.
 */
export async function compareOurs(on: Comparing): Promise<Found> {
  const { db, watcher } = on
  const isOurs = sql`viewer_id = ${watcher.id} and trakt_id is null and origin <> 'trakt' and not exists (
    select 1 from trakt_outbox as o where o.person_id = ${watcher.personId} and o.kind in ('sync/history', 'scrobble/stop')
    and o.body ->> 'titleId' = watch_events.title_id)`
  const [row] = await db.all<{ count: number }>(sql`select count(*) as count from watch_events where ${isOurs}`)
  const bodies = sql`select json_object('titleId', title_id, 'atMs', watched_at_ms) as body from watch_events where ${isOurs}`
  return { counts: { ...NO_COUNTS, sent: row?.count ?? 0 }, statements: [queueFrom(on, 'sync/history', bodies)] }
}
