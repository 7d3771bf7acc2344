/** The table of how far each person is in each title. */
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../auth/schema.ts'
import { titles } from '../catalog/schema.ts'

export const progress = sqliteTable(
  'progress',
  {
    personId: text('person_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    titleId: text('title_id')
      .notNull()
      .references(() => titles.id, { onDelete: 'cascade' }),
    positionSeconds: real('position_seconds').notNull(),
    durationSeconds: real('duration_seconds').notNull(),
    /** By the viewer's clock, held to ours: the last one to watch wins. Epoch milliseconds. */
    watchedAtMs: integer('watched_at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.titleId] })],
)
