/** Opens a title on the first agent and source that can: each refusal is kept, and the next choice tried. */
import type { OpenReply } from '#protocol/agent-requests.ts'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { AppError, toErrorData } from '#protocol/errors.ts'
import type { PlayWish } from '#protocol/play-plan.ts'
import { askAgent } from '../agents/ask-agent.ts'
import type { OnStage } from '../agents/hub-calls.ts'
import { fileHintOf } from '../catalog/file-hint.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { type Attempt, worthTrying } from './attempts.ts'
import type { Holders } from './holders.ts'

/** How long one attempt may take: less while there is another. Metadata of a quiet swarm may take half a minute. */
const OPEN_SECONDS = { first: 30, last: 60 } as const

export type Opening = {
  streamId: string
  startSeconds: number
  device?: DeviceProfile | undefined
  wish?: PlayWish | undefined
  /** A file that was chosen before: another agent is told to pick the same. */
  path?: { sourceId: string; path: string } | undefined
  /** Where others have it. */
  holders?: Holders | undefined
  /** Only where all of it is at home. */
  ifAtHome?: boolean | undefined
}
/** Somebody waits: told of stages; when they leave, `signal` aborts and the agent stops. */
export type Waiting = { onStage?: OnStage | undefined; signal?: AbortSignal | undefined }
export type Opened = { attempt: Attempt; reply: OpenReply }

/** Throws the last refusal when nothing opened. */
export async function openStream(edge: Edge, opening: Opening, attempts: Attempt[], waiting: Waiting): Promise<Opened> {
  const [attempt, ...rest] = attempts
  if (!attempt) throw new AppError('no_source', 'There is nothing left to try for this title. Please try again later.')
  try {
    return { attempt, reply: await openOne(edge, opening, attempt, rest.length === 0, waiting) }
  } catch (error) {
    const { code } = toErrorData(error)
    const { agentId, source } = attempt
    const fields = { correlationId: edge.correlationId, streamId: opening.streamId, agentId, sourceId: source.id }
    log('warn', 'open_failed', { ...fields, code, ...(code === 'internal' && { error }) })
    const left = worthTrying(rest, attempt, code)
    if (left.length === 0 || waiting.signal?.aborted) throw error
    return openStream(edge, opening, left, waiting)
  }
}

async function openOne(
  edge: Edge,
  { streamId, startSeconds, device, wish, path, holders, ifAtHome }: Opening,
  { agentId, source }: Attempt,
  isLast: boolean,
  { onStage, signal }: Waiting,
): Promise<OpenReply> {
  const file = path?.sourceId === source.id ? { path: path.path } : fileHintOf(source)
  const neighbours = holders?.infoHash === source.infoHash ? holders.neighboursOf(agentId) : []
  if (holders && neighbours.length > 0 && !ifAtHome) edge.later(holders.lendTo(agentId))
  const request = {
    kind: 'open' as const,
    streamId,
    sourceId: source.id,
    source: {
      infoHash: source.infoHash,
      ...(source.magnet !== null && { magnet: source.magnet }),
      ...(source.torrentFile !== null && { torrentFile: source.torrentFile }),
    },
    file,
    startSeconds,
    ...(device && { device }),
    ...(wish && { wish }),
    ...(ifAtHome && { ifAtHome }),
    ...(neighbours.length > 0 && { householdPeers: neighbours }),
  }
  const deadlineSeconds = isLast ? OPEN_SECONDS.last : OPEN_SECONDS.first
  return askAgent(edge, agentId, request, { deadlineSeconds, signal, ...(onStage && { onStage }) })
}

/** Best effort: the agent forgets the stream and drops what nobody else reads. */
export const closeAtAgent = async (edge: Edge, agentId: string, streamId: string): Promise<void> => {
  try {
    await askAgent(edge, agentId, { kind: 'close', streamId }, { deadlineSeconds: 5 })
  } catch (error) {
    log('info', 'close_not_heard', {
      correlationId: edge.correlationId,
      streamId,
      agentId,
      code: toErrorData(error).code,
    })
  }
}
