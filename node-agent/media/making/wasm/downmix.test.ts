/** Sound laid onto samples, and channels onto channels. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gainsOf, mixOnto } from './downmix.ts'

const planes = (...values: number[]) => values.map((value) => new Float32Array(4).fill(value))
const at48 = (seconds: number, ...values: number[]) => ({ seconds, sampleRate: 48_000, planes: planes(...values) })
const frame = (mixed: Float32Array, n: number, channels: number) =>
  [...mixed.subarray(n * channels, (n + 1) * channels)].map((value) => Number(value.toFixed(3)))

describe('mixOnto', () => {
  it.each<[string, number[], 2 | 6, number[]]>([
    ['one channel, on both sides', [0.5], 2, [0.5, 0.5]],
    ['one channel, in the centre', [0.5], 6, [0, 0, 0.5, 0, 0, 0]],
    ['two channels as they are', [0.1, 0.2], 2, [0.1, 0.2]],
    [
      'centre and surrounds onto both sides, without the low channel',
      [0.1, 0.2, 0.4, 0.9, 0.2, 0.6],
      2,
      [0.371, 0.641],
    ],
    ['six channels as they are', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 6, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]],
    ['five channels around an empty low one', [0.1, 0.2, 0.3, 0.5, 0.6], 6, [0.1, 0.2, 0.3, 0, 0.5, 0.6]],
  ])('puts %s', (_what, values, channels, expected) => {
    expect(frame(mixOnto([at48(0, ...values)], 0, 4, channels), 0, channels)).toEqual(expected)
  })

  it('puts sound where it is heard, and silence elsewhere', () => {
    const mixed = mixOnto([at48(10 / 48_000, 0.5)], 8, 8, 2)
    expect([...mixed].filter((_, n) => n % 2 === 0)).toEqual([0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0])
  })

  it('spreads sound of another rate', () => {
    const slow = { seconds: 0, sampleRate: 24_000, planes: [Float32Array.of(0, 0.5, 0)] }
    expect([...mixOnto([slow], 0, 6, 2)].filter((_, n) => n % 2 === 0)).toEqual([0, 0.25, 0.5, 0.25, 0, 0])
  })

  it('never goes beyond full scale', () => {
    const loud = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(loud, fc.constantFrom<2 | 6>(2, 6), (values, channels) => {
        for (const value of mixOnto([at48(0, ...values)], 0, 4, channels))
          expect(Math.abs(value)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('lets every channel but the low one be heard', () => {
    for (const channels of [2, 6] as const) {
      for (let count = 1; count <= 8; count++) {
        const heard = new Set(gainsOf(count, channels).map(({ plane }) => plane))
        const missing = Array.from({ length: count }, (_, n) => n).filter((n) => !heard.has(n))
        expect(missing).toEqual(channels === 2 && count >= 6 ? [3] : [])
      }
    }
  })
})
