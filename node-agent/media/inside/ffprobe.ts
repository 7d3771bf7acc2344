/** Looks inside what mediabunny does not open (AVI, MPEG-PS, …) or does not measure (MPEG-TS), by ffprobe when it is there. */
import * as z from 'zod'
import type { Tracks } from '#protocol/tracks.ts'
import { nothingFound, type Probe } from '../../state/probe.ts'
import { filmInput } from '../making/ffmpeg/making-arguments.ts'
import { type FfmpegTool, outputOf } from '../making/ffmpeg/run-ffmpeg.ts'
import { openFilmDoor } from '../making/film-door.ts'
import { languageTag } from './language-tag.ts'
import type { FilmReader } from './matroska-keyframes.ts'

/** What ffprobe may read to find out about streams. */
const PROBE_BYTES = 5_000_000
const MOST_MILLISECONDS = 20_000

const Stream = z.object({
  index: z.int().nonnegative().max(1_000_000),
  /** The container's own number of the stream, in hexadecimal: a PID, the id of an MP4's track. */
  id: z
    .string()
    .regex(/^0x[0-9a-f]{1,8}$/i)
    .optional()
    .catch(undefined),
  codec_type: z.string().optional(),
  codec_name: z.string().max(40).optional(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  channels: z.int().positive().optional(),
  field_order: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  color_transfer: z.string().optional(),
  tags: z.object({ language: z.string().optional(), title: z.string().max(200).optional() }).optional(),
  disposition: z.object({ default: z.int().optional(), attached_pic: z.int().optional() }).optional(),
})
type Stream = z.infer<typeof Stream>
const Answer = z.object({
  streams: z.array(Stream).max(200),
  format: z.object({ duration: z.coerce.number().optional(), start_time: z.coerce.number().optional() }),
})

/** `containerIds`: of each track, by its id here, the container's own number for it. */
export type Told = { probe: Probe; containerIds: ReadonlyMap<number, number> }

/** Undefined when ffprobe does not understand it either, or is not there. Rejects only when reading does. */
export async function askFfprobe(film: FilmReader, ffmpeg: FfmpegTool, signal: AbortSignal): Promise<Told | undefined> {
  const command = ffmpeg.command.replace(/ffmpeg(?=(\.exe)?$)/, 'ffprobe')
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(MOST_MILLISECONDS)])
  const door = await openFilmDoor({ sizeBytes: film.sizeBytes, read: (start, end) => film.read(start, end) }, deadline)
  try {
    const limits = ['-probesize', String(PROBE_BYTES), '-analyzeduration', String(PROBE_BYTES)]
    const show = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json']
    const text = await outputOf({ ...ffmpeg, command }, [...limits, ...show, ...filmInput], deadline, door.url)
    return readFfprobe(JSON.parse(text.toString()))
  } catch {
    signal.throwIfAborted()
    const failure = door.failure()
    if (failure) throw failure
    return undefined
  } finally {
    door.close()
  }
}

/** What its JSON says, in our words. Codecs have no RFC 6381 string: nothing of these is copied. */
export function readFfprobe(answer: unknown): Told | undefined {
  const { success, data } = Answer.safeParse(answer)
  if (!success) return undefined
  const { streams, format } = data
  const tracks: Tracks = {
    video: streams.filter(isVideo).slice(0, 16).map(videoOf),
    audio: streams
      .filter(({ codec_type, channels }) => codec_type === 'audio' && channels)
      .slice(0, 64)
      .map(audioOf),
    subtitles: [],
  }
  if (tracks.video.length + tracks.audio.length === 0) return undefined
  const { duration, start_time } = format
  const probe: Probe = {
    ...nothingFound,
    startSeconds: start_time ?? 0,
    ...(duration && Number.isFinite(duration) && duration > 0 ? { durationSeconds: duration } : {}),
    tracks,
    streamIndexes: [...tracks.video, ...tracks.audio].map(({ id }) => ({ trackId: id, index: id })),
  }
  return { probe, containerIds: new Map(streams.flatMap(({ index, id }) => (id ? [[index, Number(id)]] : []))) }
}

/**
 * What our own readers found, with what ffprobe knows better: sizes, since a field picture is half a frame high
 * (H.264 §7.4.2.1.1), frame rates, interlacing, and by which number ffmpeg calls each. Pure.
 */
export function withTold(found: Probe, { probe: told, containerIds }: Told): Probe {
  const toldOf = <Track extends { id: number }>(id: number, all: readonly Track[]) =>
    all.find((track) => containerIds.get(track.id) === id)
  const video = found.tracks.video.map((track) => {
    const better = toldOf(track.id, told.tracks.video)
    if (!better) return track
    const { width, height, framesPerSecond, isInterlaced } = better
    const isHalf = height === track.height * 2 || isInterlaced
    return {
      ...track,
      ...(isHalf ? { width, height } : {}),
      ...(track.framesPerSecond === undefined && framesPerSecond ? { framesPerSecond } : {}),
      ...(isInterlaced ? { isInterlaced } : {}),
    }
  })
  const audio = found.tracks.audio.map((track) => {
    // What we could not read ourselves has told numbers alone.
    const better = track.codec === undefined ? toldOf(track.id, told.tracks.audio) : undefined
    return better ? { ...track, channels: better.channels, ...(better.format ? { format: better.format } : {}) } : track
  })
  const streamIndexes = [
    ...found.tracks.video.map(({ id }) => ({ trackId: id, index: toldOf(id, told.tracks.video)?.id })),
    ...found.tracks.audio.map(({ id }) => ({ trackId: id, index: toldOf(id, told.tracks.audio)?.id })),
  ].flatMap(({ trackId, index }) => (index === undefined ? [] : [{ trackId, index }]))
  // What was counted by reading all of it is better than what was guessed from its ends.
  const counted = found.keyframes ? found : told
  const { startSeconds, durationSeconds } = counted
  const { subtitleEntries, packets, keyframes } = found
  return {
    ...{ ...told, tracks: { ...found.tracks, video, audio }, subtitleEntries, streamIndexes, startSeconds },
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(packets ? { packets } : {}),
    ...(keyframes ? { keyframes } : {}),
  }
}

const isVideo = ({ codec_type, width, height, disposition }: Stream) =>
  codec_type === 'video' && width !== undefined && height !== undefined && disposition?.attached_pic !== 1

function videoOf({ index, codec_name, width = 1, height = 1, ...stream }: Stream): Tracks['video'][number] {
  const [frames = 0, seconds = 0] = (stream.avg_frame_rate ?? '').split('/').map(Number)
  const rate = frames / seconds
  const hdr = { smpte2084: 'hdr10', 'arib-std-b67': 'hlg' } as const
  const kind = hdr[stream.color_transfer as keyof typeof hdr]
  return {
    ...{ id: index, width, height },
    ...(codec_name ? { format: codec_name } : {}),
    ...(rate > 1 && rate < 400 ? { framesPerSecond: Math.round(rate * 1000) / 1000 } : {}),
    ...(kind ? { hdr: kind } : {}),
    ...(/^(tt|bb|tb|bt)$/.test(stream.field_order ?? '') ? { isInterlaced: true } : {}),
  }
}

function audioOf({ index, codec_name, channels = 2, tags, disposition }: Stream): Tracks['audio'][number] {
  const language = languageTag(tags?.language)
  return {
    ...{ id: index, channels },
    ...(codec_name ? { format: codec_name } : {}),
    ...(language ? { language } : {}),
    ...(tags?.title ? { name: tags.title } : {}),
    ...(disposition?.default === 1 ? { isDefault: true } : {}),
  }
}
