/** The tables of background tasks: where each stands, and what its runs of the last thirty days were like. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** One row a task that ever ran. Times are epoch seconds. */
export const taskStates = sqliteTable('task_states', {
  name: text('name').primaryKey(),
  nextAt: integer('next_at').notNull().default(0),
  /** Somebody asked for it now; gone when a run begins. */
  wantedAt: integer('wanted_at'),
  pausedAt: integer('paused_at'),
  /** The run that goes on, by its beginning; null: none does. After `leaseUntil` it is lost, and another may begin. */
  startedAt: integer('started_at'),
  runId: text('run_id'),
  leaseUntil: integer('lease_until'),
  /** In a row. */
  failures: integer('failures').notNull().default(0),
})

export const taskRuns = sqliteTable(
  'task_runs',
  {
    name: text('name').notNull(),
    startedAt: integer('started_at').notNull(),
    /** Null: it was lost, and nobody knows how long it went on. */
    durationMs: integer('duration_ms'),
    result: text('result', { enum: ['done', 'failed', 'lost'] }).notNull(),
    /** A sentence of ours for the admin; what else is known stands in the log, by the correlation id. */
    problem: text('problem'),
    correlationId: text('correlation_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.startedAt] })],
)
