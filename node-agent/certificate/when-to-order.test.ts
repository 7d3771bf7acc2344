/** The decision to order, and the rest after a failure, as tables. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterFailure, freshMemory, type Held, nextStep, type OrderMemory } from './when-to-order.ts'

const day = 86_400
const held: Held = { domain: 'a.home.test', notBefore: 1000, notAfter: 1000 + 90 * day }

describe('the next step', () => {
  it.each<[string, Held | undefined, Partial<OrderMemory>, number, object]>([
    ['without a certificate', undefined, {}, 0, { do: 'order', because: 'none' }],
    ['with a fresh one', held, {}, 2000, { do: 'rest', until: 1000 + 60 * day }],
    ['a second before two thirds', held, {}, 999 + 60 * day, { do: 'rest', until: 1000 + 60 * day }],
    ['at two thirds of its life', held, {}, 1000 + 60 * day, { do: 'order', because: 'due' }],
    ['when it has expired', held, {}, 1000 + 100 * day, { do: 'order', because: 'due' }],
    ['with one of another domain', { ...held, domain: 'b' }, {}, 2000, { do: 'order', because: 'other_domain' }],
    ['by a clock before its beginning', held, {}, 0, { do: 'rest', until: 1000 + 60 * day }],
    ['while a failure rests', undefined, { failures: 1, restUntil: 500 }, 499, { do: 'rest', until: 500 }],
    ['when the rest is over', undefined, { failures: 1, restUntil: 500 }, 500, { do: 'order', because: 'none' }],
    ['expired and at rest', held, { restUntil: 101 * day }, 100 * day, { do: 'rest', until: 101 * day }],
  ])('%s', (_when, certificate, memory, now, step) => {
    expect(nextStep('a.home.test', certificate, { ...freshMemory, ...memory }, now)).toEqual(step)
  })
})

describe('a failure', () => {
  const rests = (failures: number, retryAfterSeconds?: number) =>
    afterFailure({ failures, restUntil: 0 }, { problem: 'failed', retryAfterSeconds }, 1000, 0).restUntil - 1000

  it.each([
    [0, undefined, 900],
    [1, undefined, 1800],
    [2, undefined, 3600],
    [6, undefined, 57_600],
    [7, undefined, day],
    [400, undefined, day],
    [0, 12_120, 12_120],
    [0, 5, 900],
    [9, 60, day],
    [0, 365 * day, 8 * day],
  ])('after %i others, asked to wait %s, rests %i seconds', (failures, retryAfter, seconds) => {
    expect(rests(failures, retryAfter)).toBe(seconds)
  })

  it('stays below five an hour, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 5, maxLength: 5 }), (draws) => {
        let memory = freshMemory
        let now = 0
        const at = draws.map((drawn) => {
          const failedAt = now
          memory = afterFailure(memory, { problem: 'challenge_refused' }, now, drawn)
          now = memory.restUntil
          return failedAt
        })
        expect((at[4] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(3600)
      }),
    )
  })

  it('says what it was', () => {
    expect(afterFailure(freshMemory, { problem: 'rate_limited' }, 0, 0)).toMatchObject({ problem: 'rate_limited' })
  })
})
