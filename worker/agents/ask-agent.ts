/** The only way other features reach an agent: a request in, its parsed reply or an AppError out. */
import { type AgentReply, type AgentRequest, agentReplies } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { randomId } from '../random-id.ts'
import type { OnStage, Presence } from './hub-calls.ts'

type Asking = { deadlineSeconds: number; onStage?: OnStage; signal?: AbortSignal | undefined }

/** Who asks: a request of the Worker, or another Durable Object. */
export type Asker = Pick<Edge, 'env' | 'correlationId' | 'later'>

export const hubOf = (edge: Pick<Edge, 'env'>, agentId: string) =>
  edge.env.AGENT_HUB.get(edge.env.AGENT_HUB.idFromName(agentId))

/** Throws the agent's own refusal, `agent_offline`, `timed_out`, or `internal` for a reply of the wrong shape. */
export async function askAgent<Kind extends AgentRequest['kind']>(
  edge: Asker,
  agentId: string,
  request: Extract<AgentRequest, { kind: Kind }>,
  { deadlineSeconds, onStage, signal }: Asking,
): Promise<AgentReply<Kind>> {
  const hub = hubOf(edge, agentId)
  let id = ''
  const ask = () => {
    id = randomId()
    return hub.ask(request, { id, deadlineSeconds, correlationId: edge.correlationId }, onStage)
  }
  // The person has left: the agent is told, even though this request is ending.
  const leave = () => edge.later(hub.cancel(id))
  signal?.addEventListener('abort', leave)
  try {
    signal?.throwIfAborted()
    let answer = await ask()
    // It came back by another line, having lost the one that this went by: it is asked there, once.
    if (!answer.ok && answer.error.code === 'agent_replaced' && !signal?.aborted) answer = await ask()
    if (!answer.ok) throw new AppError(answer.error.code, answer.error.message)
    return parseReply(edge, agentId, request.kind as Kind, answer.json)
  } finally {
    signal?.removeEventListener('abort', leave)
  }
}

function parseReply<Kind extends AgentRequest['kind']>(
  edge: Asker,
  agentId: string,
  kind: Kind,
  json: string,
): AgentReply<Kind> {
  const parsed = agentReplies[kind].safeParse(JSON.parse(json))
  if (parsed.success) return parsed.data as AgentReply<Kind>
  log('error', 'agent_reply_malformed', { correlationId: edge.correlationId, agentId, reason: kind })
  throw new AppError('internal', 'The agent at home answered something the edge does not understand. Please update it.')
}

/** Which of these agents are connected, and what they can do now: asked of their hubs, never of D1. */
export async function presenceOf(edge: Pick<Edge, 'env'>, agentIds: readonly string[]): Promise<Map<string, Presence>> {
  const answers = await Promise.all(agentIds.map(async (id) => [id, await hubOf(edge, id).presence()] as const))
  return new Map(answers)
}

/** Their tokens are refused from now on, whatever their expiry. `until`: when the last of them expires. */
export const revokeAtAgent = (edge: Edge, agentId: string, streamIds: string[], until: number): Promise<void> =>
  hubOf(edge, agentId).revoke(streamIds, until, edge.correlationId)
