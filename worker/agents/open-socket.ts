/** The agent's socket: the Worker reads who the agent is, then hands the upgrade to its hub. */
import { eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../edge.ts'
import { hubOf } from './ask-agent.ts'
import { IDENTITY_HEADER } from './hub-calls.ts'
import { agents } from './schema.ts'
import type { Identity } from './socket-state.ts'

/** The 101 of the hub. Throws `invalid` for a plain request and `not_found` for an agent that is not ours. */
export async function openSocket(edge: Edge, request: Request, agentId: string): Promise<Response> {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
    throw new AppError('invalid', 'This address is for agents, which connect to it with a WebSocket.')
  }
  const [agent] = await edge.db.select({ publicKey: agents.publicKey }).from(agents).where(eq(agents.id, agentId))
  if (!agent) throw new AppError('not_found', 'There is no such agent in this household. Pair it again.')
  const identity: Identity = {
    agentId,
    publicKey: agent.publicKey,
    hubHost: new URL(request.url).host,
    appOrigin: edge.appOrigin,
  }
  // A new request with our headers alone: what the caller sent stays outside.
  return hubOf(edge, agentId).fetch(request.url, {
    headers: { upgrade: 'websocket', [IDENTITY_HEADER]: JSON.stringify(identity) },
  })
}
