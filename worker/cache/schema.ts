/** The tables of the cache's last layer. All of it may be lost at any time. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const cacheEntries = sqliteTable(
  'cache_entries',
  {
    key: text('key').primaryKey(),
    /** JSON. */
    value: text('value').notNull(),
    /** JSON array. */
    tags: text('tags').notNull(),
    storedAtMs: integer('stored_at_ms').notNull(),
    freshUntilMs: integer('fresh_until_ms').notNull(),
    /** Until then it is better than nothing. */
    staleUntilMs: integer('stale_until_ms').notNull(),
  },
  (table) => [index('cache_entries_by_end').on(table.staleUntilMs)],
)

/** When something under a tag last changed: what was stored before then counts as stale. */
export const cacheTags = sqliteTable('cache_tags', {
  tag: text('tag').primaryKey(),
  changedAtMs: integer('changed_at_ms').notNull(),
})
