/** The tables of how far each person is in each title, and of how they like to watch. */
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
  (table) => [primaryKey({ columns: [table.personId, table.titleId] })],
)
