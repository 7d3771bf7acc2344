/** Where a player may seek to in a video rendition so that the first frame that is decoded is the one that is shown. Pure. */
import type { Rendition } from '#protocol/rendition.ts'
import type { FilmInside } from '../film.ts'
import { hasIframes } from './playlists.ts'
import { gridOf } from './segment-grid.ts'

/** Segments keep times in ticks, and a player adds up what playlists say of their lengths: less than this of error. */
const ROUNDING_SECONDS = 0.0005
/** Nobody points so finely: of films that are all keyframes not every one is told. */
const LEAST_APART_SECONDS = 0.25
const USUAL_FRAMES_PER_SECOND = 24

/**
 * In milliseconds rounded up, never before the keyframe. Of what is copied all keyframes; what is made has one at each
 * cut, or at the first frame after it. Undefined where none are known.
 */
export function keyframeTimes(inside: FilmInside, rendition: Rendition): number[] | undefined {
  const track = inside.tracks.video.find(({ id }) => id === rendition.trackId)
  if (rendition.kind !== 'video' || !track) return undefined
  if (rendition.made) {
    const frameSeconds = 1 / (track.framesPerSecond ?? USUAL_FRAMES_PER_SECOND)
    const cuts = gridOf(inside, rendition).map(({ startSeconds }) => startSeconds + frameSeconds)
    return cuts.length === 0 ? undefined : listed(cuts)
  }
  return hasIframes(inside, rendition) ? listed(inside.keyframes?.timesSeconds ?? []) : undefined
}

function listed(seconds: readonly number[]): number[] {
  const kept: number[] = []
  for (const at of seconds) {
    const last = kept.at(-1)
    const next = Math.ceil((at + ROUNDING_SECONDS) * 1000) / 1000
    if (last === undefined || next - last >= LEAST_APART_SECONDS) kept.push(next)
  }
  return kept
}
