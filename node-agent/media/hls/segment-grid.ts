/** Where a film is cut into segments: one grid for every rendition of it, copied or made. Pure. */
import type { Rendition } from '#protocol/rendition.ts'
import type { FilmInside } from '../film.ts'

/** How long a segment is meant to be. */
export const SEGMENT_SECONDS = 6
/** Of made pictures: whoever seeks waits while a segment is made. */
const MADE_SECONDS = 2
/** Of the film's first made pictures: whoever presses Play waits for the first of them. */
const OPENING_SECONDS = [1, 2] as const
const SHORTEST_OPENED_SECONDS = 4
/** A last segment shorter than this is left to the one before it. */
const SHORTEST_SECONDS = 0.5

export type Segment = { startSeconds: number; endSeconds: number }

/**
 * Cut at the first keyframe at or after each multiple of `SEGMENT_SECONDS`, counted from the film's beginning and not
 * from the cut before, so that a long GOP does not move all cuts after it. Without a table of keyframes every segment
 * is equally long, and video has to be made. Empty when nobody knows how long the film is.
 */
export function segmentGrid({ durationSeconds, keyframes }: FilmInside): readonly Segment[] {
  if (durationSeconds === undefined || durationSeconds <= 0) return []
  const cuts = keyframes ? cutsAtKeyframes(keyframes.timesSeconds) : equalCuts(durationSeconds)
  const starts = [0, ...cuts.filter((cut) => cut <= durationSeconds - SHORTEST_SECONDS)]
  return starts.map((startSeconds, n) => ({ startSeconds, endSeconds: starts[n + 1] ?? durationSeconds }))
}

function cutsAtKeyframes(timesSeconds: readonly number[]): number[] {
  const cuts: number[] = []
  // The first keyframe is the film's beginning, however late it is.
  let next = SEGMENT_SECONDS
  for (const time of timesSeconds.slice(1)) {
    if (time < next) continue
    cuts.push(time)
    next = (Math.floor(time / SEGMENT_SECONDS) + 1) * SEGMENT_SECONDS
  }
  return cuts
}

function equalCuts(durationSeconds: number): number[] {
  const count = Math.ceil(durationSeconds / SEGMENT_SECONDS) - 1
  return Array.from({ length: Math.max(0, count) }, (_, n) => (n + 1) * SEGMENT_SECONDS)
}

/**
 * Where one rendition is cut. Made pictures are cut finer, at each cut of the film's own grid and at equal steps between:
 * a GOP of ten seconds would be waited for as long as it takes to make. The film's beginning is cut finer still. Pure.
 */
export function gridOf(inside: FilmInside, rendition: Rendition): readonly Segment[] {
  const grid = segmentGrid(inside)
  if (rendition.kind !== 'video' || !rendition.made) return grid
  return grid.flatMap((segment, n) => {
    const opening = n === 0 && segment.endSeconds >= SHORTEST_OPENED_SECONDS ? openingOf(segment) : []
    return [...opening, ...evenParts({ ...segment, startSeconds: opening.at(-1)?.endSeconds ?? segment.startSeconds })]
  })
}

function openingOf({ startSeconds }: Segment): Segment[] {
  let at = startSeconds
  return OPENING_SECONDS.map((seconds) => {
    at += seconds
    return { startSeconds: at - seconds, endSeconds: at }
  })
}

function evenParts({ startSeconds, endSeconds }: Segment): Segment[] {
  const parts = Math.max(1, Math.round((endSeconds - startSeconds) / MADE_SECONDS))
  const cut = (n: number) => (n === parts ? endSeconds : startSeconds + ((endSeconds - startSeconds) * n) / parts)
  return Array.from({ length: parts }, (_, n) => ({ startSeconds: cut(n), endSeconds: cut(n + 1) }))
}
