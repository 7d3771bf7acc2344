/** How a film will reach the screen: the plan of the agent, and what the player may wish of it. */
import * as z from 'zod'

/**
 * The ladder, cheapest first. `direct`: the file as it is. `remux`: video and audio copied into HLS. `audio`: video
 * copied, audio made AAC. `transcode`: video made H.264 too.
 */
export const PlayMode = z.enum(['direct', 'remux', 'audio', 'transcode'])
export type PlayMode = z.infer<typeof PlayMode>

/** Why a rung was taken or passed over; the player has words for each. */
export const PlayReason = z.enum([
  'plays_as_it_is',
  'codec_unknown_tried_directly',
  'container_not_opened',
  'video_codec_not_decoded',
  'video_not_smooth',
  'audio_codec_not_decoded',
  'audio_channels_reduced',
  'audio_track_chosen',
  'hdr_not_shown',
  'open_gop',
  'keyframes_too_rare',
  'keyframes_unknown',
  /** A player of the file itself would count from the file's own zero, which is not where the film begins. */
  'starts_late',
  'interlaced',
  'line_too_slow',
  'data_saver',
  'quality_chosen',
  'failed_before',
])
export type PlayReason = z.infer<typeof PlayReason>

export const PlayPlan = z.object({
  mode: PlayMode,
  reasons: z.array(PlayReason).max(16),
  /** What to play beneath the stream's URL, e.g. `hls/v1+a2/master.m3u8` (stream-url.ts); undefined for `direct`. */
  resource: z.string().max(2000).optional(),
  /** Lines of the picture that will be shown at most. */
  heightPixels: z.int().positive().optional(),
  /** The audio track that is heard first. */
  audioTrackId: z.int().nonnegative().optional(),
})
export type PlayPlan = z.infer<typeof PlayPlan>

/** What the person or their player wants of the plan. Nothing in it is trusted to be possible. */
export const PlayWish = z.strictObject({
  /** Rungs that failed on this screen for this film: the plan goes below them. */
  failedModes: z.array(PlayMode).max(4).optional(),
  /** Quality chosen by hand. */
  mostHeightPixels: z.int().positive().max(10_000).optional(),
  mostBytesPerSecond: z.number().positive().optional(),
  audioTrackId: z.int().nonnegative().max(1_000_000).optional(),
  /** BCP 47 tags, liked best first: the audio track that is heard when none was chosen by id. */
  audioLanguages: z.array(z.string().max(35)).max(8).optional(),
})
export type PlayWish = z.infer<typeof PlayWish>
