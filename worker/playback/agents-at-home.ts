/** Which agents could play a title now, asked of their hubs. */

import { eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { readAddresses } from '../agents/agents.ts'
import { presenceOf } from '../agents/ask-agent.ts'
import type { Presence } from '../agents/hub-calls.ts'
import { agents } from '../agents/schema.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { type Holders, holdersOf } from './holders.ts'
import { type Candidate, type PlaceFor, type Placement, placeTitle } from './place-title.ts'
import type { Reach } from './stream-access.ts'

export type AgentsAtHome = {
  order: string[]
  /** Those of them that may ask anything of a swarm or an index now. */
  mayFetch: string[]
  reachOf: (agentId: string) => Reach
  /** What its admin page calls an agent. */
  nameOf: (agentId: string) => string
  /** Who has what of the best source, where there are several agents. */
  holders: Holders | undefined
}

/** For whom and of what: `infoHash` is of the source that is tried first. */
export type AskedOf = Pick<PlaceFor, 'current' | 'speeds'> & {
  infoHash?: string | undefined
  /** It does not answer whoever asks: it is not asked what it has, for that would be waited for. */
  gone?: string | undefined
}

/** In the order in which they should play this title. Throws `agent_offline`, `busy` or `maintenance` when none can. */
export async function agentsAtHome(edge: Edge, titleId: string, asked: AskedOf = {}): Promise<AgentsAtHome> {
  const rows = await edge.db.select({ id: agents.id, name: agents.name }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map(({ id }) => id),
  )
  const candidates = candidatesOf(presence)
  const askable = candidates.filter(({ agentId }) => agentId !== asked.gone)
  const holders = asked.infoHash === undefined ? undefined : await holdersOf(edge, asked.infoHash, askable)
  const { order, waitForVpn, refused } = placeTitle(titleId, candidates, {
    ...asked,
    wholeAt: holders?.wholeAt,
    silent: holders?.silent,
  })
  for (const { agentId, reason } of refused) {
    log('info', 'agent_passed_over', { correlationId: edge.correlationId, agentId, reason })
  }
  if (order.length === 0) {
    throw whyNone(refused)
  }
  return {
    order,
    mayFetch: order.filter((agentId) => !waitForVpn.includes(agentId)),
    reachOf: (agentId) => {
      const one = presence.get(agentId)
      return one?.online ? one.capabilities : { addresses: [], relay: false }
    },
    nameOf: (agentId) => rows.find(({ id }) => id === agentId)?.name ?? '',
    holders,
  }
}

const candidatesOf = (presence: ReadonlyMap<string, Presence>): Candidate[] =>
  [...presence].map(([agentId, one]) =>
    one.online ? { agentId, online: true, capabilities: one.capabilities, mode: one.mode } : { agentId, online: false },
  )

function whyNone(refused: Placement['refused']): AppError {
  const isAny = (reason: Placement['refused'][number]['reason']) => refused.some((one) => one.reason === reason)
  if (isAny('full')) {
    return new AppError('busy', 'Your home already plays as many films as it may. Try again when somebody has stopped.')
  }
  return isAny('resting')
    ? new AppError('maintenance', 'Your home is being looked after. Films play again when its admin says so.')
    : new AppError('agent_offline', 'No agent at home is connected. Please check that it runs, then try again.')
}

/** Where one agent can be reached: now, or where it was last when it is away for a moment. */
export async function reachOfAgent(edge: Edge, agentId: string): Promise<Reach & { isLeaving: boolean }> {
  const one = (await presenceOf(edge, [agentId])).get(agentId)
  const isLeaving = one !== undefined && one.mode !== 'serving'
  if (one?.online) return { ...one.capabilities, isLeaving: isLeaving || one.capabilities.isLeaving === true }
  const [row] = await edge.db.select({ addresses: agents.addresses }).from(agents).where(eq(agents.id, agentId))
  return { addresses: row ? readAddresses(row.addresses) : [], relay: row !== undefined, isLeaving }
}

/** How many of these could go on with a title now; nothing is asked of the agents themselves. */
export async function howManyCould(edge: Edge, titleId: string, agentIds: readonly string[]): Promise<number> {
  return placeTitle(titleId, candidatesOf(await presenceOf(edge, agentIds))).order.length
}
