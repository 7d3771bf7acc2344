/** Has a title looked for by an agent at home: now, for whoever presses Play, or behind the back of a page. */
import { eq, sql } from 'drizzle-orm'
import { toErrorData } from '#protocol/errors.ts'
import { askAgent, presenceOf } from '../../agents/ask-agent.ts'
import { agents } from '../../agents/schema.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { titleSearches } from './schema.ts'
import { wishOf } from './wish-of.ts'

/** How long Play waits for the first finds. */
export const PLAY_WAITS_SECONDS = 3
/** How long a title's page waits for them, which shows what is known meanwhile. */
const PAGE_WAITS_SECONDS = 1.2
/** A page does not have a title looked for again before. */
const PAGE_EVERY_SECONDS = 6 * 3600
/** Providers may take this long, and what they find comes by itself. */
const LOOKING_SECONDS = 30
/** Beside what the agent waits for. */
const MARGIN_SECONDS = 5

/**
 * Asks the first of these agents that answers, and resolves when the first finds are in the catalog, or there are none:
 * with whether somebody is still looking. Never throws: that nothing was found, and why, is told by the catalog then.
 */
export async function searchTitle(
  edge: Edge,
  titleId: string,
  agentIds: readonly string[],
  { waitSeconds, signal }: { waitSeconds: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const wish = await wishOf(edge.db, titleId)
  if (!wish) return false
  await edge.db
    .insert(titleSearches)
    .values({ titleId, searchedAt: edge.now })
    .onConflictDoUpdate({ target: titleSearches.titleId, set: { searchedAt: edge.now } })
  for (const agentId of agentIds) {
    try {
      const deadlineSeconds = waitSeconds + MARGIN_SECONDS
      const request = { kind: 'search' as const, wish, waitSeconds }
      const { isComplete } = await askAgent(edge, agentId, request, { deadlineSeconds, signal })
      return !isComplete
    } catch (error) {
      const { code } = toErrorData(error)
      log('info', 'search_failed', { correlationId: edge.correlationId, agentId, code })
      if (signal?.aborted) return false
    }
  }
  return false
}

/** For a title's page, now and then: whether more may come yet. Never throws. */
export async function searchForPage(edge: Edge, titleId: string): Promise<boolean> {
  try {
    const { db } = edge
    const [last] = await db
      .select({ searchedAt: titleSearches.searchedAt })
      .from(titleSearches)
      .where(eq(titleSearches.titleId, titleId))
    if (last && last.searchedAt > edge.now - PAGE_EVERY_SECONDS) return last.searchedAt > edge.now - LOOKING_SECONDS
    const agentIds = await agentsThatMaySearch(edge)
    if (agentIds.length === 0) return false
    // One of all who look at the page at this moment.
    const [claimed] = await db
      .insert(titleSearches)
      .values({ titleId, searchedAt: edge.now })
      .onConflictDoUpdate({
        target: titleSearches.titleId,
        set: { searchedAt: edge.now },
        setWhere: sql`${titleSearches.searchedAt} <= ${edge.now - PAGE_EVERY_SECONDS}`,
      })
      .returning({ titleId: titleSearches.titleId })
    if (!claimed) return true
    return await searchTitle(edge, titleId, agentIds, { waitSeconds: PAGE_WAITS_SECONDS })
  } catch (error) {
    log('error', 'search_failed', { correlationId: edge.correlationId, error })
    return false
  }
}

async function agentsThatMaySearch(edge: Edge): Promise<string[]> {
  const rows = await edge.db.select({ id: agents.id }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map(({ id }) => id),
  )
  return [...presence].flatMap(([id, one]) => {
    if (!one.online) return []
    const { policy, state } = one.capabilities.vpn
    return policy === 'required' && state !== 'up' ? [] : [id]
  })
}
