/** How far ahead a reader fetches. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CRITICAL_BYTES, FIRST_WINDOW_BYTES, readWindow, WINDOW_BYTES } from './read-window.ts'

const GiB = 1024 ** 3

describe('readWindow', () => {
  it.each([
    ['begins small', { position: 0, end: GiB, readBytes: 0 }, FIRST_WINDOW_BYTES],
    ['stays small while little was read', { position: 9, end: GiB, readBytes: 9 }, FIRST_WINDOW_BYTES],
    ['grows with what was read', { position: GiB / 2, end: GiB, readBytes: 10 * 1024 * 1024 }, 10 * 1024 * 1024],
    ['ends at its limit', { position: GiB / 2, end: GiB, readBytes: GiB / 2 }, WINDOW_BYTES],
    ['ends at what was asked for', { position: 0, end: 1, readBytes: 0 }, 2],
  ])('%s', (_what, place, ahead) => {
    const window = readWindow(place)
    expect(window.to - window.from + 1).toBe(ahead)
  })

  it('never begins larger than its limit', () => {
    expect(readWindow({ position: 0, end: GiB, readBytes: 0 }, 100)).toEqual({ from: 0, to: 99, criticalTo: 99 })
  })

  it('always holds the playhead, ends within the request and the limit, and marks its beginning as urgent', () => {
    fc.assert(
      fc.property(
        fc.nat(GiB),
        fc.nat(GiB),
        fc.nat(GiB),
        fc.integer({ min: 1, max: GiB }),
        (position, more, readBytes, limit) => {
          const window = readWindow({ position, end: position + more, readBytes }, limit)
          expect(window.from).toBe(position)
          expect(window.to).toBeGreaterThanOrEqual(position)
          expect(window.to).toBeLessThanOrEqual(position + more)
          expect(window.to - window.from).toBeLessThan(limit)
          expect(window.criticalTo).toBe(Math.min(window.to, position + CRITICAL_BYTES - 1))
        },
      ),
    )
  })
})
