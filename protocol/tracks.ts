/** What is inside a file (video, audio and subtitle tracks) and what a browser said it can play. */
import * as z from 'zod'

const language = z.string().max(35).optional()

export const VideoTrack = z.object({
  id: z.int().nonnegative(),
  /** RFC 6381 codec string, e.g. `avc1.640028`; undefined when the codec is not known to us. */
  codec: z.string().max(64).optional(),
  width: z.int().positive(),
  height: z.int().positive(),
})
export type VideoTrack = z.infer<typeof VideoTrack>

export const AudioTrack = z.object({
  id: z.int().nonnegative(),
  codec: z.string().max(64).optional(),
  channels: z.int().positive(),
  /** BCP 47 tag, when the file says. */
  language,
  name: z.string().max(200).optional(),
})
export type AudioTrack = z.infer<typeof AudioTrack>

export const SubtitleTrack = z.object({
  id: z.int().nonnegative(),
  format: z.string().max(32),
  language,
  name: z.string().max(200).optional(),
})
export type SubtitleTrack = z.infer<typeof SubtitleTrack>

export const Tracks = z.object({
  video: z.array(VideoTrack).max(16),
  audio: z.array(AudioTrack).max(64),
  subtitles: z.array(SubtitleTrack).max(128),
})
export type Tracks = z.infer<typeof Tracks>

/** What this browser can do, asked of it once and sent with Play. */
export const DeviceProfile = z.object({
  /** RFC 6381 codec strings that the browser says it decodes. */
  codecs: z.array(z.string().max(64)).max(64),
  /** MIME types of whole files it opens by itself, e.g. `video/mp4`. */
  containers: z.array(z.string().max(64)).max(16),
})
export type DeviceProfile = z.infer<typeof DeviceProfile>

/** How the file will reach the screen, with the reasons as codes that the player can show. */
export const PlayPlan = z.object({
  mode: z.enum(['direct']),
  reasons: z.array(z.enum(['plays_as_it_is', 'codec_unknown_tried_directly'])).max(8),
})
export type PlayPlan = z.infer<typeof PlayPlan>
