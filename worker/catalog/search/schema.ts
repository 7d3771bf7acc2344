/**
 * The tables of search. Beside each stands an FTS5 table that drizzle cannot say (migration 0004), kept by triggers:
 * `title_fts` (prefixes of words, without accents) over `title_search`, `word_fts` (trigrams) over `search_words`.
 */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { titles } from '../schema.ts'

/** What a film or a show is found by. A trigger on `titles` makes the row and keeps its name. */
export const titleSearch = sqliteTable('title_search', {
  id: integer('id').primaryKey(),
  titleId: text('title_id')
    .notNull()
    .unique()
    .references(() => titles.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  /** Every other name, with line breaks between. */
  alternatives: text('alternatives').notNull(),
  people: text('people').notNull(),
})

/** Every word of them once: what a word that nobody wrote is compared with. Never deleted; a word too many costs nothing. */
export const searchWords = sqliteTable('search_words', {
  id: integer('id').primaryKey(),
  word: text('word').notNull().unique(),
})
