/** Reading the catalog. */
import { and, asc, eq, exists, sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import type { TitleCard, TitlePage } from './answers.ts'
import { sources, titles } from './schema.ts'

export const titleCard = {
  id: titles.id,
  kind: titles.kind,
  name: titles.name,
  year: titles.year,
  runtimeMinutes: titles.runtimeMinutes,
  poster: titles.poster,
}

/** Titles that can be had from somewhere, by name. */
export const listTitles = (db: Db): Promise<TitleCard[]> =>
  db
    .select(titleCard)
    .from(titles)
    .where(exists(db.select({ one: sql`1` }).from(sources).where(eq(sources.titleId, titles.id))))
    .orderBy(asc(titles.name))

/** Undefined when there is no such title. */
export async function readTitle(db: Db, id: string): Promise<TitlePage | undefined> {
  const [[title], cards] = await db.batch([
    db
      .select({ ...titleCard, overview: titles.overview, licence: titles.licence, credit: titles.credit })
      .from(titles)
      .where(eq(titles.id, id)),
    db
      .select({ id: sources.id, provider: sources.provider, sizeBytes: sources.sizeBytes })
      .from(sources)
      .where(eq(sources.titleId, id)),
  ])
  return title && { ...title, sources: cards }
}

/** How to get a title: for the rooms that open it, never for a person's eyes. */
export type Source = typeof sources.$inferSelect

export const sourcesOf = (db: Db, titleId: string): Promise<Source[]> =>
  db.select().from(sources).where(eq(sources.titleId, titleId))

export async function readSource(db: Db, titleId: string, sourceId: string): Promise<Source | undefined> {
  const [source] = await db
    .select()
    .from(sources)
    .where(and(eq(sources.id, sourceId), eq(sources.titleId, titleId)))
  return source
}
