/** The tables of what a title's own page shows. Those with a key of several columns are WITHOUT ROWID: one row written, not two. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { titles } from '../schema.ts'

const ofTitle = () =>
  text('title_id')
    .notNull()
    .references(() => titles.id, { onDelete: 'cascade' })

/** The rest of a title, one row: none of it is searched or sorted by. */
export const titleDetails = sqliteTable('title_details', {
  titleId: text('title_id')
    .primaryKey()
    .references(() => titles.id, { onDelete: 'cascade' }),
  tagline: text('tagline'),
  /** The upstream's word for how far it is: `Released`, `Ended`, … */
  status: text('status'),
  homepage: text('homepage'),
  /** JSON object, region (ISO 3166-1) → certification as it is written there: `{"US":"PG-13","DE":"12"}`. */
  certifications: text('certifications').notNull(),
  /** JSON array of `{ site, key, kind, name, language }`. */
  videos: text('videos').notNull(),
  /** JSON array of ids of titles here. */
  recommendations: text('recommendations').notNull(),
})

/** Every name a title has elsewhere. The key is (scheme, value): an id elsewhere is one title here, a title may have had several. */
export const externalIds = sqliteTable(
  'external_ids',
  {
    /** TMDB counts films, shows, seasons and episodes each on their own. */
    scheme: text('scheme', {
      enum: [
        'tmdb:movie',
        'tmdb:show',
        'tmdb:season',
        'tmdb:episode',
        'imdb',
        'tvdb:movie',
        'tvdb:show',
        'tvdb:episode',
        'trakt:movie',
        'trakt:show',
        'trakt:episode',
      ],
    }).notNull(),
    value: text('value').notNull(),
    titleId: ofTitle(),
  },
  (table) => [primaryKey({ columns: [table.scheme, table.value] }), index('external_ids_by_title').on(table.titleId)],
)

/** The number is TMDB's; one that films and shows share means the same. */
export const genres = sqliteTable('genres', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  /** JSON object, language → name. */
  names: text('names'),
})

export const titleGenres = sqliteTable(
  'title_genres',
  { genreId: integer('genre_id').notNull(), titleId: ofTitle() },
  (table) => [
    primaryKey({ columns: [table.genreId, table.titleId] }),
    index('title_genres_by_title').on(table.titleId),
  ],
)

/** The number is TMDB's. */
export const people = sqliteTable('people', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  /** As posters are. */
  portrait: text('portrait'),
})

/** Who played and who made it: the first of each job, not all. */
export const credits = sqliteTable(
  'credits',
  {
    titleId: ofTitle(),
    job: text('job', { enum: ['cast', 'director', 'writer', 'creator'] }).notNull(),
    position: integer('position').notNull(),
    artistId: integer('artist_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    /** Whom they play. */
    character: text('character'),
  },
  (table) => [
    primaryKey({ columns: [table.titleId, table.job, table.position] }),
    index('credits_by_artist').on(table.artistId),
  ],
)

/** The best picture of its kind for one language; `''` is one without words on it. */
export const images = sqliteTable(
  'images',
  {
    titleId: ofTitle(),
    kind: text('kind', { enum: ['poster', 'logo'] }).notNull(),
    language: text('language').notNull(),
    /** As posters are. */
    path: text('path').notNull(),
  },
  (table) => [primaryKey({ columns: [table.titleId, table.kind, table.language] })],
)

/** Words in the languages of the household's profiles; names in all languages stand in `titles.names`. */
export const translations = sqliteTable(
  'translations',
  {
    titleId: ofTitle(),
    /** BCP 47: `de`, or `pt-BR` where the region makes a difference. */
    language: text('language').notNull(),
    name: text('name'),
    overview: text('overview'),
    tagline: text('tagline'),
  },
  (table) => [primaryKey({ columns: [table.titleId, table.language] })],
)
