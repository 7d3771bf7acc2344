/** Where a browser finds a picture that `titles.poster` and its like name. */
import { type SQL, sql } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'

/** Those of TMDB's sizes, by width, that are used; its pictures never change under their name. */
type PictureSize = 'w185' | 'w342' | 'w500' | 'w1280'

export const TMDB_PICTURES = 'https://image.tmdb.org/t/p/'

/** In SQL, so that a card costs no work of ours. */
export const pictureUrl = (column: AnySQLiteColumn, size: PictureSize): SQL<string | null> =>
  sql<
    string | null
  >`case when ${column} like 'tmdb:%' then ${sql.raw(`'${TMDB_PICTURES}${size}'`)} || substr(${column}, 6) else ${column} end`
