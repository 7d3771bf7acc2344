/** The tables of lists of titles, whoever keeps them: TMDB, the household, a viewer, or their Trakt. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../../auth/schema.ts'
import { titles } from '../schema.ts'

export const mediaLists = sqliteTable(
  'media_lists',
  {
    /** Of a built-in list what it is (`trending-movies`); of others a random id. */
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['builtin', 'watchlist', 'personal', 'trakt'] }).notNull(),
    /** Null for a built-in list. */
    personId: text('person_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The profile that keeps it, or the person's id when they watch without one. Null for a built-in list. */
    viewerId: text('viewer_id'),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** Everybody in the household may see it. */
    isShared: integer('is_shared', { mode: 'boolean' }).notNull().default(false),
    /** Its id where it came from; unique for one viewer. */
    origin: text('origin'),
    itemCount: integer('item_count').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    /** Epoch seconds of the last change of it or of its items. */
    changedAt: integer('changed_at').notNull(),
  },
  (table) => [
    index('media_lists_by_viewer').on(table.viewerId, table.kind),
    index('media_lists_by_person').on(table.personId),
    index('media_lists_by_sharing').on(table.isShared, table.kind),
  ],
)

export const listItems = sqliteTable(
  'list_items',
  {
    listId: text('list_id')
      .notNull()
      .references(() => mediaLists.id, { onDelete: 'cascade' }),
    titleId: text('title_id')
      .notNull()
      .references(() => titles.id, { onDelete: 'cascade' }),
    /** Sorted as text (BINARY); between two there is always room for another, so that a move writes one row. */
    rank: text('rank').notNull(),
    addedAt: integer('added_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.listId, table.titleId] }),
    index('list_items_by_rank').on(table.listId, table.rank),
    index('list_items_by_title').on(table.titleId),
  ],
)
