/** What a look inside a film found, as it is kept: tracks, index, chapters, attachments and where subtitles stand. */
import * as z from 'zod'
import { Chapter, Marker, Tracks } from '#protocol/tracks.ts'

/** Raised when a look finds more than it did: what an older look stored is then looked at again. */
export const PROBE_VERSION = 5

const bytes = z.int().nonnegative()

/** Frames that decoding can begin at. */
export const Keyframes = z.object({
  /** Ascending, in film seconds. */
  timesSeconds: z.array(z.number()).max(200_000),
  /**
   * True when each is an IDR, as far as was looked: nothing after it needs what came before it. False: recovery points
   * of an open GOP, which Chromium cannot seek to (crbug 40625346).
   */
  isClosed: z.boolean(),
  /** True when the file has no index of its own, and its clusters were walked over instead. */
  isCounted: z.boolean().optional(),
  /**
   * Of a Matroska file, one for each time: where its cluster begins, and where in that cluster's data its block does
   * (0: at the beginning, behind nothing that matters).
   */
  positions: z
    .array(z.object({ clusterByte: bytes, relativeByte: bytes }))
    .max(200_000)
    .optional(),
  /**
   * Of a transport stream, one for each time: where its picture begins, before which byte nothing begins that is heard
   * after it, and by which all has ended that is heard before it.
   */
  places: z
    .array(z.object({ pictureByte: bytes, fromByte: bytes, toByte: bytes }))
    .max(200_000)
    .optional(),
})
export type Keyframes = z.infer<typeof Keyframes>

/** A file inside the film, a font mostly: where its bytes stand. */
export const Attachment = z.object({
  name: z.string().max(255),
  mimeType: z.string().max(100),
  startByte: bytes,
  sizeBytes: bytes,
})
export type Attachment = z.infer<typeof Attachment>

/** What is needed to read a subtitle track of a Matroska file without reading the film. */
export const SubtitleEntry = z.object({
  /** Of `tracks.subtitles`. */
  trackId: z.string().max(8),
  /** The number that blocks name it by (RFC 9559 §5.1.4.1.1). */
  trackNumber: z.int().positive(),
  codecId: z.string().max(64),
  /** The head of an ASS file, the header of VobSub; base64. */
  codecPrivate: z.string().max(2_000_000).optional(),
  /** How each block's bytes are packed (RFC 9559 §5.1.4.1.31). `strip`: these bytes (base64) were left off the front. */
  compression: z.union([z.literal('zlib'), z.object({ strip: z.string().max(1000) })]).optional(),
  /** Of clusters that hold some of it, as the Cues say: when, and where the cluster begins. Empty: the Cues do not say. */
  cues: z
    .array(
      z.object({
        atSeconds: z.number(),
        clusterByte: bytes,
        /** Where in the cluster's data the block begins, when the Cues say. */
        relativeByte: bytes.optional(),
      }),
    )
    .max(200_000),
})
export type SubtitleEntry = z.infer<typeof SubtitleEntry>

/** How to read the blocks of a Matroska file. */
export const Clusters = z.object({
  /** Nanoseconds of one tick of a timestamp (RFC 9559 §5.1.2.9). */
  timestampScale: z.int().positive(),
  /** Where the first one begins, and where the last one ends at most. */
  firstByte: bytes,
  endByte: bytes,
  /** Of tracks whose frames were stored without their first bytes (RFC 9559 §5.1.4.1.31.7): those, base64. */
  stripped: z
    .array(z.object({ trackNumber: z.int().positive(), bytes: z.string().max(1000) }))
    .max(256)
    .optional(),
})
export type Clusters = z.infer<typeof Clusters>

/** How to read the packets of a transport stream (ISO/IEC 13818-1 §2.4.3.2). */
export const Packets = z.object({
  firstByte: z.int().min(0).max(4),
  strideBytes: z.union([z.literal(188), z.literal(192), z.literal(204)]),
})
export type Packets = z.infer<typeof Packets>

/**
 * All times are film seconds: 0 is the first timestamp of picture or sound, whatever the file calls it; what the file
 * calls it is `startSeconds`.
 */
export const Probe = z.object({
  version: z.literal(PROBE_VERSION),
  /** False when the film was still arriving: an index may then be unknown, and keyframes unchecked. */
  isOfWhole: z.boolean(),
  startSeconds: z.number(),
  durationSeconds: z.number().nonnegative().optional(),
  tracks: Tracks,
  chapters: z.array(Chapter).max(500),
  markers: z.array(Marker).max(50),
  /** Of the first video track. Undefined: there is no index, and the film cannot be cut without making it anew. */
  keyframes: Keyframes.optional(),
  attachments: z.array(Attachment).max(200),
  subtitleEntries: z.array(SubtitleEntry).max(128),
  clusters: Clusters.optional(),
  packets: Packets.optional(),
  /** What ffmpeg numbers tracks of video and audio by, where ffprobe said; elsewhere they are in its order. */
  streamIndexes: z
    .array(z.object({ trackId: z.int().nonnegative(), index: z.int().nonnegative() }))
    .max(80)
    .optional(),
})
export type Probe = z.infer<typeof Probe>

/** What is known of a film that nobody could look into. */
export const nothingFound: Probe = {
  version: PROBE_VERSION,
  isOfWhole: true,
  startSeconds: 0,
  tracks: { video: [], audio: [], subtitles: [] },
  chapters: [],
  markers: [],
  attachments: [],
  subtitleEntries: [],
}

/** Undefined for what an older agent stored. */
export function readStoredProbe(text: string): Probe | undefined {
  return Probe.safeParse(JSON.parse(text)).data
}
