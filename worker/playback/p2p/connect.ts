/** A viewer's browser and the home of its stream are introduced to each other: the edge carries words, never bytes. */

import { AppError } from '#protocol/errors.ts'
import type { P2pChange, P2pChanged, P2pOpened } from '#protocol/p2p-signalling.ts'
import { askAgent, presenceOf } from '../../agents/ask-agent.ts'
import type { SignedInPerson } from '../../auth/require-user.ts'
import type { Edge } from '../../edge.ts'
import { randomId } from '../../random-id.ts'
import { type Grant, readOwnGrant } from '../grants.ts'
import { connectionLimit, takeAsk } from '../limit-asks.ts'
import { iceServers } from './ice-servers.ts'

const AGENT_SECONDS = 8

/** The stream that a connection is for, and its viewer; the signal aborts when they leave. */
export type Connecting = { streamId: string; person: SignedInPerson; signal: AbortSignal }

/** Throws `not_found`, `token_revoked`, `token_expired`, `agent_offline`, `not_configured`, `too_many`, and what the agent throws. */
export async function openConnection(edge: Edge, connecting: Connecting, offer: string): Promise<P2pOpened> {
  const { id: streamId, agentId } = await liveGrant(edge, connecting)
  const home = (await presenceOf(edge, [agentId])).get(agentId)
  if (!home?.online) throw new AppError('agent_offline', 'Your home is not connected. Please check that it runs.')
  if (!home.capabilities.p2p) {
    throw new AppError('not_configured', 'Your home has no peer to peer. Another way is taken.')
  }
  await takeAsk(edge, connecting.person.id, connectionLimit)
  const connectionId = randomId()
  const { answer } = await askAgent(
    edge,
    agentId,
    { kind: 'p2p-open', streamId, connectionId, offer, iceServers: await iceServers(edge) },
    { deadlineSeconds: AGENT_SECONDS, signal: connecting.signal },
  )
  return { connectionId, description: answer }
}

/** Throws the same; `not_found` also for a connection that is over. */
export async function exchangeCandidates(
  edge: Edge,
  connecting: Connecting,
  connectionId: string,
  change: P2pChange,
): Promise<P2pChanged> {
  const { id: streamId, agentId } = await liveGrant(edge, connecting)
  const request = { kind: 'p2p-candidates' as const, streamId, connectionId, ...change }
  return askAgent(edge, agentId, request, { deadlineSeconds: AGENT_SECONDS, signal: connecting.signal })
}

/** A connection that is over already is none the less so. */
export async function closeConnection(edge: Edge, connecting: Connecting, connectionId: string): Promise<void> {
  const { id: streamId, agentId } = await liveGrant(edge, connecting)
  await askAgent(edge, agentId, { kind: 'p2p-close', streamId, connectionId }, { deadlineSeconds: AGENT_SECONDS })
}

async function liveGrant(edge: Edge, { streamId, person }: Connecting): Promise<Grant> {
  const grant = await readOwnGrant(edge, streamId, person.sessionId)
  if (grant.expiresAt > edge.now) return grant
  throw new AppError('token_expired', 'This stream was left for too long. Go on by starting it again.')
}
