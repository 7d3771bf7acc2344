/** Reading the catalog. */
import { and, asc, eq, exists, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Viewer } from '../auth/viewer.ts'
import type { Db } from '../db.ts'
import type { TitleCard, TitlePage } from './answers.ts'
import { pictureUrl } from './picture-url.ts'
import { sources, titles } from './schema.ts'
import { suitableFor } from './suitable.ts'
import { cursorText, type TitleCursor } from './title-cursor.ts'

export const titleCard = {
  id: titles.id,
  kind: titles.kind,
  name: titles.name,
  year: titles.year,
  runtimeMinutes: titles.runtimeMinutes,
  poster: pictureUrl(titles.poster, 'w342').as('poster'),
  posterHash: sql<string | null>`nullif(${titles.posterHash}, '')`.as('poster_hash'),
}

export const isFilmOrShow = inArray(titles.kind, ['movie', 'show'])

/** The card in the viewer's own language, where the title has a name in it. */
export function titleCardFor({ language }: Pick<Viewer, 'language'>) {
  const [short] = language?.split('-') ?? []
  if (short === undefined) return titleCard
  const name = sql<string>`coalesce(${titles.names} ->> ${short}, ${titles.name})`.as('name')
  return { ...titleCard, name }
}

export const PAGE_TITLES = 200

/** Films and shows that can be had from somewhere, by name, after the one that `cursor` names: one page of them. */
const listTitlesQuery = (db: Db, viewer: Viewer, cursor: TitleCursor) =>
  db
    .select({ ...titleCardFor(viewer), sortName: sql<string>`${titles.name}`.as('sort_name') })
    .from(titles)
    .where(
      and(
        isNotNull(titles.availableAt),
        isFilmOrShow,
        sql`(${titles.name}, ${titles.id}) > (${cursor.name}, ${cursor.id})`,
        suitableFor(viewer),
      ),
    )
    .orderBy(asc(titles.name), asc(titles.id))
    .limit(PAGE_TITLES + 1)

/** `cursor` null: that is all. */
export async function listTitles(
  db: Db,
  viewer: Viewer,
  cursor?: TitleCursor,
): Promise<{ titles: TitleCard[]; cursor: string | null }> {
  // The beginning is a place too: the same index is searched from there on.
  const rows = await listTitlesQuery(db, viewer, cursor ?? { name: '', id: '' })
  const last = rows.length > PAGE_TITLES ? rows[PAGE_TITLES - 1] : undefined
  return {
    titles: rows.slice(0, PAGE_TITLES).map(({ sortName: _sortName, ...card }) => card),
    cursor: last === undefined ? null : cursorText({ name: last.sortName, id: last.id }),
  }
}

/** Undefined when there is no such title, or none for this viewer. */
export async function readTitle(db: Db, viewer: Viewer, id: string): Promise<TitlePage | undefined> {
  const [[title], cards] = await db.batch([
    db
      .select({ ...titleCardFor(viewer), overview: titles.overview, licence: titles.licence, credit: titles.credit })
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
