/** The relay's limits as tables: what passes when, and who may come in. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bucket, fullBucket, hasRoom, take } from './token-bucket.ts'

const rate = 1_000_000

describe('the bucket', () => {
  it.each<[string, Bucket, number, number, Bucket, number]>([
    ['gives what is in it', { level: 2e6, atMs: 0 }, 500_000, 0, { level: 1.5e6, atMs: 0 }, 0],
    ['gives the last of it', { level: 500_000, atMs: 0 }, 500_000, 0, { level: 0, atMs: 0 }, 0],
    ['lets one wait for what is not', { level: 0, atMs: 0 }, 500_000, 0, { level: -500_000, atMs: 0 }, 500],
    ['lets the next wait behind', { level: -500_000, atMs: 0 }, 500_000, 0, { level: -1e6, atMs: 0 }, 1000],
    ['fills by the second', { level: -1e6, atMs: 0 }, 500_000, 1500, { level: 0, atMs: 1500 }, 0],
    ['holds two seconds and no more', { level: 0, atMs: 0 }, 0, 3_600_000, { level: 2e6, atMs: 3_600_000 }, 0],
    ['fills nothing when the clock goes back', { level: 0, atMs: 5000 }, 0, 1000, { level: 0, atMs: 1000 }, 0],
  ])('%s', (_what, bucket, bytes, nowMs, after, waitMs) => {
    expect(take(bucket, rate, bytes, nowMs)).toEqual({ bucket: after, waitMs })
  })

  it('never lets more pass than its rate and what it held, whoever asks for how much', () => {
    const asks = fc.array(fc.tuple(fc.integer({ min: 1, max: 300_000 }), fc.nat(400)), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(asks, (all) => {
        let bucket = fullBucket(rate, 0)
        let [nowMs, passed] = [0, 0]
        for (const [bytes, pauseMs] of all) {
          nowMs += pauseMs
          const taken = take(bucket, rate, bytes, nowMs)
          bucket = taken.bucket
          nowMs += taken.waitMs
          passed += bytes
          expect(passed).toBeLessThanOrEqual(rate * 2 + (nowMs / 1000) * rate + 1)
        }
      }),
    )
  })
})

describe('one more viewer', () => {
  it.each([
    [0, undefined, true],
    [50, undefined, true],
    [0, 50_000, true],
    [1, 249_999, false],
    [1, 250_000, true],
    [7, 1_000_000, true],
    [8, 1_000_000, false],
  ])('beside %i, within %s bytes a second: %s', (viewers, limit, may) => {
    expect(hasRoom(viewers, limit)).toBe(may)
  })
})
