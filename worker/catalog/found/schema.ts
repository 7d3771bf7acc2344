/** What is known of a source that was found, beside its row in `sources`; and when a title was last looked for. */
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { sources, titles } from '../schema.ts'

const ofTitle = () => text('title_id').references(() => titles.id, { onDelete: 'cascade' })

/** Its row in `sources` holds info hash, magnet and .torrent sealed; here it is found without opening them. */
export const foundSources = sqliteTable(
  'found_sources',
  {
    sourceId: text('source_id')
      .primaryKey()
      .references(() => sources.id, { onDelete: 'cascade' }),
    titleId: ofTitle().notNull(),
    /** Blind index of the info hash. */
    infoHashIndex: text('info_hash_index').notNull(),
    /** Blind index of all that is sealed: whether there is anything new to seal. */
    reachIndex: text('reach_index').notNull(),
    /** As whoever published it named it. */
    name: text('name').notNull(),
    seeders: integer('seeders'),
    /** As they were counted before. */
    seedersBefore: integer('seeders_before'),
    leechers: integer('leechers'),
    /** Epoch seconds. */
    publishedAt: integer('published_at'),
    /** JSON: what its name says, why it may be something else, and who told of it (protocol/release, source-search). */
    release: text('release'),
    doubts: text('doubts'),
    provenance: text('provenance').notNull(),
    /** A file of one agent's own: no other can play it. */
    isOnOneAgent: integer('is_on_one_agent', { mode: 'boolean' }).notNull(),
    /** Epoch seconds when somebody told of it last; null: it does not age (the operator's own, a file at home). */
    seenAt: integer('seen_at'),
  },
  (table) => [
    uniqueIndex('found_sources_by_hash').on(table.titleId, table.infoHashIndex),
    index('found_sources_by_seen').on(table.seenAt).where(sql`seen_at is not null`),
  ],
)

/** One row for a title that was looked for. */
export const titleSearches = sqliteTable(
  'title_searches',
  {
    titleId: ofTitle().primaryKey(),
    /** Epoch seconds. */
    searchedAt: integer('searched_at').notNull(),
  },
  (table) => [index('title_searches_by_time').on(table.searchedAt)],
)
