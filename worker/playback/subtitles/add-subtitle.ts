/** Subtitles from elsewhere, for a stream that plays: a person's own file, or one that a search found. */
import { encodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import { askAgent } from '../../agents/ask-agent.ts'
import type { SignedInPerson } from '../../auth/require-user.ts'
import { readTitle } from '../../catalog/titles.ts'
import type { Edge } from '../../edge.ts'
import { type Grant, readOwnGrant } from '../grants.ts'
import { subtitleLimit, takeAsk } from '../limit-asks.ts'
import type { ChosenSubtitle, FoundSubtitle, UploadedSubtitle } from './answers.ts'
import { downloadSubtitle, searchSubtitles } from './open-subtitles.ts'

const AGENT_SECONDS = 15

type Stream = { id: string; person: SignedInPerson; signal: AbortSignal }

/** Throws `not_found`, `token_revoked`, `token_expired`, `too_many`, and what the agent throws. */
export async function addSubtitle(edge: Edge, stream: Stream, file: UploadedSubtitle): Promise<SubtitleTrack> {
  return keepAtAgent(edge, await ownStream(edge, stream), file, stream.signal)
}

/** Also throws what the search upstream throws. */
export async function addFoundSubtitle(
  edge: Edge,
  stream: Stream,
  { fileId, ...chosen }: ChosenSubtitle,
): Promise<SubtitleTrack> {
  const grant = await ownStream(edge, stream)
  const file = encodeBase64Url(await downloadSubtitle(edge, fileId))
  return keepAtAgent(edge, grant, { ...chosen, format: 'srt', file }, stream.signal)
}

export async function findSubtitles(edge: Edge, stream: Stream, language: string): Promise<FoundSubtitle[]> {
  const grant = await ownStream(edge, stream)
  const title = await readTitle(edge.db, stream.person.viewer, grant.titleId)
  if (!title) throw new AppError('not_found', 'There is no such title any more. It may have been withdrawn.')
  return searchSubtitles(edge, { name: title.name, year: title.year, language })
}

async function ownStream(edge: Edge, { id, person }: Stream): Promise<Grant> {
  const grant = await readOwnGrant(edge, id, person.sessionId)
  if (grant.expiresAt <= edge.now) {
    throw new AppError('token_expired', 'This stream was left for too long. Go on by starting it again.')
  }
  await takeAsk(edge, person.id, subtitleLimit)
  return grant
}

function keepAtAgent(
  edge: Edge,
  { agentId, sourceId, path }: Grant,
  { name, language, format, file }: UploadedSubtitle,
  signal: AbortSignal,
): Promise<SubtitleTrack> {
  const request = {
    ...{ kind: 'add-subtitle' as const, sourceId, path, name, format, file },
    ...(language === undefined ? {} : { language }),
  }
  return askAgent(edge, agentId, request, { deadlineSeconds: AGENT_SECONDS, signal })
}
