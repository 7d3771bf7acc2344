/** What the cron does for Trakt: queues that wait, syncs that are due, and the lists that everybody may see. */
import { sql } from 'drizzle-orm'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { sendOutbox } from './send-outbox.ts'
import { syncPerson } from './sync-person.ts'

const PEOPLE = 5
const SYNC_EVERY_SECONDS = 30 * 60

/** Each tick, the people who waited longest. One whose sync fails does not stop the others. */
export async function syncTrakt(edge: Edge): Promise<void> {
  const { db, now, nowMs } = edge
  const waiting = await db.all<{ personId: string }>(
    sql`select distinct person_id as "personId" from trakt_outbox where not_before_ms <= ${nowMs} limit ${PEOPLE}`,
  )
  for (const { personId } of waiting) await attempt(edge, personId, () => sendOutbox(edge, personId))
  const due = await db.all<{ personId: string }>(
    sql`select person_id as "personId" from sync_states where name >= 'trakt:sync:' and name < 'trakt:sync;'
        and (not_before is null or not_before <= ${now})
        and (cursor ->> 'run' is not null or synced_at is null or synced_at <= ${now - SYNC_EVERY_SECONDS})
        order by synced_at limit ${PEOPLE}`,
  )
  for (const { personId } of due) await attempt(edge, personId, () => syncPerson(edge, personId))
}

async function attempt(edge: Edge, personId: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    log('error', 'trakt_sync_failed', { correlationId: edge.correlationId, personId, error })
  }
}
