import { expect, it } from 'vitest'
import { learnLine } from './line-speed.ts'

it('takes the first large transfer as it is', () => {
  expect(learnLine(undefined, { bytes: 2_000_000, seconds: 2, nowMs: 7 })).toEqual({
    bytesPerSecond: 1_000_000,
    atMs: 7,
  })
})

it('moves towards what is measured later, without jumping', () => {
  const known = { bytesPerSecond: 1_000_000, atMs: 0 }
  expect(learnLine(known, { bytes: 2_000_000, seconds: 1, nowMs: 9 })?.bytesPerSecond).toBeCloseTo(1_300_000)
})

it.each([
  ['too small to say anything', 10_000, 0.001],
  ['out of the browser’s cache, in no time', 2_000_000, 0],
])('learns nothing from a transfer that is %s', (_, bytes, seconds) => {
  const known = { bytesPerSecond: 5, atMs: 1 }
  expect(learnLine(known, { bytes, seconds, nowMs: 9 })).toBe(known)
  expect(learnLine(undefined, { bytes, seconds, nowMs: 9 })).toBeUndefined()
})
