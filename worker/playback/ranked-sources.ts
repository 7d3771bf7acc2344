/** The sources of a title as Play tries them: read, ranked for the device and its viewer, by the household's rules. */
import { eq } from 'drizzle-orm'
import type { Capabilities } from '#protocol/capabilities.ts'
import { presenceOf } from '../agents/ask-agent.ts'
import { readReleaseRules } from '../agents/household/settings.ts'
import { agents } from '../agents/schema.ts'
import type { Viewer } from '../auth/viewer.ts'
import { sourcesWithFacts } from '../catalog/found/sources-with-facts.ts'
import { titles } from '../catalog/schema.ts'
import type { Edge } from '../edge.ts'
import { wholeAtHome } from './holders.ts'
import { mayPlayByItself, type RankedSource, type RankFor, rankSources } from './rank-sources.ts'

/** `gone`: an agent that does not answer whoever asks; nothing that it has counts, and it is not waited for. */
type For = Pick<RankFor, 'askedForId' | 'device' | 'wish'> & { gone?: string | undefined }

/** Without what a rule refuses. None where the title is not for this viewer. */
export const sourcesToPlay = async (edge: Edge, viewer: Viewer, titleId: string, rankFor: For) =>
  (await rankedSources(edge, viewer, titleId, rankFor)).filter(mayPlayByItself)

/** All of them, for whoever looks at the list. None where the title is not for this viewer. */
export async function rankedSources(
  edge: Edge,
  viewer: Viewer,
  titleId: string,
  { askedForId, device, wish, gone }: For,
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
  // Who is at home is asked only where it matters: to choose between copies, or whether one can be made anew.
  const mustBeMade = ranked.some(({ reasons }) => reasons.includes('picture_is_made'))
  if (sources.length < 2 && !mustBeMade) return ranked
  const home = (await onlineAgents(edge)).filter(({ agentId }) => agentId !== gone)
  const whole = sources.length < 2 ? new Set() : await wholeAtHome(edge, home, hashesOf(ranked))
  const canTranscode = home.length === 0 || home.some(({ capabilities }) => capabilities.ffmpeg)
  if (whole.size === 0 && canTranscode) return ranked
  const known = sources.map(({ source, facts }) => {
    const isWhole = whole.has(source.infoHash)
    return { source, facts: isWhole ? { ...facts, isAtHome: true } : (facts ?? {}) }
  })
  return rankSources(known, { ...rankFor, canTranscode })
}

/** Of a file that one agent alone has, it is known that it is at home. */
const hashesOf = (ranked: readonly RankedSource[]) =>
  ranked.flatMap(({ source, facts }) => (facts?.isOnOneAgent ? [] : [source.infoHash]))

/** Where nobody is at home nothing is said against a source. */
async function onlineAgents(edge: Edge): Promise<{ agentId: string; capabilities: Capabilities }[]> {
  const rows = await edge.db.select({ id: agents.id }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map(({ id }) => id),
  )
  return [...presence].flatMap(([agentId, one]) => (one.online ? [{ agentId, capabilities: one.capabilities }] : []))
}

/** Ids of the sources that only the agent which has them can play. */
export const onOneAgent = (ranked: readonly RankedSource[]): ReadonlySet<string> =>
  new Set(ranked.filter(({ facts }) => facts?.isOnOneAgent).map(({ source }) => source.id))

async function runtimeOf({ db }: Edge, titleId: string): Promise<number | undefined> {
  const [title] = await db.select({ runtimeMinutes: titles.runtimeMinutes }).from(titles).where(eq(titles.id, titleId))
  return title?.runtimeMinutes ?? undefined
}
