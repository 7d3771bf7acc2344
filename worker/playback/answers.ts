/** What the playback routes take and answer. */
import * as z from 'zod'
import { DeviceProfile } from '#protocol/device-profile.ts'
import { ErrorData } from '#protocol/errors.ts'
import { IceServers } from '#protocol/p2p-signalling.ts'
import { PlayPlan, PlayWish } from '#protocol/play-plan.ts'
import { OpenStage } from '#protocol/stream-status.ts'
import { StreamUrl } from '#protocol/stream-url.ts'
import { Chapter, Marker, Tracks } from '#protocol/tracks.ts'
import { SourceCard, TitleId } from '../catalog/answers.ts'

const atSeconds = z
  .number()
  .nonnegative()
  .max(7 * 24 * 3600)

/** How fast each agent has been for this player, as far as it has measured: places the title, and is kept nowhere. */
const AgentSpeeds = z
  .array(z.strictObject({ agentId: z.string().max(64), bytesPerSecond: z.number().positive() }))
  .max(16)
export type AgentSpeeds = z.infer<typeof AgentSpeeds>

export const PlayRequest = z.strictObject({
  titleId: TitleId,
  startSeconds: atSeconds,
  device: DeviceProfile.optional(),
  wish: PlayWish.optional(),
  prefer: z.strictObject({ sourceId: z.string().max(64).optional() }).optional(),
  speeds: AgentSpeeds.optional(),
  /** Nobody has pressed Play yet: `not_found` unless all of the film is at home, and no swarm is joined for it. */
  ifAtHome: z.boolean().optional(),
})
export type PlayRequest = z.infer<typeof PlayRequest>

/**
 * `error`, `stalled`, `agent_gone`: this agent or this source failed, another is tried first. `cannot_decode`,
 * `chosen`: the same file on the same agent, by another plan (`wish`): nobody failed. `draining`: the agent asked to be
 * left while it can still be.
 */
export const MoveRequest = z.strictObject({
  reason: z.enum(['error', 'stalled', 'agent_gone', 'cannot_decode', 'chosen', 'draining']),
  atSeconds,
  device: DeviceProfile.optional(),
  wish: PlayWish.optional(),
  speeds: AgentSpeeds.optional(),
})
export type MoveRequest = z.infer<typeof MoveRequest>

/** Absolute URLs with the token inside, best transport first. The token is nowhere else. */
export const StreamReady = z.object({
  streamId: z.string(),
  /** Which file it is: places are kept by it (PUT /api/progress). */
  sourceId: z.string(),
  /** Which agent sends it. */
  agentId: z.string(),
  /** What the household calls it. */
  agentName: z.string(),
  /** How many others could go on with it: whether it is worth leaving this one early. */
  otherAgents: z.int(),
  /** When this token stops, epoch seconds. */
  expiresAt: z.int(),
  contentType: z.string(),
  sizeBytes: z.int(),
  durationSeconds: z.number().nullable(),
  tracks: Tracks,
  plan: PlayPlan,
  chapters: z.array(Chapter),
  markers: z.array(Marker),
  /** Small pictures can be made of it. */
  thumbnails: z.boolean(),
  /** Fonts that the film brings, for its styled subtitles. */
  fontCount: z.int(),
  urls: z.array(StreamUrl),
  /** For the `p2p` one of them, where the operator has set some. */
  iceServers: IceServers.optional(),
  resumeAtSeconds: z.number(),
})
export type StreamReady = z.infer<typeof StreamReady>

/** One line of the NDJSON form: stages while it opens, then one of the other two, last. */
export const PlayLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage'), stage: OpenStage, peers: z.int() }),
  z.object({ type: z.literal('ready'), stream: StreamReady }),
  z.object({ type: z.literal('failed'), error: ErrorData }),
])
export type PlayLine = z.infer<typeof PlayLine>

export const Renewed = z.object({
  expiresAt: z.int(),
  urls: z.array(StreamUrl),
  /** The agent asks to be left: go on elsewhere (`draining`) if there is an elsewhere. */
  isLeaving: z.boolean(),
  /** As in StreamReady, by now: another may have come, or gone, since. */
  otherAgents: z.int(),
})
export type Renewed = z.infer<typeof Renewed>

export const StreamParam = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{22}$/) })

/** Why a source stands where it stands; the web has words for each. */
export const SourceReason = z.enum([
  'asked_for',
  'at_home',
  'refused_by_rule',
  'doubtful',
  'cannot_be_played',
  'three_d',
  'no_seeders',
  'bad_recording',
  'plays_as_it_is',
  'only_repacked',
  'sound_is_made',
  'picture_is_made',
  'too_much_for_the_line',
  'hdr_not_shown',
  'more_than_is_shown',
  'lines_2160',
  'lines_1080',
  'lines_720',
  'lines_480',
  'many_seeders',
  'some_seeders',
  'few_seeders',
  'more_seeders_than_before',
  'fewer_seeders_than_before',
  'published_lately',
  'in_your_language',
  'in_another_language',
  'hard_subtitles',
  'preferred_by_rule',
  'avoided_by_rule',
  'offered_by_an_agent',
  'has_torrent_file',
  'has_magnet',
  'hash_alone',
])
export type SourceReason = z.infer<typeof SourceReason>

/** For whom the sources of a title are put in order. */
export const ChoicesRequest = z.strictObject({
  titleId: TitleId,
  device: DeviceProfile.optional(),
  wish: PlayWish.optional(),
})
export type ChoicesRequest = z.infer<typeof ChoicesRequest>

/** In the order in which Play would try them. */
export const SourceChoices = z.object({ sources: z.array(SourceCard.extend({ reasons: z.array(SourceReason) })) })
export type SourceChoices = z.infer<typeof SourceChoices>
