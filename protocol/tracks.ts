/** What is inside a film: its tracks, its chapters, and what those say of intro and credits. */
import * as z from 'zod'

const language = z.string().max(35).optional()
const name = z.string().max(200).optional()
const seconds = z.number().nonnegative()

export const HdrKind = z.enum(['hdr10', 'hlg', 'dolby-vision'])
export type HdrKind = z.infer<typeof HdrKind>

export const VideoTrack = z.object({
  id: z.int().nonnegative(),
  /** RFC 6381 codec string, e.g. `avc1.640028`; undefined when the codec is not known to us. */
  codec: z.string().max(64).optional(),
  /** What the container calls it, e.g. `mpeg4`: what is said of a codec that has no string. */
  format: z.string().max(40).optional(),
  width: z.int().positive(),
  height: z.int().positive(),
  framesPerSecond: z.number().positive().optional(),
  hdr: HdrKind.optional(),
  isInterlaced: z.boolean().optional(),
})
export type VideoTrack = z.infer<typeof VideoTrack>

export const AudioTrack = z.object({
  id: z.int().nonnegative(),
  codec: z.string().max(64).optional(),
  format: z.string().max(40).optional(),
  channels: z.int().positive(),
  /** BCP 47 tag, when the file says. */
  language,
  name,
  isDefault: z.boolean().optional(),
})
export type AudioTrack = z.infer<typeof AudioTrack>

/** `text` becomes WebVTT, `ass` keeps its styles, `pgs` is pictures. Others (`vobsub`) are listed but cannot be shown. */
export const SubtitleKind = z.enum(['text', 'ass', 'pgs', 'other'])
export type SubtitleKind = z.infer<typeof SubtitleKind>

export const SubtitleTrack = z.object({
  /** A letter for where it is from and a number: `e` in the file, `f` a file beside it, `u` added by a person. */
  id: z.string().regex(/^[a-z]\d{1,6}$/),
  kind: SubtitleKind,
  /** As the container or the file's name says: `subrip`, `ass`, `pgs`, `vobsub`. */
  format: z.string().max(40),
  language,
  name,
  isDefault: z.boolean().optional(),
  isForced: z.boolean().optional(),
  isForHardOfHearing: z.boolean().optional(),
})
export type SubtitleTrack = z.infer<typeof SubtitleTrack>

export const Tracks = z.object({
  video: z.array(VideoTrack).max(16),
  audio: z.array(AudioTrack).max(64),
  subtitles: z.array(SubtitleTrack).max(128),
})
export type Tracks = z.infer<typeof Tracks>

export const Chapter = z.object({ startSeconds: seconds, endSeconds: seconds.optional(), name })
export type Chapter = z.infer<typeof Chapter>

/** A stretch that a viewer may want to skip; `credits` is also where the next episode may be offered. */
export const Marker = z.object({
  kind: z.enum(['intro', 'recap', 'credits', 'preview']),
  startSeconds: seconds,
  endSeconds: seconds,
})
export type Marker = z.infer<typeof Marker>
