/** Media playlists of a film (RFC 8216, Apple's HLS authoring specification): known whole, before a segment is made. Pure. */
import type { Rendition } from '#protocol/rendition.ts'
import { SUBTITLE_WINDOW_SECONDS } from '#protocol/stream-url.ts'
import type { FilmInside } from '../film.ts'
import { gridOf, segmentGrid } from './segment-grid.ts'

const head = (targetSeconds: number, more: readonly string[] = []) => [
  '#EXTM3U',
  '#EXT-X-VERSION:7',
  `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(targetSeconds))}`,
  '#EXT-X-MEDIA-SEQUENCE:0',
  '#EXT-X-PLAYLIST-TYPE:VOD',
  ...more,
]

/** Of a video or audio rendition. Undefined when nobody knows how long the film is. */
export function mediaPlaylist(inside: FilmInside, rendition: Rendition): string | undefined {
  const grid = gridOf(inside, rendition)
  if (grid.length === 0) return undefined
  const lengths = grid.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds)
  const lines = [
    ...head(Math.max(...lengths), ['#EXT-X-INDEPENDENT-SEGMENTS', '#EXT-X-MAP:URI="init.mp4"']),
    ...lengths.flatMap((seconds, n) => [`#EXTINF:${seconds.toFixed(6)},`, `${n}.m4s`]),
    '#EXT-X-ENDLIST',
  ]
  return `${lines.join('\n')}\n`
}

/** Of a copied video rendition: its keyframes alone, each a resource of its own (RFC 8216 §4.3.3.6), for fast winding. */
export function iframePlaylist(inside: FilmInside, rendition: Rendition): string | undefined {
  if (!hasIframes(inside, rendition)) return undefined
  const lengths = segmentGrid(inside).map(({ startSeconds, endSeconds }) => endSeconds - startSeconds)
  const lines = [
    ...head(Math.max(...lengths), ['#EXT-X-I-FRAMES-ONLY', '#EXT-X-MAP:URI="init.mp4"']),
    ...lengths.flatMap((seconds, n) => [`#EXTINF:${seconds.toFixed(6)},`, `i${n}.m4s`]),
    '#EXT-X-ENDLIST',
  ]
  return `${lines.join('\n')}\n`
}

/** Making a whole segment for one picture of it is no fast winding: only what is copied has them. */
export const hasIframes = (inside: FilmInside, rendition: Rendition): boolean =>
  rendition.kind === 'video' &&
  !rendition.made &&
  rendition.trackId === inside.tracks.video[0]?.id &&
  inside.keyframes !== undefined &&
  segmentGrid(inside).length > 0

/** Of a subtitle track: its windows as WebVTT. */
export function subtitlePlaylist({ durationSeconds }: FilmInside, trackId: string): string | undefined {
  if (durationSeconds === undefined) return undefined
  const count = Math.max(1, Math.ceil(durationSeconds / SUBTITLE_WINDOW_SECONDS))
  const lines = [
    ...head(SUBTITLE_WINDOW_SECONDS),
    ...Array.from({ length: count }, (_, n) => {
      const seconds = Math.min(SUBTITLE_WINDOW_SECONDS, durationSeconds - n * SUBTITLE_WINDOW_SECONDS)
      return `#EXTINF:${seconds.toFixed(6)},\n../../subtitles/${trackId}/${n}.vtt`
    }),
    '#EXT-X-ENDLIST',
  ]
  return `${lines.join('\n')}\n`
}
