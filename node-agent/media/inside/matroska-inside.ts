/** What only our own reading of a Matroska file tells: its index, when it begins, its subtitles. */
import type { AudioTrack, SubtitleTrack, VideoTrack } from '#protocol/tracks.ts'
import type { Keyframes, SubtitleEntry } from '../../state/probe.ts'
import { nalCodecOf, nalLengthBytes } from './keyframe-kind.ts'
import { languageTag } from './language-tag.ts'
import { readFrames } from './matroska-blocks.ts'
import { type FilmReader, matroskaKeyframes } from './matroska-keyframes.ts'
import type { Compression, MatroskaTrack } from './matroska-tracks.ts'
import type { Matroska } from './read-matroska.ts'
import { subtitleFormat } from './subtitle-format.ts'

/** How far into the film the first frame of each track is looked for, in steps. */
const LOOK_BYTES = [64 * 1024, 512 * 1024, 2 * 1024 * 1024]

/** What follows the last keyframe, at most. */
const LAST_BYTES = 32 * 1024 * 1024

export async function keyframesOf(
  film: FilmReader,
  file: Matroska,
  video: VideoTrack | undefined,
): Promise<Keyframes | undefined> {
  const track = file.tracks.find(({ number }) => number === video?.id)
  // What is packed cannot be looked into, nor copied.
  if (!track || !video || isPacked(track.compression)) return undefined
  const codec = nalCodecOf(video.codec)
  const stripped = typeof track.compression === 'object'
  const nal = codec && !stripped ? { codec, lengthBytes: nalLengthBytes(codec, track.codecPrivate) } : undefined
  return matroskaKeyframes(film, file, track.number, nal)
}

const isPacked = (compression: Compression) => compression === 'zlib' || compression === 'unknown'

/** When picture and sound begin, in the file's own seconds, by track. */
export async function firstTimes(
  film: FilmReader,
  file: Matroska,
  trackNumbers: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const first = new Map<number, number>()
  const start = file.firstClusterByte
  if (start === undefined) return first
  for (const length of LOOK_BYTES) {
    const end = Math.min(film.sizeBytes, start + length)
    for (const frame of readFrames(await film.read(start, end), 0, new Set(trackNumbers))) {
      const seconds = (frame.ticks * file.timestampScale) / 1e9
      if (!first.has(frame.trackNumber)) first.set(frame.trackNumber, seconds)
    }
    if (trackNumbers.every((number) => first.has(number)) || end === film.sizeBytes) break
  }
  return first
}

/** When the last frame is shown, in the file's own seconds; looked for after the last keyframe. */
export async function lastTime(
  film: FilmReader,
  file: Matroska,
  keyframes: Keyframes | undefined,
): Promise<number | undefined> {
  const last = keyframes?.positions?.at(-1)
  if (!last) return undefined
  const end = Math.min(film.sizeBytes, file.endByte, last.clusterByte + LAST_BYTES)
  let ticks = 0
  for (const frame of readFrames(await film.read(last.clusterByte, end))) ticks = Math.max(ticks, frame.ticks)
  return ticks > 0 ? (ticks * file.timestampScale) / 1e9 + 0.04 : undefined
}

export function subtitleTracks(file: Matroska): { track: SubtitleTrack; entry: Omit<SubtitleEntry, 'cues'> }[] {
  return file.tracks
    .filter(({ type, number }) => type === 'subtitles' && number < 1_000_000)
    .slice(0, 100)
    .map((one) => {
      const trackId = `e${one.number}`
      const { kind, format } = subtitleFormat(one.codecId)
      const language = languageTag(one.language)
      return {
        track: {
          id: trackId,
          kind: one.compression === 'unknown' ? ('other' as const) : kind,
          format,
          ...(language ? { language } : {}),
          ...(one.name ? { name: one.name } : {}),
          ...(one.isDefault ? { isDefault: true } : {}),
          ...(one.isForced ? { isForced: true } : {}),
          ...(one.isForHardOfHearing ? { isForHardOfHearing: true } : {}),
        },
        entry: {
          trackId,
          trackNumber: one.number,
          codecId: one.codecId,
          ...(one.codecPrivate && one.codecPrivate.length <= 1_400_000
            ? { codecPrivate: Buffer.from(one.codecPrivate).toString('base64') }
            : {}),
          ...compressionOf(one.compression),
        },
      }
    })
}

function compressionOf(compression: Compression): Pick<SubtitleEntry, 'compression'> {
  if (compression === 'zlib') return { compression }
  return typeof compression === 'object' && compression.strip.length <= 700
    ? { compression: { strip: Buffer.from(compression.strip).toString('base64') } }
    : {}
}

/** What the file says of a picture or sound track beyond what mediabunny does. */
export function withEntry<Track extends VideoTrack | AudioTrack>(
  track: Track,
  entry: MatroskaTrack | undefined,
): Track {
  if (!entry) return track
  const language = languageTag(entry.language)
  if ('channels' in track) {
    const { isDefault: _isDefault, ...rest } = track
    return {
      ...rest,
      ...(language ? { language } : {}),
      ...(entry.isDefault ? { isDefault: true } : {}),
    } as Track
  }
  const frame = entry.defaultDurationNanoseconds
  return {
    ...track,
    ...(frame && frame > 1e6 && frame < 1e9 ? { framesPerSecond: roundRate(1e9 / frame) } : {}),
    ...(entry.isInterlaced ? { isInterlaced: true } : {}),
    ...(entry.dolbyVisionProfile === 5 ? { hdr: 'dolby-vision' as const } : {}),
  }
}

/** 23.976 rather than 23.97602397602398. */
export const roundRate = (framesPerSecond: number) => Math.round(framesPerSecond * 1000) / 1000
