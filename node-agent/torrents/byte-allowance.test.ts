/** What may pass, and when. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteAllowance } from './byte-allowance.ts'

describe('byteAllowance', () => {
  it('saves what is not used for a second, and makes up for what was too much', () => {
    let nowMs = 5000
    const allowance = byteAllowance(1000, () => nowMs)
    expect(allowance.left()).toBe(1000)
    nowMs += 60_000
    expect(allowance.left()).toBe(1000)
    allowance.spend(1600)
    expect(allowance.left()).toBe(-600)
    nowMs += 500
    expect(allowance.left()).toBe(-100)
    nowMs += 300
    expect(allowance.left()).toBe(200)
  })

  it('never lets more pass than the rate says, a second’s worth and one spending', () => {
    const steps = fc.array(fc.record({ ms: fc.nat(3000), bytes: fc.integer({ min: 1, max: 5000 }) }), { minLength: 1 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), steps, (rate, all) => {
        let nowMs = 0
        let spent = 0
        const allowance = byteAllowance(rate, () => nowMs)
        for (const { ms, bytes } of all) {
          nowMs += ms
          if (allowance.left() <= 0) continue
          allowance.spend(bytes)
          spent += bytes
          expect(spent).toBeLessThanOrEqual(rate + (rate * nowMs) / 1000 + bytes + 1e-6)
        }
      }),
    )
  })
})
