/** Waits, room for guesses at once, and forgetting. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, type Bucket, begun, emptyBucket, ended, type Outcome, waitSeconds } from './throttle.ts'

const rule = { free: 5, firstWaitSeconds: 30, mostWaitSeconds: 3600, forgetSeconds: 86_400 }
const failed = (times: number, nowMs = 1000): Bucket => {
  let bucket = emptyBucket
  for (let i = 0; i < times; i++) bucket = ended(begun(bucket), 'failed', rule, nowMs)
  return bucket
}

describe('whoever guesses', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 30],
    [6, 60],
    [9, 480],
    [12, 3600],
    [400, 3600],
  ])('waits after %i wrong ones for %i seconds', (failures, seconds) => {
    expect(waitSeconds(failures, rule)).toBe(seconds)
  })

  it('is told how long, and let in again when the time has passed', () => {
    const bucket = failed(6)
    expect(admit(bucket, rule, 1000)).toEqual({ admitted: false, retryAfterSeconds: 60 })
    expect(admit(bucket, rule, 60_999)).toEqual({ admitted: false, retryAfterSeconds: 1 })
    expect(admit(bucket, rule, 61_000)).toEqual({ admitted: true })
  })

  it('gets no more at once than one after another', () => {
    let bucket = emptyBucket
    let admitted = 0
    for (let i = 0; i < 50; i++) {
      if (!admit(bucket, rule, 0).admitted) continue
      bucket = begun(bucket)
      admitted++
    }
    expect(admitted).toBe(5)
  })

  it('begins anew after a right one, and after long enough', () => {
    expect(ended(begun(failed(4)), 'succeeded', rule, 2000)).toEqual(emptyBucket)
    expect(admit(failed(50), rule, 1000 + 86_400_001)).toEqual({ admitted: true })
  })

  it('is not charged for what could not be checked', () => {
    expect(ended(begun(failed(3)), 'abandoned', rule, 2000)).toEqual(failed(3))
  })

  it('never gets more than a hundred guesses in a row within a day', () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 0, max: 4 * 3600_000 }),
      outcome: fc.constantFrom<Outcome>('failed', 'abandoned'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        let [bucket, nowMs, wrong] = [emptyBucket, 1, 0]
        for (const { gapMs, outcome } of steps) {
          nowMs += gapMs
          if (nowMs > 86_400_000 || !admit(bucket, rule, nowMs).admitted) continue
          bucket = ended(begun(bucket), outcome, rule, nowMs)
          if (outcome === 'failed') wrong++
        }
        expect(wrong).toBeLessThan(100)
        expect(bucket.pending).toBe(0)
      }),
    )
  })
})
