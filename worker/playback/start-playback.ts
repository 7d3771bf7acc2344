/** A press of Play, from title to URLs: sources, agents, open, grant, token. */

import type { OpenReply } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { SignedInPerson } from '../auth/require-user.ts'
import { PLAY_WAITS_SECONDS, searchTitle } from '../catalog/found/search-title.ts'
import { readTitle } from '../catalog/titles.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { randomId } from '../random-id.ts'
import { type AgentsAtHome, type AskedOf, agentsAtHome } from './agents-at-home.ts'
import type { AgentSpeeds, PlayRequest, StreamReady } from './answers.ts'
import { planAttempts } from './attempts.ts'
import { type Grant, insertGrant } from './grants.ts'
import { closeAtAgent, openStream, type Waiting } from './open-stream.ts'
import { serversFor } from './p2p/ice-servers.ts'
import type { RankedSource } from './rank-sources.ts'
import { onOneAgent, sourcesToPlay } from './ranked-sources.ts'
import { streamUrls } from './stream-access.ts'

/** Throws why nothing plays; when the person leaves (`signal`), whatever was begun for them ends. */
export async function startPlayback(
  edge: Edge,
  person: SignedInPerson,
  play: PlayRequest,
  waiting: Waiting,
): Promise<StreamReady> {
  const ranked = await sourcesToTry(edge, person, play, waiting)
  const home = await agentsAtHome(edge, play.titleId, askedOf(ranked, play.speeds))
  const attempts = planAttempts(
    ranked.map(({ source }) => source),
    home.order,
    [],
    onOneAgent(ranked),
  )

  const streamId = randomId()
  const { startSeconds, device, wish, ifAtHome } = play
  const { attempt, reply } = await openStream(
    edge,
    { streamId, startSeconds, device, wish, ifAtHome, holders: home.holders },
    attempts,
    waiting,
  )
  const grant = await insertGrant(edge, {
    id: streamId,
    personId: person.id,
    sessionId: person.sessionId,
    titleId: play.titleId,
    agentId: attempt.agentId,
    sourceId: attempt.source.id,
    path: reply.path,
  })
  if (!grant || waiting.signal?.aborted) {
    edge.later(closeAtAgent(edge, attempt.agentId, streamId))
    throw new AppError('session_ended', 'This session ended while the film was being opened. Please sign in again.')
  }
  const reasons = ranked.find(({ source }) => source.id === attempt.source.id)?.reasons.join(' ')
  log('info', 'stream_started', { correlationId: edge.correlationId, streamId, ...placeOf(grant), reason: reasons })
  return streamReady(edge, grant, reply, home, startSeconds)
}

/** Looked for first when none is known: the first finds come in seconds, and what comes later is there for the next press. */
async function sourcesToTry(
  edge: Edge,
  person: SignedInPerson,
  play: PlayRequest,
  { signal }: Waiting,
): Promise<RankedSource[]> {
  const read = () => sourcesToPlay(edge, person.viewer, play.titleId, { ...play, askedForId: play.prefer?.sourceId })
  const known = await read()
  if (known.length > 0) return known
  const nothing = await nothingToPlay(edge, person, play.titleId)
  if (nothing.code !== 'no_source' || play.ifAtHome) throw nothing
  const home = await agentsAtHome(edge, play.titleId).catch(() => undefined)
  if (!home || home.mayFetch.length === 0) throw nothing
  await searchTitle(edge, play.titleId, home.mayFetch, { waitSeconds: PLAY_WAITS_SECONDS, signal })
  const found = await read()
  if (found.length === 0) throw nothing
  return found
}

const placeOf = ({ agentId, sourceId, personId }: Grant) => ({ agentId, sourceId, personId })

async function nothingToPlay(edge: Edge, { viewer }: SignedInPerson, titleId: string): Promise<AppError> {
  return (await readTitle(edge.db, viewer, titleId))
    ? new AppError('no_source', 'Nobody offers this title at the moment. Please try again later.')
    : new AppError('not_found', 'There is no such title. It may have been withdrawn.')
}

/** What the choice among several agents needs to know of the source that is tried first. */
export const askedOf = ([first]: readonly RankedSource[], speeds: AgentSpeeds | undefined): AskedOf => ({
  // A file that only one agent has is nobody's choice.
  ...(first && !first.facts?.isOnOneAgent && { infoHash: first.source.infoHash }),
  ...(speeds && { speeds: new Map(speeds.map(({ agentId, bytesPerSecond }) => [agentId, bytesPerSecond])) }),
})

/** The answer to Play and to a move. */
export async function streamReady(
  edge: Edge,
  grant: Grant,
  reply: OpenReply,
  home: Pick<AgentsAtHome, 'order' | 'reachOf' | 'nameOf'>,
  resumeAtSeconds: number,
): Promise<StreamReady> {
  const { contentType, sizeBytes, durationSeconds = null, tracks, plan } = reply
  const urls = await streamUrls(edge, grant, home.reachOf(grant.agentId))
  return {
    streamId: grant.id,
    sourceId: grant.sourceId,
    agentId: grant.agentId,
    agentName: home.nameOf(grant.agentId),
    otherAgents: home.order.filter((agentId) => agentId !== grant.agentId).length,
    expiresAt: grant.expiresAt,
    contentType,
    sizeBytes,
    durationSeconds,
    tracks,
    plan,
    chapters: reply.chapters ?? [],
    markers: reply.markers ?? [],
    thumbnails: reply.thumbnails ?? false,
    fontCount: reply.fontCount ?? 0,
    urls,
    ...(await serversFor(edge, urls)),
    resumeAtSeconds,
  }
}
