/** The schedule of counts: between six hours and seventy-two, sooner where much changes, later where nobody is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LEAST_SECONDS, MOST_SECONDS, nextCountSeconds } from './next-count.ts'

const HOUR = 3600
const many = (seeders: number) => ({ seeders, leechers: 3 })

describe('the next count', () => {
  it.each([
    ['after the first comes in half a day', null, null, many(40), 12],
    ['comes sooner where the crowd doubled', 24, 20, many(40), 12],
    ['comes sooner where the crowd left', 24, 40, many(8), 12],
    ['comes as before where some came', 24, 20, many(24), 24],
    ['comes later where nothing moves', 24, 40, many(41), 36],
    ['comes later where three became two', 24, 3, many(2), 24],
    ['comes later where nobody is left', 24, 3, { seeders: 0, leechers: 0 }, 48],
    ['comes later where no tracker answers', 24, 40, undefined, 48],
    ['is never sooner than six hours', 6, 10, many(100), 6],
    ['is never later than seventy-two', 72, 10, undefined, 72],
  ])('%s', (_what, everyHours, before, counted, expectedHours) => {
    const everySeconds = everyHours === null ? null : everyHours * HOUR
    expect(nextCountSeconds(everySeconds, before, counted, 0.5)).toBe(expectedHours * HOUR)
  })

  it('stays within its bounds, whatever is told', () => {
    const count = fc.nat(10_000_000)
    const counted = fc.option(fc.record({ seeders: count, leechers: count }), { nil: undefined })
    const drawn = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.option(fc.nat(10_000_000)), fc.option(count), counted, drawn, (every, before, now, chance) => {
        const seconds = nextCountSeconds(every, before, now, chance)
        expect(seconds).toBeGreaterThanOrEqual(LEAST_SECONDS)
        expect(seconds).toBeLessThanOrEqual(MOST_SECONDS)
      }),
    )
  })

  it('of what nobody shares any more goes to three days, and of a crowd that comes and goes to six hours', () => {
    let dead: number | null = null
    let lively: number | null = null
    for (let i = 0; i < 6; i++) {
      dead = nextCountSeconds(dead, 0, { seeders: 0, leechers: 0 }, 0.5)
      lively = nextCountSeconds(lively, i % 2 ? 10 : 100, many(i % 2 ? 100 : 10), 0.5)
    }
    expect([dead, lively]).toEqual([MOST_SECONDS, LEAST_SECONDS])
  })
})
