/** Fail-over: the same film from another agent or source, under the same stream id. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { SignedInPerson } from '../auth/require-user.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { agentsAtHome } from './agents-at-home.ts'
import type { MoveRequest, StreamReady } from './answers.ts'
import { type Attempt, type Failure, planAttempts } from './attempts.ts'
import { type Grant, moveGrant, readOwnGrant } from './grants.ts'
import { closeAtAgent, openStream, type Waiting } from './open-stream.ts'
import { onOneAgent, sourcesToPlay } from './ranked-sources.ts'
import { askedOf, streamReady } from './start-playback.ts'

/** Moves of one stream in ten minutes: a player that finds no rest is told so. */
const MOVES_IN_TEN_MINUTES = 8
const TEN_MINUTES = 600

const Failures = z.array(z.object({ agentId: z.string(), sourceId: z.string(), at: z.int() }))

/** Throws `not_found`, `token_revoked`, `too_many`, or why no agent plays it. The grant is changed only when one does. */
export async function moveStream(
  edge: Edge,
  person: SignedInPerson,
  streamId: string,
  { reason, atSeconds, device, wish, speeds }: MoveRequest,
  waiting: Waiting,
): Promise<StreamReady> {
  const before = await readOwnGrant(edge, streamId, person.sessionId)
  const isDraining = reason === 'draining'
  const failures = failuresOf(before.failures, edge.now)
  if (failures.length >= MOVES_IN_TEN_MINUTES) {
    throw new AppError(
      'too_many',
      'This film was moved many times without success. Please wait a little and try again.',
    )
  }
  const failed: Failure[] =
    isReplan(reason) || isDraining ? [] : [{ agentId: before.agentId, sourceId: before.sourceId, at: edge.now }]
  const gone = reason === 'agent_gone' ? before.agentId : undefined
  const rankFor = { device, wish, askedForId: before.sourceId, gone }
  const ranked = await sourcesToPlay(edge, person.viewer, before.titleId, rankFor)
  const current = isDraining ? undefined : before.agentId
  const home = await agentsAtHome(edge, before.titleId, { ...askedOf(ranked, speeds), current, gone })
  if (isDraining && home.order.every((agentId) => agentId === before.agentId)) throw nobodyElse()
  const attempts = planAttempts(
    ranked.map(({ source }) => source),
    isDraining ? home.order.filter((agentId) => agentId !== before.agentId) : home.order,
    // Where nobody fails the same source goes on, also at an agent that was away for a while.
    isDraining ? [] : [...failures, ...failed],
    onOneAgent(ranked),
  )
  if (isReplan(reason)) attempts.sort((a, b) => isCurrent(before, b) - isCurrent(before, a))
  // The same file wherever the same source is opened: what was buffered stays good.
  const path = { sourceId: before.sourceId, path: before.path }
  const { attempt, reply } = await openStream(
    edge,
    { streamId, startSeconds: atSeconds, path, device, wish, holders: home.holders },
    attempts,
    waiting,
  )
  const { agentId } = attempt
  const grant = await moveGrant(edge, before, {
    agentId,
    sourceId: attempt.source.id,
    path: reply.path,
    failures: JSON.stringify([...failures, ...failed]),
  })
  if (!grant || waiting.signal?.aborted) {
    if (agentId !== before.agentId) edge.later(closeAtAgent(edge, agentId, streamId))
    throw new AppError('conflict', 'This stream was moved or ended in the meantime. Please try again.')
  }
  if (agentId !== before.agentId) edge.later(closeAtAgent(edge, before.agentId, streamId))
  log('info', 'stream_moved', {
    correlationId: edge.correlationId,
    streamId,
    agentId,
    sourceId: grant.sourceId,
    reason,
  })
  return streamReady(edge, grant, reply, home, atSeconds)
}

/** The film goes on where it is, by another plan. */
const isReplan = (reason: MoveRequest['reason']) => reason === 'cannot_decode' || reason === 'chosen'

const nobodyElse = () => new AppError('agent_offline', 'No other agent at home can go on with this film.')

const isCurrent = ({ agentId, sourceId }: Grant, attempt: Attempt) =>
  Number(attempt.agentId === agentId && attempt.source.id === sourceId)

/** Those of the last ten minutes; older ones say nothing of now. */
const failuresOf = (json: string, now: number): Failure[] =>
  Failures.catch([])
    .parse(JSON.parse(json))
    .filter(({ at }) => at > now - TEN_MINUTES)
