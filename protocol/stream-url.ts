/** The only place that builds or reads the path of a stream and of what stands beneath it; the same on every transport. */
import * as z from 'zod'
import { type Rendition, readRendition, renditionName } from './rendition.ts'

/**
 * By which look inside the film a rendition is cut; left out: by the first. A film that was looked into while it arrived
 * may turn out, once it is whole, to have other places to cut at. What plays keeps the cuts that it began with, and
 * what begins from then on goes by the look that was taken of the whole: its paths say so, and never mix.
 */
export type CutBy = { cutBy?: 'whole' }

/**
 * What stands beneath a token: the file itself (by ranges), its live status (an event stream), HLS made of it
 * (RFC 8216), its subtitles by windows of `SUBTITLE_WINDOW_SECONDS`, attached fonts, and small pictures of it.
 */
export type StreamResource =
  | { kind: 'file' }
  | { kind: 'status' }
  | (HlsResource & CutBy)
  /** The head of an ASS file: everything but its events. */
  | { kind: 'subtitle-head'; trackId: string }
  | { kind: 'subtitle'; trackId: string; index: number; format: SubtitleFormat }
  | { kind: 'font'; index: number }
  /** The picture at `index * THUMBNAIL_SECONDS`. */
  | { kind: 'thumbnail'; index: number }

type HlsResource =
  | { kind: 'master'; renditions: readonly Rendition[] }
  | { kind: 'playlist'; rendition: Rendition }
  /** The I-frame playlist of a video rendition (RFC 8216 §4.3.3.6). */
  | { kind: 'iframes'; rendition: Rendition }
  /** Where a video rendition's keyframes are (keyframe-list.ts). */
  | { kind: 'keyframes'; rendition: Rendition }
  | { kind: 'init'; rendition: Rendition }
  | { kind: 'segment'; rendition: Rendition; index: number }
  /** The keyframe that the segment of a video rendition begins with, as a segment of its own. */
  | { kind: 'iframe'; rendition: Rendition; index: number }

export type StreamResourceKind = StreamResource['kind']

/** What subtitles are handed to a browser as: text, styled text, or pictures. */
export type SubtitleFormat = 'vtt' | 'ass' | 'sup'

/** Window `n` holds all cues that show at any time between `n` and `n + 1` times this. */
export const SUBTITLE_WINDOW_SECONDS = 60
export const THUMBNAIL_SECONDS = 10

/** How a URL reaches home; the player prefers them in this order. */
export const Transport = z.enum(['direct', 'p2p', 'relay'])
export type Transport = z.infer<typeof Transport>

/** A way to reach a stream: the base URL of the stream, without a trailing slash. For `p2p` see p2p-signalling.ts. */
export const StreamUrl = z.object({
  transport: Transport,
  url: z.url(),
  /** What the operator lets through this way, where that is limited. */
  bytesPerSecond: z.int().positive().optional(),
})
export type StreamUrl = z.infer<typeof StreamUrl>

const prefix = '/api/stream/'

/** `/api/stream/:token`, or a resource beneath it. */
export function streamPath(token: string, resource: StreamResource = { kind: 'file' }): string {
  const beneath = resourcePath(resource)
  return beneath === '' ? `${prefix}${token}` : `${prefix}${token}/${beneath}`
}

/** The path of a resource beneath a stream's URL; empty for the file itself. */
export function resourcePath(resource: StreamResource): string {
  switch (resource.kind) {
    case 'file':
      return ''
    case 'status':
      return 'status'
    case 'master':
      return `${hlsRoom(resource)}/${resource.renditions.map(renditionName).join('+')}/master.m3u8`
    case 'playlist':
      return `${hlsRoom(resource)}/${renditionName(resource.rendition)}/index.m3u8`
    case 'iframes':
      return `${hlsRoom(resource)}/${renditionName(resource.rendition)}/iframes.m3u8`
    case 'keyframes':
      return `${hlsRoom(resource)}/${renditionName(resource.rendition)}/keyframes.json`
    case 'init':
      return `${hlsRoom(resource)}/${renditionName(resource.rendition)}/init.mp4`
    case 'segment':
      return `${hlsRoom(resource)}/${renditionName(resource.rendition)}/${resource.index}.m4s`
    case 'iframe':
      return `${hlsRoom(resource)}/${renditionName(resource.rendition)}/i${resource.index}.m4s`
    case 'subtitle-head':
      return `subtitles/${resource.trackId}/head.ass`
    case 'subtitle':
      return `subtitles/${resource.trackId}/${resource.index}.${resource.format}`
    case 'font':
      return `fonts/${resource.index}`
    case 'thumbnail':
      return `thumbnails/${resource.index}.jpg`
  }
}

/** Playlists name what stands beside them by relative paths: the first part is carried through all of them. */
const hlsRoom = ({ cutBy }: CutBy) => (cutBy === 'whole' ? 'hls-whole' : 'hls')

/** Token and resource of a path, or undefined when it is not a stream's path. A query is not part of a path. */
export function readStreamPath(path: string): { token: string; resource: StreamResource } | undefined {
  if (!path.startsWith(prefix)) return undefined
  const [token, ...rest] = path.slice(prefix.length).split('/')
  if (!token || !/^[A-Za-z0-9_.-]{1,4096}$/.test(token)) return undefined
  const resource = rest.length === 0 ? ({ kind: 'file' } as const) : readResource(rest)
  return resource && { token, resource }
}

const subtitleTrackId = /^[a-z]\d{1,6}$/
const number = '(0|[1-9]\\d{0,5})'

function readResource([room, ...rest]: string[]): StreamResource | undefined {
  const [first = '', second = '', ...more] = rest
  if (more.length > 0) return undefined
  switch (room) {
    case 'status':
      return rest.length === 0 ? { kind: 'status' } : undefined
    case 'hls':
      return readHls(first, second)
    case 'hls-whole': {
      const resource = readHls(first, second)
      return resource && { ...resource, cutBy: 'whole' }
    }
    case 'subtitles':
      return subtitleTrackId.test(first) ? readSubtitles(first, second) : undefined
    case 'fonts': {
      const index = numberIn(new RegExp(`^${number}$`), first)
      return rest.length === 1 && index !== undefined ? { kind: 'font', index } : undefined
    }
    case 'thumbnails': {
      const index = numberIn(new RegExp(`^${number}\\.jpg$`), first)
      return rest.length === 1 && index !== undefined ? { kind: 'thumbnail', index } : undefined
    }
    default:
      return undefined
  }
}

/** Most renditions in one master playlist. */
const MOST_RENDITIONS = 96

function readHls(names: string, file: string): HlsResource | undefined {
  if (file === 'master.m3u8') {
    const renditions = names
      .split('+')
      .slice(0, MOST_RENDITIONS + 1)
      .map(readRendition)
    const known = renditions.filter((rendition) => rendition !== undefined)
    return known.length === renditions.length && known.length <= MOST_RENDITIONS
      ? { kind: 'master', renditions: known }
      : undefined
  }
  const rendition = readRendition(names)
  if (!rendition) return undefined
  if (file === 'index.m3u8') return { kind: 'playlist', rendition }
  if (file === 'iframes.m3u8') return rendition.kind === 'video' ? { kind: 'iframes', rendition } : undefined
  if (file === 'keyframes.json') return rendition.kind === 'video' ? { kind: 'keyframes', rendition } : undefined
  if (rendition.kind === 'subtitles') return undefined
  if (file === 'init.mp4') return { kind: 'init', rendition }
  const iframe = numberIn(new RegExp(`^i${number}\\.m4s$`), file)
  if (iframe !== undefined) return rendition.kind === 'video' ? { kind: 'iframe', rendition, index: iframe } : undefined
  const index = numberIn(new RegExp(`^${number}\\.m4s$`), file)
  return index === undefined ? undefined : { kind: 'segment', rendition, index }
}

function readSubtitles(trackId: string, file: string): StreamResource | undefined {
  if (file === 'head.ass') return { kind: 'subtitle-head', trackId }
  const [, digits, format] = new RegExp(`^${number}\\.(vtt|ass|sup)$`).exec(file) ?? []
  if (digits === undefined || format === undefined) return undefined
  return { kind: 'subtitle', trackId, index: Number(digits), format: format as SubtitleFormat }
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const digits = pattern.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
