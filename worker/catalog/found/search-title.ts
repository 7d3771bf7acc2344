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
/** A page does not have a title looked for again before. */
const PAGE_EVERY_SECONDS = 6 * 3600
/** Beside what the agent waits for. */
const MARGIN_SECONDS = 5

/**
 * Asks the first of these agents that answers, and resolves when the first finds are in the catalog, or there are none.
 * Never throws: that nothing was found, and why, is told by what is in the catalog then.
 */
export async function searchTitle(
  edge: Edge,
  titleId: string,
  agentIds: readonly string[],
  { waitSeconds, signal }: { waitSeconds: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const wish = await wishOf(edge.db, titleId)
  if (!wish) return
  await edge.db
    .insert(titleSearches)
    .values({ titleId, searchedAt: edge.now })
    .onConflictDoUpdate({ target: titleSearches.titleId, set: { searchedAt: edge.now } })
  for (const agentId of agentIds) {
    try {
      const deadlineSeconds = waitSeconds + MARGIN_SECONDS
      await askAgent(edge, agentId, { kind: 'search', wish, waitSeconds }, { deadlineSeconds, signal })
      return
    } catch (error) {
      const { code } = toErrorData(error)
      log('info', 'search_failed', { correlationId: edge.correlationId, agentId, code })
      if (signal?.aborted) return
    }
  }
}

/** For a title's page that has no source to show: now and then, so that Play need not wait. Never throws. */
export async function searchForPage(edge: Edge, titleId: string): Promise<void> {
  try {
    const { db } = edge
    const [last] = await db
      .select({ searchedAt: titleSearches.searchedAt })
      .from(titleSearches)
      .where(eq(titleSearches.titleId, titleId))
    if (last && last.searchedAt > edge.now - PAGE_EVERY_SECONDS) return
    const agentIds = await agentsThatMaySearch(edge)
    if (agentIds.length === 0) return
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
    if (claimed) await searchTitle(edge, titleId, agentIds, { waitSeconds: 0 })
  } catch (error) {
    log('error', 'search_failed', { correlationId: edge.correlationId, error })
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
