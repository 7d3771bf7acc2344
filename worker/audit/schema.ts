/** The table of security events. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: text('id').primaryKey(),
    /** Epoch milliseconds: the order of events within a second matters when one explains another. */
    atMs: integer('at_ms').notNull(),
    kind: text('kind').notNull(),
    /** Who did it; null for somebody not signed in, for an agent and for the system itself. */
    actorId: text('actor_id'),
    sessionId: text('session_id'),
    /** What it was done to: an agent, a session, a person. */
    subjectId: text('subject_id'),
    /** JSON of the few fields this kind of event may carry (events.ts). */
    details: text('details').notNull(),
    correlationId: text('correlation_id').notNull(),
    /** By the kind (events.ts); null in rows older than the column. */
    outcome: text('outcome', { enum: ['success', 'failure', 'critical'] }),
    /** From where and with what it was done; null for an agent and for the system itself. */
    address: text('address'),
    device: text('device'),
  },
  (table) => [index('audit_events_by_time').on(table.atMs)],
)
