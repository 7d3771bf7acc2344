/** Names of the renditions of a film: what is copied or made of which track. They stand in paths, so they say all. */

/**
 * `v1`: video track 1 as it is. `v1-720`: made H.264, 720 lines high at most. `a2`: audio track 2 as it is.
 * `a2-aac2`, `a2-aac6`: made AAC in stereo or 5.1. `s` and a subtitle track's id: that track as WebVTT.
 * The same name means the same bytes on every agent that has the file.
 */
export type Rendition =
  | { kind: 'video'; trackId: number; made?: { heightPixels: number } }
  | { kind: 'audio'; trackId: number; made?: { channels: 2 | 6 } }
  | { kind: 'subtitles'; trackId: string }

/** Heights that video is made in. */
export const MADE_HEIGHTS = [1080, 720, 480] as const

export function renditionName(rendition: Rendition): string {
  if (rendition.kind === 'subtitles') return `s${rendition.trackId}`
  const { trackId, made } = rendition
  const prefix = `${rendition.kind === 'video' ? 'v' : 'a'}${trackId}`
  if (!made) return prefix
  return 'heightPixels' in made ? `${prefix}-${made.heightPixels}` : `${prefix}-aac${made.channels}`
}

/** Undefined for what `renditionName` never writes. */
export function readRendition(name: string): Rendition | undefined {
  const subtitles = /^s([a-z]\d{1,6})$/.exec(name)
  if (subtitles?.[1]) return { kind: 'subtitles', trackId: subtitles[1] }
  const [, letter, digits = '', made] = /^([va])(0|[1-9]\d{0,5})(?:-(\d+|aac[26]))?$/.exec(name) ?? []
  const trackId = Number(digits)
  if (letter === 'v') {
    if (made === undefined) return { kind: 'video', trackId }
    const heightPixels = MADE_HEIGHTS.find((height) => String(height) === made)
    return heightPixels && { kind: 'video', trackId, made: { heightPixels } }
  }
  if (letter === 'a') {
    if (made === undefined) return { kind: 'audio', trackId }
    if (made === 'aac2' || made === 'aac6')
      return { kind: 'audio', trackId, made: { channels: made === 'aac2' ? 2 : 6 } }
  }
  return undefined
}
