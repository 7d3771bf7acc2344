/** The tables of titles and of where their bytes come from. */
import { sql } from 'drizzle-orm'
import { type AnySQLiteColumn, index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { agents } from '../agents/schema.ts'

/**
 * Films, shows, seasons and episodes, one row each: what a card needs, and no more, because a page of cards reads two
 * hundred of them. What only a title's own page shows stands in details/schema.ts. A season and an episode belong to
 * their show, and go with it.
 */
export const titles = sqliteTable(
  'titles',
  {
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['movie', 'show', 'season', 'episode'] }).notNull(),
    name: text('name').notNull(),
    overview: text('overview').notNull(),
    /** Empty where nobody said under which licence it may be shown. */
    licence: text('licence').notNull(),
    credit: text('credit').notNull(),
    /** A path in the web app's own assets (`/posters/…`), or `tmdb:` and the file's path there. */
    poster: text('poster'),
    /** The poster out of focus (pictures/thumb-hash.ts); `''` where none can be made of it. A trigger forgets it with the poster. */
    posterHash: text('poster_hash'),
    /** Of the first showing; null when it is not known. */
    year: integer('year'),
    runtimeMinutes: real('runtime_minutes'),
    /** JSON object, language → name, of those that differ from `name`. */
    names: text('names'),
    originalName: text('original_name'),
    /** ISO 639-1. */
    originalLanguage: text('original_language'),
    /** `YYYY-MM-DD`; of a show and a season its first episode's. */
    releasedOn: text('released_on'),
    /** As posters are. */
    backdrop: text('backdrop'),
    /** How much it is asked for, by TMDB's own measure; written again only when it moved by a fifth. */
    popularity: real('popularity').notNull().default(0),
    /** 0 to 10. */
    voteAverage: real('vote_average'),
    voteCount: integer('vote_count').notNull().default(0),
    /** From which age on, in the household's region. Null is not known, and not for a profile with a cap. */
    minimumAgeYears: integer('minimum_age_years'),
    /** Of a season and an episode. */
    showId: text('show_id').references((): AnySQLiteColumn => titles.id, { onDelete: 'cascade' }),
    seasonNumber: integer('season_number'),
    episodeNumber: integer('episode_number'),
    /** Epoch seconds of the first source it has now, kept by triggers on `sources`; a show's is its episodes'. Null: nowhere to be had. */
    availableAt: integer('available_at'),
    /** Epoch seconds of the last whole look at it upstream; null: only its card is known. */
    detailsAt: integer('details_at'),
  },
  (table) => [
    index('titles_by_show').on(table.showId, table.seasonNumber, table.episodeNumber),
    // Most titles are known and cannot be had.
    index('titles_available_by_name').on(table.name, table.id).where(sql`available_at is not null`),
    index('titles_available_by_time').on(table.availableAt).where(sql`available_at is not null`),
  ],
)

/** One way to get a title. The id is the file identity that stream tokens carry: it never changes its meaning. */
export const sources = sqliteTable(
  'sources',
  {
    id: text('id').primaryKey(),
    titleId: text('title_id')
      .notNull()
      .references(() => titles.id, { onDelete: 'cascade' }),
    /** Who told us: `open-films` is built in, the rest are providers of agents. */
    provider: text('provider').notNull(),
    /** The agent that offered it; null when it is built in. Gone with its agent. */
    agentId: text('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    infoHash: text('info_hash').notNull(),
    magnet: text('magnet'),
    /** base64url of the .torrent. */
    torrentFile: text('torrent_file'),
    filePath: text('file_path'),
    sizeBytes: integer('size_bytes'),
    /** JSON (protocol/source, EpisodeHint): which episode of a pack is meant, where no path says it. */
    episode: text('episode'),
  },
  (table) => [index('sources_by_title').on(table.titleId), index('sources_by_agent').on(table.agentId, table.provider)],
)
