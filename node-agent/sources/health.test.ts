/** The bench: longer each time, never longer than half an hour unless asked for, and left at the first good answer. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterOutcome, healthy, isBenched, type Outcome } from './health.ts'

const NOW = 1_800_000_000_000
const failed: Outcome = { ok: false }
const after = (outcomes: Outcome[]) => outcomes.reduce((health, one) => afterOutcome(health, one, NOW, 0), healthy)
const benchOf = (outcomes: Outcome[]) => Math.max(0, (after(outcomes).benchedUntilMs - NOW) / 1000)

describe('health', () => {
  it.each([
    [1, 0],
    [2, 30],
    [3, 60],
    [4, 120],
    [8, 1800],
    [500, 1800],
  ])('after %i failures in a row the bench is %i s', (failures, seconds) => {
    expect(benchOf(Array(failures).fill(failed))).toBe(seconds)
  })

  it('comes back with one good answer', () => {
    expect(after([failed, failed, failed, { ok: true }])).toEqual(healthy)
    expect(benchOf([failed, failed, { ok: true }, failed])).toBe(0)
  })

  it('obeys how long it is asked to wait, within reason', () => {
    expect(benchOf([{ ok: false, retryAfterSeconds: 90 }])).toBe(90)
    expect(benchOf([{ ok: false, retryAfterSeconds: 1e9 }])).toBe(6 * 60 * 60)
    expect(benchOf([failed, failed, failed, { ok: false, retryAfterSeconds: 5 }])).toBe(120)
  })

  it('always ends', () => {
    const outcome = fc.oneof(
      fc.constant<Outcome>({ ok: true }),
      fc.record({ ok: fc.constant(false as const), retryAfterSeconds: fc.option(fc.nat(), { nil: undefined }) }),
    )
    fc.assert(
      fc.property(fc.array(outcome), fc.double({ min: 0, max: 1, noNaN: true }), (outcomes, chance) => {
        const health = outcomes.reduce((before, one) => afterOutcome(before, one, NOW, chance), healthy)
        expect(isBenched(health, NOW + 8 * 60 * 60 * 1000)).toBe(false)
      }),
    )
  })
})
