/** Where films are cut, as a table. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nothingFound } from '../../state/probe.ts'
import { gridOf, segmentGrid } from './segment-grid.ts'

const grid = (durationSeconds: number | undefined, timesSeconds?: number[]) =>
  segmentGrid({
    ...nothingFound,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(timesSeconds ? { keyframes: { timesSeconds, isClosed: true } } : {}),
  })
const starts = (...of: Parameters<typeof grid>) => grid(...of).map(({ startSeconds }) => startSeconds)

describe('the segment grid', () => {
  it.each<[string, number | undefined, number[] | undefined, number[]]>([
    ['nothing without a length', undefined, [0, 6], []],
    ['equal lengths without an index', 14, undefined, [0, 6, 12]],
    ['no empty segment at an exact end', 12, undefined, [0, 6]],
    ['one segment for a short film', 3, undefined, [0]],
    ['the first keyframe at or after six seconds', 20, [0, 2, 4, 6, 8, 10, 12, 14], [0, 6, 12]],
    ['on an absolute grid', 30, [0, 5, 10, 15, 20, 25], [0, 10, 15, 20, 25]],
    ['where a long GOP passes over several', 60, [0, 20, 21, 24, 31], [0, 20, 24, 31]],
    ['from the beginning when the first keyframe is late', 20, [7, 8, 13], [0, 8, 13]],
    ['no crumb at the end', 12.2, [0, 6, 12], [0, 6]],
    ['keyframes after the end left out', 13, [0, 6, 12, 18], [0, 6, 12]],
    ['a table of one', 13, [0], [0]],
  ])('gives %s', (_what, duration, keyframes, expected) => {
    expect(starts(duration, keyframes)).toEqual(expected)
  })

  it('covers any film without a gap or an overlap', () => {
    const times = fc.uniqueArray(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 200 })
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 5000, noNaN: true }), times, (duration, keyframes) => {
        const segments = grid(
          duration,
          keyframes.sort((a, b) => a - b),
        )
        expect(segments[0]?.startSeconds).toBe(0)
        expect(segments.at(-1)?.endSeconds).toBe(duration)
        for (const [n, { startSeconds, endSeconds }] of segments.entries()) {
          expect(endSeconds).toBeGreaterThan(startSeconds)
          expect(segments[n + 1]?.startSeconds ?? endSeconds).toBe(endSeconds)
        }
      }),
    )
  })
})

describe('the grid of made pictures', () => {
  const made = { kind: 'video', trackId: 1, made: { heightPixels: 720 } } as const
  const cuts = (durationSeconds: number, timesSeconds: number[]) =>
    gridOf({ ...nothingFound, durationSeconds, keyframes: { timesSeconds, isClosed: true } }, made)

  it.each<[string, number, number[], number[]]>([
    ['a beginning that is soon made', 18, [0, 6, 12], [0, 1, 3, 4.5, 6, 8, 10, 12, 14, 16]],
    ['a GOP that is long', 20, [0, 10], [0, 1, 3, 4.75, 6.5, 8.25, 10, 12, 14, 16, 18]],
    ['a film of a moment, whole', 2.5, [0], [0]],
  ])('cuts %s', (_what, duration, keyframes, expected) => {
    expect(cuts(duration, keyframes).map(({ startSeconds }) => Number(startSeconds.toFixed(3)))).toEqual(expected)
  })

  it('keeps every cut of the film itself, and joins', () => {
    const all = cuts(100, [0, 7, 13, 31, 60, 77])
    const starts = all.map(({ startSeconds }) => startSeconds)
    for (const { startSeconds } of grid(100, [0, 7, 13, 31, 60, 77])) expect(starts).toContain(startSeconds)
    for (const [n, { endSeconds }] of all.entries()) expect(starts[n + 1] ?? 100).toBe(endSeconds)
  })
})
