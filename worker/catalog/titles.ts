/** Reading the catalog. */
import { and, asc, eq, exists, sql } from 'drizzle-orm'
import type { Viewer } from '../auth/viewer.ts'
import type { Db } from '../db.ts'
import type { TitleCard, TitlePage } from './answers.ts'
import { sources, titles } from './schema.ts'
import { suitableFor } from './suitable.ts'

export const titleCard = {
  id: titles.id,
  kind: titles.kind,
  name: titles.name,
  year: titles.year,
  runtimeMinutes: titles.runtimeMinutes,
  poster: titles.poster,
}

/** Titles that can be had from somewhere, by name. */
export const listTitles = (db: Db, viewer: Viewer): Promise<TitleCard[]> =>
  db
    .select(titleCard)
    .from(titles)
    .where(
      and(exists(db.select({ one: sql`1` }).from(sources).where(eq(sources.titleId, titles.id))), suitableFor(viewer)),
    )
    .orderBy(asc(titles.name))

/** Undefined when there is no such title, or none for this viewer. */
export async function readTitle(db: Db, viewer: Viewer, id: string): Promise<TitlePage | undefined> {
  const [[title], cards] = await db.batch([
    db
      .select({ ...titleCard, overview: titles.overview, licence: titles.licence, credit: titles.credit })
      .from(titles)
      .where(and(eq(titles.id, id), suitableFor(viewer))),
    db
      .select({ id: sources.id, provider: sources.provider, sizeBytes: sources.sizeBytes })
      .from(sources)
      .where(eq(sources.titleId, id)),
  ])
  return title && { ...title, sources: cards }
}

/** How to get a title: for the rooms that open it, never for a person's eyes. */
export type Source = typeof sources.$inferSelect

/** None where the title is not for this viewer. */
export function sourcesOf(db: Db, viewer: Viewer, titleId: string): Promise<Source[]> {
  const suitable = suitableFor(viewer)
  const isSeen =
    suitable &&
    exists(
      db
        .select({ one: sql`1` })
        .from(titles)
        .where(and(eq(titles.id, titleId), suitable)),
    )
  return db
    .select()
    .from(sources)
    .where(and(eq(sources.titleId, titleId), isSeen))
}

export async function readSource(db: Db, titleId: string, sourceId: string): Promise<Source | undefined> {
  const [source] = await db
    .select()
    .from(sources)
    .where(and(eq(sources.id, sourceId), eq(sources.titleId, titleId)))
  return source
}
