/** The tables of what each viewer watched and how far they are, and of how each person likes to watch. */
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../auth/schema.ts'
import { titles } from '../catalog/schema.ts'

/**
 * A viewer is a profile, or the person themselves while they watch without one: `viewer_id` is the profile's id or the
 * person's. Rows go with the person (reference) and with the profile (trigger, migration 0004).
 */
const viewer = () => ({
  viewerId: text('viewer_id').notNull(),
  personId: text('person_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
})
const ofTitle = () =>
  text('title_id')
    .notNull()
    .references(() => titles.id, { onDelete: 'cascade' })

/** How far a viewer is in one file of a title: another cut has another length. */
export const progress = sqliteTable(
  'progress',
  {
    ...viewer(),
    titleId: ofTitle(),
    /** The source that played; `''` where it is not known. Not a reference: the memory outlives the file. */
    sourceId: text('source_id').notNull().default(''),
    positionSeconds: real('position_seconds').notNull(),
    durationSeconds: real('duration_seconds').notNull(),
    /** By the viewer's clock, held to ours: the last one to watch wins. Epoch milliseconds. */
    watchedAtMs: integer('watched_at_ms').notNull(),
    /** `open` stands in the row of what to continue; `hidden` was taken out of it by the viewer. */
    state: text('state', { enum: ['open', 'watched', 'hidden'] })
      .notNull()
      .default('open'),
  },
  (table) => [
    primaryKey({ columns: [table.viewerId, table.titleId, table.sourceId] }),
    index('progress_by_time').on(table.viewerId, table.state, table.watchedAtMs),
    index('progress_by_person').on(table.personId),
    index('progress_by_title').on(table.titleId),
  ],
)

/** The history: one row each time a title was watched to its end, here or on Trakt. Told twice it is one row. */
export const watchEvents = sqliteTable(
  'watch_events',
  {
    ...viewer(),
    titleId: ofTitle(),
    /** Epoch milliseconds. */
    watchedAtMs: integer('watched_at_ms').notNull(),
    origin: text('origin', { enum: ['porchlight', 'marked', 'trakt'] }).notNull(),
    /** The id of the row in Trakt's own history, once it is known there. */
    traktId: integer('trakt_id'),
  },
  (table) => [
    primaryKey({ columns: [table.viewerId, table.watchedAtMs, table.titleId] }),
    index('watch_events_by_viewer_and_title').on(table.viewerId, table.titleId),
    index('watch_events_by_person').on(table.personId),
    index('watch_events_by_title').on(table.titleId),
  ],
)

/** Where a viewer is in a show: written when an episode ends, so that what comes next costs one row a show. */
export const showProgress = sqliteTable(
  'show_progress',
  {
    ...viewer(),
    showId: text('show_id')
      .notNull()
      .references(() => titles.id, { onDelete: 'cascade' }),
    /** The last one watched; specials, season 0, are not counted. */
    seasonNumber: integer('season_number').notNull(),
    episodeNumber: integer('episode_number').notNull(),
    watchedAtMs: integer('watched_at_ms').notNull(),
    isHidden: integer('is_hidden', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.viewerId, table.showId] }),
    index('show_progress_by_time').on(table.viewerId, table.watchedAtMs),
    index('show_progress_by_person').on(table.personId),
    index('show_progress_by_show').on(table.showId),
  ],
)

export const ratings = sqliteTable(
  'ratings',
  {
    ...viewer(),
    titleId: ofTitle(),
    /** 1 to 10, as Trakt counts. */
    stars: integer('stars').notNull(),
    ratedAtMs: integer('rated_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.viewerId, table.titleId] }),
    index('ratings_by_person').on(table.personId),
    index('ratings_by_title').on(table.titleId),
  ],
)

export const recentSearches = sqliteTable(
  'recent_searches',
  { ...viewer(), text: text('text').notNull(), searchedAtMs: integer('searched_at_ms').notNull() },
  (table) => [
    primaryKey({ columns: [table.viewerId, table.text] }),
    index('recent_searches_by_time').on(table.viewerId, table.searchedAtMs),
    index('recent_searches_by_person').on(table.personId),
  ],
)

/** What Trakt has yet to be told, in the order of a person's doing: nothing is lost while it, or we, are away. */
export const traktOutbox = sqliteTable(
  'trakt_outbox',
  {
    id: text('id').primaryKey(),
    ...viewer(),
    /** The call: `scrobble/start`, `sync/history`, … */
    kind: text('kind').notNull(),
    /** JSON. */
    body: text('body').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    notBeforeMs: integer('not_before_ms').notNull(),
    tries: integer('tries').notNull().default(0),
  },
  (table) => [
    index('trakt_outbox_by_time').on(table.notBeforeMs),
    index('trakt_outbox_by_person').on(table.personId, table.createdAtMs),
  ],
)

/** One row a person, written when they change something. */
export const preferences = sqliteTable('preferences', {
  personId: text('person_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** JSON lists of BCP 47 tags, liked best first. */
  audioLanguages: text('audio_languages').notNull(),
  subtitleLanguages: text('subtitle_languages').notNull(),
  subtitles: text('subtitles', { enum: ['off', 'forced', 'on'] }).notNull(),
  subtitleSizePercent: integer('subtitle_size_percent').notNull(),
  mostHeightPixels: integer('most_height_pixels'),
})

/** What a person chose in one title, so that it is so again when they come back. */
export const titleChoices = sqliteTable(
  'title_choices',
  {
    personId: text('person_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    titleId: text('title_id')
      .notNull()
      .references(() => titles.id, { onDelete: 'cascade' }),
    audioTrackId: integer('audio_track_id'),
    /** `off`, the id of a track, or null. */
    subtitle: text('subtitle'),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.titleId] }),
    // A title that goes, or is written, looks for what refers to it.
    index('title_choices_by_title').on(table.titleId),
  ],
)
