/** What comes after an episode: the next one of its show that was shown already, in this season or the one after. */
import { and, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Viewer } from '../../auth/viewer.ts'
import { titles } from '../../catalog/schema.ts'
import { suitableFor } from '../../catalog/suitable.ts'
import { titleCardFor } from '../../catalog/titles.ts'
import type { Edge } from '../../edge.ts'
import type { FollowingEpisode } from '../answers.ts'
import { episodeColumns, episodeOf, show } from '../episode-of.ts'

const now = alias(titles, 'now')

/** Null after the last, and for what is no episode. Specials follow nothing but each other. */
export async function nextEpisode(
  { db, nowMs }: Edge,
  viewer: Viewer,
  titleId: string,
): Promise<FollowingEpisode | null> {
  const today = new Date(nowMs).toISOString().slice(0, 10)
  const [row] = await db
    .select({ title: titleCardFor(viewer), ...episodeColumns(viewer), availableAt: titles.availableAt })
    .from(now)
    .innerJoin(titles, and(eq(titles.showId, now.showId), eq(titles.kind, 'episode')))
    .innerJoin(show, eq(show.id, now.showId))
    .where(
      and(
        eq(now.id, titleId),
        eq(now.kind, 'episode'),
        sql`(${titles.seasonNumber}, ${titles.episodeNumber}) > (${now.seasonNumber}, ${now.episodeNumber})`,
        sql`(${titles.seasonNumber} = 0) = (${now.seasonNumber} = 0)`,
        sql`coalesce(${titles.releasedOn}, '') <= ${today}`,
        suitableFor(viewer),
      ),
    )
    .orderBy(titles.seasonNumber, titles.episodeNumber)
    .limit(1)
  const episode = row && episodeOf(row)
  return row && episode ? { title: row.title, episode, isAvailable: row.availableAt !== null } : null
}
