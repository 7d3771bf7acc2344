import { expect, it } from 'vitest'
import { isResumable } from './resumable.ts'

it.each([
  [0, 600, false],
  [4, 600, false],
  [5, 600, true],
  [539, 600, true],
  [540, 600, false],
  [600, 600, false],
  [90, 0, true],
])('%d of %d s: %s', (positionSeconds, durationSeconds, expected) => {
  expect(isResumable({ positionSeconds, durationSeconds })).toBe(expected)
})
