/** The words of a title: written when they are new or differ, left alone when they are as they should be. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { titles } from './schema.ts'

export type TitleRow = typeof titles.$inferInsert

/** One statement. `onlyWhen` guards the change of a title that exists; a new one is always inserted. */
export const upsertTitles = (db: Db, rows: TitleRow[], onlyWhen: SQL = sql`true`) =>
  db
    .insert(titles)
    .values(rows)
    .onConflictDoUpdate({
      target: titles.id,
      set: {
        name: sql`excluded.name`,
        year: sql`excluded.year`,
        runtimeMinutes: sql`excluded.runtime_minutes`,
        overview: sql`excluded.overview`,
        licence: sql`excluded.licence`,
        credit: sql`excluded.credit`,
        poster: sql`excluded.poster`,
        minimumAgeYears: sql`excluded.minimum_age_years`,
      },
      setWhere: sql`(titles.name, titles.year, titles.runtime_minutes, titles.overview, titles.licence, titles.credit, titles.poster, titles.minimum_age_years)
        is not (excluded.name, excluded.year, excluded.runtime_minutes, excluded.overview, excluded.licence, excluded.credit, excluded.poster, excluded.minimum_age_years)
        and ${onlyWhen}`,
    })
