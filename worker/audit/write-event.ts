/** The one writer of security events. */
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { randomId } from '../random-id.ts'
import { type AuditEvent, auditDetails } from './events.ts'
import { auditEvents } from './schema.ts'

type Circumstances = { correlationId: string; nowMs: number }

/** A row of the table, with its details parsed by the kind's own schema. */
function toRow(event: AuditEvent, { correlationId, nowMs }: Circumstances) {
  return {
    id: randomId(),
    atMs: nowMs,
    kind: event.kind,
    actorId: event.actorId ?? null,
    sessionId: event.sessionId ?? null,
    subjectId: event.subjectId ?? null,
    details: JSON.stringify(auditDetails[event.kind].parse(event.details)),
    correlationId,
  }
}

/** The statement that writes an event: await it alone, or put it in the `batch()` of the change it tells of. */
export const writeEvent = (db: Db, event: AuditEvent, circumstances: Circumstances) =>
  db.insert(auditEvents).values(toRow(event, circumstances))

/** The same, only when a condition holds: in a batch after a conditional change, so that losers write nothing. */
export function writeEventWhen(db: Db, condition: SQL, event: AuditEvent, circumstances: Circumstances) {
  const row = toRow(event, circumstances)
  return db
    .insert(auditEvents)
    .select(
      sql`select ${row.id}, ${row.atMs}, ${row.kind}, ${row.actorId}, ${row.sessionId}, ${row.subjectId}, ${row.details}, ${row.correlationId} where ${condition}`,
    )
}
