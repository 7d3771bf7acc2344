/** Has a title looked for by an agent at home: now, for whoever presses Play, or behind the back of a page. */
import { and, eq, gt, sql } from 'drizzle-orm'
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

/** `missed`: nobody could be asked, or nobody whom they asked had anything to say. The title was not looked for. */
type Outcome = 'looking' | 'done' | 'missed'
type Waits = { waitSeconds: number; signal?: AbortSignal | undefined }

/**
 * Asks the first of these agents that answers, and resolves when the first finds are in the catalog, or there are none.
 * Never throws: that nothing was found, and why, is told by the catalog then.
 */
export async function searchTitle(edge: Edge, titleId: string, agentIds: readonly string[], waits: Waits) {
  if ((await askOne(edge, titleId, agentIds, waits)) === 'missed') return
  await edge.db
    .insert(titleSearches)
    .values({ titleId, searchedAt: edge.now })
    .onConflictDoUpdate({ target: titleSearches.titleId, set: { searchedAt: edge.now } })
}

async function askOne(
  edge: Edge,
  titleId: string,
  agentIds: readonly string[],
  { waitSeconds, signal }: Waits,
): Promise<Outcome> {
  const wish = await wishOf(edge.db, titleId)
  if (!wish) return 'missed'
  for (const agentId of agentIds) {
    try {
      const deadlineSeconds = waitSeconds + MARGIN_SECONDS
      const request = { kind: 'search' as const, wish, waitSeconds }
      const { isComplete, providers } = await askAgent(edge, agentId, request, { deadlineSeconds, signal })
      if (!isComplete) return 'looking'
      const isMissed = providers.length > 0 && providers.every(({ state }) => state === 'failed' || state === 'benched')
      return isMissed ? 'missed' : 'done'
    } catch (error) {
      const { code } = toErrorData(error)
      log('info', 'search_failed', { correlationId: edge.correlationId, agentId, code })
      if (signal?.aborted) return 'missed'
    }
  }
  return 'missed'
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
    const outcome = await askOne(edge, titleId, agentIds, { waitSeconds: PAGE_WAITS_SECONDS })
    if (outcome === 'missed') await giveBack(edge, titleId, last?.searchedAt)
    return outcome === 'looking'
  } catch (error) {
    log('error', 'search_failed', { correlationId: edge.correlationId, error })
    return false
  }
}

/** As it was before the claim, so that whoever opens the page next has it looked for. */
async function giveBack({ db, now }: Edge, titleId: string, before: number | undefined): Promise<void> {
  const own = and(eq(titleSearches.titleId, titleId), eq(titleSearches.searchedAt, now))
  if (before === undefined) await db.delete(titleSearches).where(own)
  else await db.update(titleSearches).set({ searchedAt: before }).where(own)
}

/** Somebody asks elsewhere from now on: pages have their titles looked for again, whenever that was last. */
export const lookAgain = ({ db, now }: Edge) =>
  db
    .update(titleSearches)
    .set({ searchedAt: now - PAGE_EVERY_SECONDS })
    .where(gt(titleSearches.searchedAt, now - PAGE_EVERY_SECONDS))

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
