/** The sources of a title as Play tries them: read, ranked for the device and its viewer, by the household's rules. */
import { eq } from 'drizzle-orm'
import { presenceOf } from '../agents/ask-agent.ts'
import { readReleaseRules } from '../agents/household/settings.ts'
import { agents } from '../agents/schema.ts'
import type { Viewer } from '../auth/viewer.ts'
import { sourcesWithFacts } from '../catalog/found/sources-with-facts.ts'
import { titles } from '../catalog/schema.ts'
import type { Edge } from '../edge.ts'
import { mayPlayByItself, type RankedSource, type RankFor, rankSources } from './rank-sources.ts'

type For = Pick<RankFor, 'askedForId' | 'device' | 'wish'>

/** Without what a rule refuses. None where the title is not for this viewer. */
export const sourcesToPlay = async (edge: Edge, viewer: Viewer, titleId: string, rankFor: For) =>
  (await rankedSources(edge, viewer, titleId, rankFor)).filter(mayPlayByItself)

/** All of them, for whoever looks at the list. None where the title is not for this viewer. */
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
  // A rule speaks of what the name of a release says.
  const rules = sources.some(({ facts }) => facts?.release) ? await readReleaseRules(edge) : []
  const rankFor = { askedForId, device, wish, runtimeMinutes, rules, now: edge.now }
  const ranked = rankSources(sources, rankFor)
  // Whether anybody can make a picture anew is asked only where it matters.
  const mustBeMade = ranked.some(({ reasons }) => reasons.includes('picture_is_made'))
  if (!mustBeMade || (await canTranscode(edge))) return ranked
  return rankSources(sources, { ...rankFor, canTranscode: false })
}

/** Where nobody is at home nothing is said against a source. */
async function canTranscode(edge: Edge): Promise<boolean> {
  const rows = await edge.db.select({ id: agents.id }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map(({ id }) => id),
  )
  const here = [...presence.values()].flatMap((one) => (one.online ? one.capabilities : []))
  return here.length === 0 || here.some(({ ffmpeg }) => ffmpeg)
}

/** Ids of the sources that only the agent which has them can play. */
export const onOneAgent = (ranked: readonly RankedSource[]): ReadonlySet<string> =>
  new Set(ranked.filter(({ facts }) => facts?.isOnOneAgent).map(({ source }) => source.id))

async function runtimeOf({ db }: Edge, titleId: string): Promise<number | undefined> {
  const [title] = await db.select({ runtimeMinutes: titles.runtimeMinutes }).from(titles).where(eq(titles.id, titleId))
  return title?.runtimeMinutes ?? undefined
}
