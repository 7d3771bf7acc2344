/** What agents do for found sources and wanted titles, and when next: one row each, which goes with what it is about. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { sources, titles } from '../../catalog/schema.ts'

/**
 * A row comes with each found source that others share too, by a trigger (migration). Times are epoch seconds; who takes
 * a piece of work moves its time to the end of the lease, so that a crashed run's work is due again by itself.
 */
export const sourceCare = sqliteTable(
  'source_care',
  {
    sourceId: text('source_id')
      .primaryKey()
      .references(() => sources.id, { onDelete: 'cascade' }),
    countAt: integer('count_at').notNull().default(0),
    /** How far apart its counts lie now; null: it was never counted. */
    countEverySeconds: integer('count_every_seconds'),
    /** When somebody last could be asked how many share it. */
    countedAt: integer('counted_at'),
    /** Null: its metadata was read. */
    readAt: integer('read_at').default(0),
    readFailures: integer('read_failures').notNull().default(0),
    fileCount: integer('file_count'),
  },
  (table) => [index('source_care_by_count').on(table.countAt), index('source_care_by_reading').on(table.readAt)],
)

/** Who looks for a title just now; what is over means nothing. */
export const searchLeases = sqliteTable('search_leases', {
  titleId: text('title_id')
    .primaryKey()
    .references(() => titles.id, { onDelete: 'cascade' }),
  leaseUntil: integer('lease_until').notNull(),
})
