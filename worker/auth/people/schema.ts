/** The table of people who asked to be forgotten and may still change their mind. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

export const erasures = sqliteTable(
  'erasures',
  {
    userId: text('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    requestedAt: integer('requested_at').notNull(),
    dueAt: integer('due_at').notNull(),
  },
  (table) => [index('erasures_by_due').on(table.dueAt)],
)
