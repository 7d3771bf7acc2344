/** Ends streams: in D1 at once, and at their agents as fast as their sockets carry it. */
import { and, eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { revokeAtAgent } from '../agents/ask-agent.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { type EndedGrant, endGrants } from './grants.ts'
import { closeAtAgent } from './open-stream.ts'
import { streamGrants } from './schema.ts'

/** A session has ended: so has every stream it started. */
export async function endStreamsOfSession(edge: Edge, sessionId: string): Promise<void> {
  edge.later(tellAgents(edge, await endGrants(edge, eq(streamGrants.sessionId, sessionId), 'session ended')))
}

/** An agent is being removed: it hears of it while its socket is still open, so this waits. */
export async function endStreamsOfAgent(edge: Edge, agentId: string): Promise<void> {
  await tellAgents(edge, await endGrants(edge, eq(streamGrants.agentId, agentId), 'agent removed'))
}

/** The viewer left. Throws `not_found` for a stream that is not theirs; a second time nothing happens. */
export async function leaveStream(edge: Edge, id: string, sessionId: string): Promise<void> {
  const mine = and(eq(streamGrants.id, id), eq(streamGrants.sessionId, sessionId))
  const [grant] = await edge.db.select({ agentId: streamGrants.agentId }).from(streamGrants).where(mine)
  if (!grant) throw new AppError('not_found', 'There is no such stream. It may have ended already.')
  const ended = await endGrants(edge, mine, 'viewer left')
  if (ended.length > 0) edge.later(tellAgents(edge, ended).then(() => closeAtAgent(edge, grant.agentId, id)))
}

/** One message an agent. What cannot be told now is in its hub for the next connect, and expires on its own. */
async function tellAgents(edge: Edge, ended: EndedGrant[]): Promise<void> {
  const byAgent = Map.groupBy(ended, ({ agentId }) => agentId)
  const told = [...byAgent].map(([agentId, grants]) => {
    const until = Math.max(...grants.map(({ expiresAt }) => expiresAt))
    return revokeAtAgent(
      edge,
      agentId,
      grants.map(({ id }) => id),
      until,
    )
  })
  for (const outcome of await Promise.allSettled(told)) {
    if (outcome.status === 'rejected') {
      log('error', 'revocation_not_told', { correlationId: edge.correlationId, error: outcome.reason })
    }
  }
}
