/** Looks inside a film over ranged reads: tracks, index, chapters, attachments, without downloading the rest. */
import { EncodedPacketSink, type Input } from 'mediabunny'
import type { Tracks } from '#protocol/tracks.ts'
import { type Keyframes, nothingFound, PROBE_VERSION, Probe } from '../../state/probe.ts'
import type { FfmpegTool } from '../making/ffmpeg/run-ffmpeg.ts'
import type { ReadBytes } from '../read-bytes.ts'
import { askFfprobe, withTold } from './ffprobe.ts'
import { audioTracks, videoTracks } from './input-tracks.ts'
import { markersOf } from './markers.ts'
import { firstTimes, keyframesOf, lastTime, roundRate, subtitleTracks, withEntry } from './matroska-inside.ts'
import type { FilmReader } from './matroska-keyframes.ts'
import { mp4Chapters, mp4Subtitles } from './mp4-inside.ts'
import { mp4Keyframes } from './mp4-keyframes.ts'
import { readSampleTables } from './mp4-table.ts'
import { type OpenInput, openInput } from './open-input.ts'
import { type Matroska, readMatroska } from './read-matroska.ts'
import { packetsOf, transportIndex, transportSounds } from './transport/transport-inside.ts'

/** A file that makes its reader ask for more than this to find its tracks is damaged or hostile. */
const MOST_BYTES = 96 * 1024 * 1024
/** A few bytes can claim any length, and it is cut into segments: what says that it is longer does not know how long it is. */
const MOST_SECONDS = 100 * 3600

/**
 * What was found; undefined for a container that is not known or that is damaged. Rejects only when reading does.
 * With `ffmpeg`, ffprobe is asked about what our own readers leave open.
 */
export async function probe(film: FilmReader, signal: AbortSignal, ffmpeg?: FfmpegTool): Promise<Probe | undefined> {
  const seen = await lookWithAll(film, signal, ffmpeg)
  if (!seen) return undefined
  const { durationSeconds = Number.POSITIVE_INFINITY, ...rest } = seen
  const isUnread = seen.packets !== undefined && film.isTooLongToReadNow === true
  return {
    ...{ ...rest, isOfWhole: film.isWhole && !isUnread },
    ...(durationSeconds <= MOST_SECONDS ? { durationSeconds } : {}),
  }
}

async function lookWithAll(film: FilmReader, signal: AbortSignal, ffmpeg?: FfmpegTool): Promise<Probe | undefined> {
  const found = await lookInside(film, signal)
  // Of a transport stream ffprobe knows the size of interlaced pictures, and what ffmpeg calls each track.
  const isTransport = found?.packets !== undefined
  const isEnough = !isTransport && found?.durationSeconds !== undefined && found.tracks.video.length > 0
  if (isEnough || !ffmpeg) return found
  const told = await askFfprobe(film, ffmpeg, signal)
  // Our own words name codecs better, where there are any.
  if (!told || !found || found.tracks.video.length === 0) return told?.probe ?? found
  return withTold(found, told)
}

async function lookInside(film: FilmReader, signal: AbortSignal): Promise<Probe | undefined> {
  const read: ReadBytes = (start, end) =>
    film.read(start, end).catch((cause: unknown) => {
      throw new ReadFailure('reading failed', { cause })
    })
  const reader = { ...film, read }
  const opened = openInput(film.sizeBytes, read, MOST_BYTES)
  signal.addEventListener('abort', opened.close, { once: true })
  try {
    const matroska = await readMatroska(film.sizeBytes, read)
    const found = matroska
      ? await lookIntoMatroska(reader, matroska, opened.input)
      : await lookIntoOther(reader, opened)
    return found && Probe.parse(found)
  } catch (error) {
    signal.throwIfAborted()
    const failure = opened.failure()?.error ?? error
    if (failure instanceof ReadFailure) throw failure.cause
    return undefined
  } finally {
    signal.removeEventListener('abort', opened.close)
    opened.close()
  }
}

/** Marks what reading rejected with, so that it is told from a film that cannot be understood. */
class ReadFailure extends Error {}

async function lookIntoMatroska(film: FilmReader, file: Matroska, input: Input): Promise<Probe | undefined> {
  if (!(await input.canRead())) return undefined
  const entryOf = (id: number) => file.tracks.find(({ number }) => number === id)
  const video = (await videoTracks(input)).map((track) => withEntry(track, entryOf(track.id)))
  const audio = (await audioTracks(input)).map((track) => withEntry(track, entryOf(track.id)))
  const subtitles = subtitleTracks(file)
  const heard = await firstTimes(
    film,
    file,
    [...video, ...audio].map(({ id }) => id),
  )
  const startSeconds = startOf(
    heard.get(video[0]?.id ?? -1),
    audio.flatMap(({ id }) => heard.get(id) ?? []),
  )
  const keyframes = await keyframesOf(film, file, video[0])
  const isUnfinished = (file.cues.length === 0 || file.isCutShort) && film.isWhole
  const lastSeconds = isUnfinished ? await lastTime(film, file, keyframes) : undefined
  const seconds = file.timestampScale / 1e9
  return assemble({
    startSeconds,
    // What was cut short, or never finished, says a length that is not so.
    durationSeconds: lastSeconds ?? file.durationSeconds,
    tracks: { video, audio, subtitles: subtitles.map(({ track }) => track) },
    chapters: file.chapters,
    keyframes,
    attachments: file.attachments,
    subtitleEntries: subtitles.map(({ entry }) => ({
      ...entry,
      cues: file.cues
        .filter(({ trackNumber }) => trackNumber === entry.trackNumber)
        .map(({ ticks, clusterByte, relativeByte }) => ({
          atSeconds: ticks * seconds - startSeconds,
          clusterByte,
          ...(relativeByte === undefined ? {} : { relativeByte }),
        })),
    })),
    ...(file.firstClusterByte === undefined
      ? {}
      : {
          clusters: {
            timestampScale: file.timestampScale,
            firstByte: file.firstClusterByte,
            endByte: file.endByte,
            ...strippedOf(file),
          },
        }),
  })
}

function strippedOf(file: Matroska) {
  const stripped = file.tracks.flatMap(({ number, compression }) =>
    typeof compression === 'object' && compression.strip.length <= 700
      ? [{ trackNumber: number, bytes: Buffer.from(compression.strip).toString('base64') }]
      : [],
  )
  return stripped.length > 0 ? { stripped } : {}
}

async function lookIntoOther(film: FilmReader, { input }: OpenInput): Promise<Probe | undefined> {
  if (!(await input.canRead())) return undefined
  const mimeType = await input.getMimeType()
  if (/^video\/mp2t/i.test(mimeType)) return lookIntoTransport(film, input)
  const isMp4 = /^(video|audio)\/(mp4|quicktime)/.test(mimeType)
  const [firstVideo] = await input.getVideoTracks()
  const tables = (isMp4 ? await readSampleTables(film.sizeBytes, film.read) : undefined) ?? []
  const subtitles = mp4Subtitles(tables)
  const tracks: Tracks = {
    ...{ video: await videoTracks(input), audio: await audioTracks(input) },
    subtitles: subtitles.map(({ track }) => track),
  }
  const duration = await input.getDurationFromMetadata()
  const audios = isMp4 ? await input.getAudioTracks() : []
  const startSeconds = isMp4
    ? startOf(
        await firstVideo?.getFirstTimestamp(),
        await Promise.all(audios.map((track) => track.getFirstTimestamp())),
      )
    : 0
  const rate = isMp4 && firstVideo ? await rateOf(firstVideo) : undefined
  const [first, ...more] = tracks.video
  return assemble({
    startSeconds,
    durationSeconds: duration ?? undefined,
    tracks: { ...tracks, video: first ? [{ ...first, ...(rate ? { framesPerSecond: rate } : {}) }, ...more] : [] },
    chapters: await mp4Chapters(tables, film.read),
    keyframes: isMp4 && firstVideo ? await mp4Keyframes(firstVideo, film.isWhole) : undefined,
    attachments: [],
    subtitleEntries: subtitles.map(({ entry }) => entry),
  })
}

async function lookIntoTransport(film: FilmReader, input: Input): Promise<Probe | undefined> {
  const packets = await packetsOf(film)
  const video = await videoTracks(input)
  const known = await audioTracks(input)
  const audio = packets ? await transportSounds(film, packets, known, input) : known
  const index = packets && (await transportIndex(film, packets, video[0], audio))
  const [first, ...more] = video
  const rate = index?.framesPerSecond
  return assemble({
    startSeconds: index?.startSeconds ?? 0,
    durationSeconds: index?.endSeconds,
    tracks: {
      ...{ audio, subtitles: [] },
      video: first ? [{ ...first, ...(rate ? { framesPerSecond: rate } : {}) }, ...more] : [],
    },
    ...{ chapters: [], keyframes: index?.keyframes, attachments: [], subtitleEntries: [] },
    ...(packets ? { packets } : {}),
  })
}

/** From the first frames' times, which an MP4 has in its sample table. */
async function rateOf(track: Parameters<typeof mp4Keyframes>[0]): Promise<number | undefined> {
  const sink = new EncodedPacketSink(track)
  const times: number[] = []
  let packet = await sink.getFirstPacket({ metadataOnly: true })
  while (packet && times.length < 120) {
    times.push(packet.timestamp)
    packet = await sink.getNextPacket(packet, { metadataOnly: true })
  }
  // The last in decode order may wait for others: what is shown among the first hundred is surely whole.
  const shown = times.sort((a, b) => a - b).slice(0, Math.max(2, times.length - 20))
  const [first, last] = [shown[0], shown.at(-1)]
  if (first === undefined || last === undefined || last <= first) return undefined
  return roundRate((shown.length - 1) / (last - first))
}

/**
 * When the film begins, in the file's own seconds. Sound before 0 is priming that an edit list leaves out (ISO/IEC
 * 14496-12 §8.6.6); pictures before 0 are needed to decode what follows.
 */
function startOf(video: number | undefined, audio: readonly number[]): number {
  const all = [...(video === undefined ? [] : [video]), ...audio.map((seconds) => Math.max(0, seconds))]
  return all.length === 0 ? 0 : Math.min(...all)
}

type Found = Omit<Probe, 'version' | 'isOfWhole' | 'markers' | 'durationSeconds' | 'keyframes'> & {
  durationSeconds: number | undefined
  keyframes: Keyframes | undefined
}

/** Turns the file's own seconds into film seconds. */
function assemble({ durationSeconds: end, keyframes, chapters: named, ...rest }: Found): Probe {
  const shift = (seconds: number) => Math.max(0, seconds - rest.startSeconds)
  const durationSeconds = end !== undefined && Number.isFinite(end) && end > rest.startSeconds ? shift(end) : undefined
  const chapters = named.map(({ startSeconds, endSeconds, name }) => ({
    startSeconds: shift(startSeconds),
    ...(endSeconds === undefined ? {} : { endSeconds: shift(endSeconds) }),
    ...(name ? { name } : {}),
  }))
  return {
    ...nothingFound,
    ...rest,
    version: PROBE_VERSION,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    chapters,
    markers: markersOf(chapters, durationSeconds),
    ...(keyframes ? { keyframes: { ...keyframes, timesSeconds: keyframes.timesSeconds.map(shift) } } : {}),
  }
}
