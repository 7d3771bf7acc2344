/** The table of what went through the relay: bytes of each day and viewer, for the operator to see. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../auth/schema.ts'

export const relayUsage = sqliteTable(
  'relay_usage',
  {
    /** UTC, `2026-11-22`: a day's rows lie side by side. */
    day: text('day').notNull(),
    personId: text('person_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    bytes: integer('bytes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.personId] })],
)
