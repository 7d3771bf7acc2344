/** The sources of a title as Play tries them: read, ranked for the device and its viewer, without what is refused. */
import { eq } from 'drizzle-orm'
import type { Viewer } from '../auth/viewer.ts'
import { sourcesWithFacts } from '../catalog/found/sources-with-facts.ts'
import { titles } from '../catalog/schema.ts'
import type { Edge } from '../edge.ts'
import { mayPlayByItself, type RankedSource, type RankFor, rankSources } from './rank-sources.ts'

type For = Pick<RankFor, 'askedForId' | 'device' | 'wish'>

/** None where the title is not for this viewer. */
export async function rankedSources(
  edge: Edge,
  viewer: Viewer,
  titleId: string,
  { askedForId, device, wish }: For,
): Promise<RankedSource[]> {
  const isLineKnown = device?.lineBytesPerSecond !== undefined
  const [sources, runtimeMinutes] = await Promise.all([
    sourcesWithFacts(edge, viewer, titleId),
    // How much a second of it weighs matters only beside a line.
    isLineKnown ? runtimeOf(edge, titleId) : undefined,
  ])
  const rankFor = { askedForId, device, wish, runtimeMinutes, now: edge.now }
  return rankSources(sources, rankFor).filter(mayPlayByItself)
}

/** Ids of the sources that only the agent which has them can play. */
export const onOneAgent = (ranked: readonly RankedSource[]): ReadonlySet<string> =>
  new Set(ranked.filter(({ facts }) => facts?.isOnOneAgent).map(({ source }) => source.id))

async function runtimeOf({ db }: Edge, titleId: string): Promise<number | undefined> {
  const [title] = await db.select({ runtimeMinutes: titles.runtimeMinutes }).from(titles).where(eq(titles.id, titleId))
  return title?.runtimeMinutes ?? undefined
}
