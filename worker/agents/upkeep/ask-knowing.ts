/** Asks an agent what only newer agents know to answer. */
import { eq } from 'drizzle-orm'
import type { AgentReply, AgentRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { askAgent, presenceOf } from '../ask-agent.ts'
import { agents } from '../schema.ts'

const DEADLINE_SECONDS = 10

/** Throws `not_found`, `agent_offline`, `version_unsupported`, or what the agent refuses with. */
export async function askKnowing<Kind extends AgentRequest['kind']>(
  edge: Edge,
  agentId: string,
  request: Extract<AgentRequest, { kind: Kind }>,
): Promise<AgentReply<Kind>> {
  const [row] = await edge.db.select({ id: agents.id }).from(agents).where(eq(agents.id, agentId))
  if (!row) throw new AppError('not_found', 'There is no such agent. It may be removed already.')
  const presence = (await presenceOf(edge, [agentId])).get(agentId)
  if (presence?.online && !presence.capabilities.alsoAnswers?.includes(request.kind)) {
    throw new AppError('version_unsupported', 'This agent is too old for that. Please update it, then try again.')
  }
  return askAgent<Kind>(edge, agentId, request, { deadlineSeconds: DEADLINE_SECONDS })
}
