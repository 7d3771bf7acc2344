/** The master playlist of a choice of renditions (RFC 8216 §4.3.4, Apple's HLS authoring specification). Pure. */
import { type Rendition, renditionName } from '#protocol/rendition.ts'
import type { AudioTrack, SubtitleTrack, VideoTrack } from '#protocol/tracks.ts'
import type { Film } from '../film.ts'
import { videoShape } from '../making/ffmpeg/video-shape.ts'
import { hasIframes } from './playlists.ts'
import { segmentGrid } from './segment-grid.ts'

type FilmOf = Pick<Film, 'sizeBytes' | 'inside'>
type Video = Extract<Rendition, { kind: 'video' }>
type Audio = Extract<Rendition, { kind: 'audio' }>

/** Bits that made AAC takes, by channels. */
const AAC_BITS = { 2: 192_000, 6: 384_000 } as const
/** A copied stream is spoken of as this much above its mean where nothing is known of its peaks. */
const PEAK = 1.6

/** Undefined when a rendition names a track that the film does not have. */
export function masterPlaylist(film: FilmOf, renditions: readonly Rendition[]): string | undefined {
  const { tracks } = film.inside
  const videos = renditions.filter((one): one is Video => one.kind === 'video')
  const audios = renditions.filter((one): one is Audio => one.kind === 'audio')
  const sounds = audios.map((rendition) => ({
    rendition,
    track: tracks.audio.find(({ id }) => id === rendition.trackId),
  }))
  const pictures = videos.map((rendition) => ({
    rendition,
    track: tracks.video.find(({ id }) => id === rendition.trackId),
  }))
  const texts = renditions
    .filter((one) => one.kind === 'subtitles')
    .map((rendition) => ({ rendition, track: tracks.subtitles.find(({ id }) => id === rendition.trackId) }))
  if (pictures.length === 0 || [...sounds, ...pictures, ...texts].some(({ track }) => !track)) return undefined
  const names = new Map<string, number>()
  const named = (name: string) => {
    const count = (names.get(name) ?? 0) + 1
    names.set(name, count)
    return count === 1 ? name : `${name} ${count}`
  }
  const audioLines = sounds.flatMap(({ rendition, track }, n) =>
    track ? [audioLine(rendition, track, n === 0, named)] : [],
  )
  names.clear()
  const textLines = texts.flatMap(({ rendition, track }) => (track ? [textLine(rendition, track, named)] : []))
  const audioCodecs = [
    ...new Set(sounds.flatMap(({ rendition, track }) => (track ? audioCodec(rendition, track) : []))),
  ]
  const audioBits = Math.max(0, ...audios.map(({ made }) => (made ? AAC_BITS[made.channels] : 0)))
  const groups = [
    ...(audioLines.length > 0 ? ['AUDIO="audio"'] : []),
    ...(textLines.length > 0 ? ['SUBTITLES="text"'] : []),
    'CLOSED-CAPTIONS=NONE',
  ]
  const videoLines = pictures.flatMap(({ rendition, track }) =>
    track
      ? [
          streamLine(film, rendition, track, audioCodecs, audioBits, groups),
          `../${renditionName(rendition)}/index.m3u8`,
        ]
      : [],
  )
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...audioLines,
    ...textLines,
    ...videoLines,
    ...pictures.flatMap(({ rendition, track }) =>
      track && hasIframes(film.inside, rendition) ? [iframeLine(film, rendition, track)] : [],
    ),
  ]
  return `${lines.join('\n')}\n`
}

function streamLine(
  film: FilmOf,
  { made }: Video,
  track: VideoTrack,
  audioCodecs: readonly string[],
  audioBits: number,
  groups: readonly string[],
): string {
  const shape = made && videoShape(track, made.heightPixels as 1080 | 720 | 480)
  const { width, height } = shape ?? track
  const bits = shape ? { peak: shape.mostBitsPerSecond, mean: shape.mostBitsPerSecond * 0.7 } : copiedBits(film)
  const codec = shape?.codec ?? copiedCodec(track)
  const attributes = [
    `BANDWIDTH=${Math.round(bits.peak + audioBits)}`,
    `AVERAGE-BANDWIDTH=${Math.round(bits.mean + audioBits)}`,
    `CODECS="${[codec, ...audioCodecs].filter((one) => one !== undefined).join(',')}"`,
    `RESOLUTION=${width}x${height}`,
    ...(track.framesPerSecond === undefined ? [] : [`FRAME-RATE=${track.framesPerSecond.toFixed(3)}`]),
    `VIDEO-RANGE=${made ? 'SDR' : rangeOf(track)}`,
    ...groups,
  ]
  return `#EXT-X-STREAM-INF:${attributes.join(',')}`
}

/** Keyframes are this part of a stream's peak, where one is shown every few seconds, and rather less. */
const IFRAME_PART = 0.25

/** §4.3.4.3: without frame rate, sound or text. */
function iframeLine(film: FilmOf, rendition: Video, track: VideoTrack): string {
  const codec = copiedCodec(track)
  const attributes = [
    `BANDWIDTH=${Math.round(copiedBits(film).peak * IFRAME_PART)}`,
    ...(codec === undefined ? [] : [`CODECS="${codec}"`]),
    `RESOLUTION=${track.width}x${track.height}`,
    `VIDEO-RANGE=${rangeOf(track)}`,
    `URI="../${renditionName(rendition)}/iframes.m3u8"`,
  ]
  return `#EXT-X-I-FRAME-STREAM-INF:${attributes.join(',')}`
}

/** Init segments hold the parameters, whatever the film's container does. */
const copiedCodec = ({ codec }: VideoTrack) => codec?.replace(/^hev1/, 'hvc1').replace(/^avc3/, 'avc1')

const ranges = { hdr10: 'PQ', 'dolby-vision': 'PQ', hlg: 'HLG' } as const
const rangeOf = ({ hdr }: VideoTrack) => (hdr ? ranges[hdr] : 'SDR')

/** Of the whole file: what is not asked for of it makes the line look a little more loaded than it is. */
function copiedBits({ sizeBytes, inside }: FilmOf): { peak: number; mean: number } {
  const mean = (sizeBytes * 8) / Math.max(1, inside.durationSeconds ?? 1)
  const { positions, places, timesSeconds = [] } = inside.keyframes ?? {}
  const bytes = positions?.map(({ clusterByte }) => clusterByte) ?? places?.map(({ pictureByte }) => pictureByte)
  if (!bytes) return { mean, peak: mean * PEAK }
  const byteAt = new Map(timesSeconds.map((time, n) => [time, bytes[n]]))
  const grid = segmentGrid(inside)
  const rates = grid.map(({ startSeconds, endSeconds }, n) => {
    const from = n === 0 ? (inside.clusters?.firstByte ?? 0) : (byteAt.get(startSeconds) ?? 0)
    const to = byteAt.get(endSeconds) ?? sizeBytes
    return ((to - from) * 8) / (endSeconds - startSeconds)
  })
  return { mean, peak: Math.max(mean, ...rates) }
}

function audioLine(
  { made, trackId }: Audio,
  track: AudioTrack,
  isDefault: boolean,
  named: (name: string) => string,
): string {
  const uri = `../${renditionName({ kind: 'audio', trackId, ...(made ? { made } : {}) })}/index.m3u8`
  const attributes = [
    'TYPE=AUDIO',
    'GROUP-ID="audio"',
    `NAME="${quoted(named(track.name ?? languageName(track.language) ?? `Track ${track.id}`))}"`,
    ...(track.language ? [`LANGUAGE="${track.language}"`] : []),
    `DEFAULT=${isDefault ? 'YES' : 'NO'}`,
    'AUTOSELECT=YES',
    `CHANNELS="${made?.channels ?? track.channels}"`,
    `URI="${uri}"`,
  ]
  return `#EXT-X-MEDIA:${attributes.join(',')}`
}

function textLine(
  rendition: Extract<Rendition, { kind: 'subtitles' }>,
  track: SubtitleTrack,
  named: (name: string) => string,
): string {
  const attributes = [
    'TYPE=SUBTITLES',
    'GROUP-ID="text"',
    `NAME="${quoted(named(track.name ?? languageName(track.language) ?? `Track ${track.id}`))}"`,
    ...(track.language ? [`LANGUAGE="${track.language}"`] : []),
    'DEFAULT=NO',
    `AUTOSELECT=${track.isForced ? 'YES' : 'NO'}`,
    `FORCED=${track.isForced ? 'YES' : 'NO'}`,
    ...(track.isForHardOfHearing
      ? [
          'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"',
        ]
      : []),
    `URI="../${renditionName(rendition)}/index.m3u8"`,
  ]
  return `#EXT-X-MEDIA:${attributes.join(',')}`
}

const audioCodec = ({ made }: Audio, { codec }: AudioTrack): string[] => (made ? ['mp4a.40.2'] : codec ? [codec] : [])

/** A quoted string holds no quotes and no line ends (RFC 8216 §4.2). */
const quoted = (text: string) => text.replace(/["\r\n]/g, ' ').trim() || 'Track'

function languageName(tag: string | undefined): string | undefined {
  if (!tag) return undefined
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag)
  } catch {
    return undefined
  }
}
