/** Which agents could play a title now, asked of their hubs. */

import { eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { readAddresses } from '../agents/agents.ts'
import { presenceOf } from '../agents/ask-agent.ts'
import { agents } from '../agents/schema.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { type Candidate, placeTitle } from './place-title.ts'
import type { Reach } from './stream-access.ts'

export type AgentsAtHome = {
  order: string[]
  /** Those of them that may ask anything of a swarm or an index now. */
  mayFetch: string[]
  reachOf: (agentId: string) => Reach
}

/** In the order in which they should play this title. Throws `agent_offline` when none can. */
export async function agentsAtHome(edge: Edge, titleId: string): Promise<AgentsAtHome> {
  const rows = await edge.db.select({ id: agents.id }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map(({ id }) => id),
  )
  const candidates = [...presence].map(
    ([agentId, one]): Candidate =>
      one.online ? { agentId, online: true, capabilities: one.capabilities } : { agentId, online: false },
  )
  const { order, waitForVpn, refused } = placeTitle(titleId, candidates)
  for (const { agentId, reason } of refused) {
    log('info', 'agent_passed_over', { correlationId: edge.correlationId, agentId, reason })
  }
  if (order.length === 0) {
    throw new AppError('agent_offline', 'No agent at home is connected. Please check that it runs, then try again.')
  }
  return {
    order,
    mayFetch: order.filter((agentId) => !waitForVpn.includes(agentId)),
    reachOf: (agentId) => {
      const one = presence.get(agentId)
      return one?.online ? one.capabilities : { addresses: [], relay: false }
    },
  }
}

/** Where one agent can be reached: now, or where it was last when it is away for a moment. */
export async function reachOfAgent(edge: Edge, agentId: string): Promise<Reach> {
  const one = (await presenceOf(edge, [agentId])).get(agentId)
  if (one?.online) return one.capabilities
  const [row] = await edge.db.select({ addresses: agents.addresses }).from(agents).where(eq(agents.id, agentId))
  return { addresses: row ? readAddresses(row.addresses) : [], relay: row !== undefined }
}
