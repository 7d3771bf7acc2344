import { expect, it } from 'vitest'
import { momentOf, shouldSave } from './should-save.ts'

const last = { atMs: 10_000, positionSeconds: 100 }

it.each([
  ['the first seconds of a tick', undefined, 'tick', 11_000, 0.2, false],
  ['the first tick further in', undefined, 'tick', 11_000, 4, true],
  ['a tick too soon', last, 'tick', 19_999, 109, false],
  ['a tick after ten seconds', last, 'tick', 20_000, 110, true],
  ['a tick that stands still', last, 'tick', 90_000, 100.1, false],
  ['a pause soon after', last, 'pause', 11_000, 101, true],
  ['a pause in the same place', last, 'pause', 11_000, 100.2, false],
  ['a seek back', last, 'seek', 11_000, 20, true],
  ['leaving', last, 'hide', 10_500, 100.6, true],
  ['leaving twice', last, 'hide', 10_500, 100, false],
  ['the end', last, 'end', 12_000, 600, true],
] as const)('%s', (_, before, reason, nowMs, positionSeconds, expected) => {
  expect(shouldSave(before, { reason, nowMs, positionSeconds })).toBe(expected)
})

it.each([
  ['the first save of playing', 'tick', false, 'playing'],
  ['the next one', 'tick', true, undefined],
  ['a pause', 'pause', true, 'paused'],
  ['a seek while it plays', 'seek', true, undefined],
  ['a seek while it stands', 'seek', false, undefined],
  ['leaving', 'hide', true, 'ended'],
  ['the end', 'end', true, 'ended'],
] as const)('says of %s what was done', (_, reason, isPlayingTold, expected) => {
  expect(momentOf(reason, isPlayingTold)).toBe(expected)
})
