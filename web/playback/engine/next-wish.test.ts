import { expect, it } from 'vitest'
import type { PlayPlan, PlayWish } from '#protocol/play-plan.ts'
import { nextWish, type ScreenTrouble } from './next-wish.ts'

const plan = (mode: PlayPlan['mode'], heightPixels?: number): PlayPlan => ({
  mode,
  reasons: [],
  ...(heightPixels !== undefined && { heightPixels }),
})
const cases: [string, PlayWish, PlayPlan, ScreenTrouble, PlayWish | undefined][] = [
  ['a file without a picture', {}, plan('direct'), 'decode', { failedModes: ['direct'] }],
  ['a file without its sound', {}, plan('direct'), 'silent', { failedModes: ['direct'] }],
  [
    'the next rung failing too',
    { failedModes: ['direct'] },
    plan('remux'),
    'decode',
    { failedModes: ['direct', 'remux'] },
  ],
  [
    'a picture too large, which no copy makes smaller',
    {},
    plan('direct'),
    'slow',
    { failedModes: ['direct', 'remux', 'audio'] },
  ],
  ['a made picture too large', {}, plan('transcode', 1080), 'slow', { mostHeightPixels: 720 }],
  ['the smallest picture still too large', {}, plan('transcode', 480), 'slow', undefined],
  ['the last rung failing a second time', { failedModes: ['transcode'] }, plan('transcode'), 'decode', undefined],
]
it.each(cases)('%s', (_, wish, now, trouble, next) => expect(nextWish(wish, now, trouble)).toEqual(next))

it('keeps what was chosen by hand', () => {
  const wish = { audioTrackId: 2, mostHeightPixels: 720, audioLanguages: ['de'] }
  expect(nextWish(wish, plan('remux'), 'decode')).toEqual({ ...wish, failedModes: ['remux'] })
})
