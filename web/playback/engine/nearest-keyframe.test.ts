/** Where a press on the bar goes, as a table and for any film. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestKeyframe, pointedWithin } from './nearest-keyframe.ts'

describe('a press on the bar', () => {
  const keyframes = [0.001, 2.001, 4.001, 10.001, 11.5]
  it.each<[string, number, number, number]>([
    ['goes to the keyframe before', 2.8, 1, 2.001],
    ['goes to the keyframe after', 3.2, 1, 4.001],
    ['goes to the earlier of two that are as far', 3.001, 1, 2.001],
    ['stays on a keyframe', 4.001, 1, 4.001],
    ['stays where none is near', 7, 1, 7],
    ['stays where the near one is not near enough', 4.6, 0.5, 4.6],
    ['goes further where a pixel is longer', 7.5, 3, 10.001],
    ['stays at the very beginning', 0, 1, 0],
    ['goes to the last keyframe', 11.8, 1, 11.5],
    ['stays at the very end', 12, 1, 12],
    ['stays past the end', 15, 5, 15],
  ])('%s', (_what, seconds, withinSeconds, expected) => {
    expect(nearestKeyframe(seconds, keyframes, { withinSeconds, endSeconds: 12 })).toBe(expected)
  })

  it('never goes to what stands behind the end', () => {
    expect(nearestKeyframe(9.8, keyframes, { withinSeconds: 1, endSeconds: 10 })).toBe(9.8)
  })

  it('stays where nothing is known', () => {
    expect(nearestKeyframe(9, [], { withinSeconds: 1, endSeconds: 10 })).toBe(9)
  })

  it('goes to a keyframe that is near enough, and there is none nearer; or stays where it is', () => {
    const seconds = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(seconds, fc.uniqueArray(seconds), seconds, seconds, (place, found, withinSeconds, endSeconds) => {
        const all = found.toSorted((a, b) => a - b)
        const goesTo = nearestKeyframe(place, all, { withinSeconds, endSeconds })
        if (goesTo === place) return
        expect(all).toContain(goesTo)
        expect(goesTo).toBeLessThan(endSeconds)
        expect(Math.abs(goesTo - place)).toBeLessThanOrEqual(withinSeconds)
        for (const other of all.filter((at) => at < endSeconds))
          expect(Math.abs(goesTo - place)).toBeLessThanOrEqual(Math.abs(other - place))
      }),
    )
  })
})

describe('how far a press may go', () => {
  it.each([
    ['half a pixel of three hours on a phone', 10_800, 360, 15],
    ['half a pixel of two hours', 7200, 1440, 2.5],
    ['a second of half an hour', 1800, 1440, 1],
    ['a hundredth of a minute', 60, 1440, 0.6],
  ])('is %s', (_what, durationSeconds, widthPixels, expected) => {
    expect(pointedWithin(durationSeconds, widthPixels)).toBeCloseTo(expected, 6)
  })
})
