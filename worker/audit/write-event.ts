/** The one writer of security events. */
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { randomId } from '../random-id.ts'
import { type AuditEvent, auditDetails, outcomeOf } from './events.ts'
import { auditEvents } from './schema.ts'

/** Who asked is part of every event of a request, without its writer thinking of it. */
type Circumstances = {
  correlationId: string
  nowMs: number
  visitor?: { address: string; deviceLabel: string } | null
}

/** A row of the table, with its details parsed by the kind's own schema. */
function toRow(event: AuditEvent, { correlationId, nowMs, visitor }: Circumstances) {
  return {
    id: randomId(),
    atMs: nowMs,
    kind: event.kind,
    actorId: event.actorId ?? null,
    sessionId: event.sessionId ?? null,
    subjectId: event.subjectId ?? null,
    details: JSON.stringify(auditDetails[event.kind].parse(event.details)),
    correlationId,
    outcome: outcomeOf(event.kind),
    address: visitor?.address ?? null,
    device: visitor?.deviceLabel ?? null,
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
      sql`select ${row.id}, ${row.atMs}, ${row.kind}, ${row.actorId}, ${row.sessionId}, ${row.subjectId}, ${row.details}, ${row.correlationId}, ${row.outcome}, ${row.address}, ${row.device} where ${condition}`,
    )
}

/** One event for each row that `sessionIds` selects: in a batch after the update that ended those sessions. */
export function writeEventForEach(db: Db, sessionIds: SQL, event: AuditEvent, circumstances: Circumstances) {
  const row = toRow(event, circumstances)
  return db
    .insert(auditEvents)
    .select(
      sql`select lower(hex(randomblob(16))), ${row.atMs}, ${row.kind}, ${row.actorId}, ended.id, ${row.subjectId}, ${row.details}, ${row.correlationId}, ${row.outcome}, ${row.address}, ${row.device} from (${sessionIds}) as ended`,
    )
}
