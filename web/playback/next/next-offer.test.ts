import { expect, it } from 'vitest'
import { nextOffer, offerFromSeconds } from './next-offer.ts'

it.each([
  ['where the credits begin', 2400, 2300, 2300],
  ['forty seconds before the end where nothing marks them', 2400, undefined, 2360],
  ['a tenth before the end of a short one', 200, undefined, 180],
  ['not at the credits of the opening', 2400, 30, 2360],
  ['not at credits beyond the end', 2400, 2400, 2360],
  ['not before the length is known', 0, undefined, Number.POSITIVE_INFINITY],
  ['not where the length is no number', Number.NaN, 5, Number.POSITIVE_INFINITY],
])('is offered %s', (_, durationSeconds, creditsAtSeconds, expected) => {
  expect(offerFromSeconds(durationSeconds, creditsAtSeconds)).toBe(expected)
})

const here = { isAvailable: true }
const away = { isAvailable: false }

it.each([
  ['nothing is next', { next: undefined, isNear: true, isEnded: true, isRefused: false }, 'none'],
  ['it goes on for long', { next: here, isNear: false, isEnded: false, isRefused: false }, 'none'],
  ['its last part has begun', { next: here, isNear: true, isEnded: false, isRefused: false }, 'card'],
  ['that, and somebody said not now', { next: here, isNear: true, isEnded: false, isRefused: true }, 'none'],
  [
    'that, and the next one is nowhere to be had',
    { next: away, isNear: true, isEnded: false, isRefused: false },
    'none',
  ],
  ['it is over', { next: here, isNear: true, isEnded: true, isRefused: false }, 'counting'],
  ['it is over, and somebody said not now', { next: here, isNear: true, isEnded: true, isRefused: true }, 'choice'],
  ['it is over, and the next one is nowhere', { next: away, isNear: true, isEnded: true, isRefused: false }, 'choice'],
])('when %s', (_, moment, expected) => expect(nextOffer(moment)).toBe(expected))
