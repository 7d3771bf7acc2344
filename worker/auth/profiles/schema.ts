/** The table of profiles: the people who share one account. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

export const profiles = sqliteTable(
  'profiles',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Name of one of the app's own pictures. */
    avatar: text('avatar').notNull(),
    /** BCP 47 tag. */
    language: text('language').notNull(),
    /** PHC string of four to eight digits; null when nothing is asked. */
    pinHash: text('pin_hash'),
    /** The oldest audience whose titles it shows, in years; null shows everything. */
    ratingCap: integer('rating_cap'),
    /** Epoch seconds. */
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('profiles_by_user').on(table.userId)],
)
