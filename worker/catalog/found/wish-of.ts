/** A title as providers can look for it: its names in all languages, its year, its ids elsewhere. */
import { and, eq, inArray } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import type { TitleWish } from '#protocol/source-search.ts'
import type { Db } from '../../db.ts'
import { externalIds } from '../details/schema.ts'
import { titles } from '../schema.ts'

const MOST_OTHER_NAMES = 8
const Names = z.record(z.string(), z.string()).catch({})
const show = alias(titles, 'show')

/** Undefined for what is not looked for by itself: a show, a season, and what is not there. */
export async function wishOf(db: Db, titleId: string): Promise<TitleWish | undefined> {
  const [row] = await db
    .select({ title: titles, show })
    .from(titles)
    .leftJoin(show, eq(show.id, titles.showId))
    .where(and(eq(titles.id, titleId), inArray(titles.kind, ['movie', 'episode'])))
  if (!row) return undefined
  const { title } = row
  const named = title.kind === 'episode' ? row.show : title
  if (!named || (title.kind === 'episode' && title.episodeNumber === null)) return undefined
  const ids = await db
    .select({ scheme: externalIds.scheme, value: externalIds.value })
    .from(externalIds)
    .where(eq(externalIds.titleId, named.id))
  const imdbId = ids.find(({ scheme, value }) => scheme === 'imdb' && /^tt\d{6,12}$/.test(value))?.value
  const tmdbId = Number(ids.find(({ scheme }) => scheme === 'tmdb:movie' || scheme === 'tmdb:show')?.value)
  const { season, episode } = { season: title.seasonNumber, episode: title.episodeNumber }
  return {
    titleId,
    kind: title.kind === 'episode' ? 'episode' : 'movie',
    name: named.name.slice(0, 200),
    otherNames: otherNamesOf(named),
    ...(named.year === null ? {} : { year: named.year }),
    ...(title.runtimeMinutes === null || title.runtimeMinutes <= 0 ? {} : { runtimeMinutes: title.runtimeMinutes }),
    ...(imdbId === undefined ? {} : { imdbId }),
    ...(Number.isSafeInteger(tmdbId) && tmdbId > 0 ? { tmdbId } : {}),
    ...(title.kind === 'episode' && episode !== null
      ? { episode: { ...(season === null ? {} : { season }), episode }, showId: named.id }
      : {}),
  }
}

/** The original name first: it is what most of the world calls it. */
export function otherNamesOf({
  name,
  originalName,
  names,
}: Pick<typeof titles.$inferSelect, 'name' | 'originalName' | 'names'>) {
  const all = [originalName, ...Object.values(names === null ? {} : Names.parse(JSON.parse(names)))]
  const others = all.filter((one) => one !== null && one !== '' && one !== name && one.length <= 200)
  return [...new Set(others.filter((one) => one !== null))].slice(0, MOST_OTHER_NAMES)
}
