/** Range headers against sizes: RFC 9110 §14, and what is done where it leaves a choice. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectRange } from './byte-range.ts'

const part = (start: number, end: number) => ({ kind: 'part', start, end })
const whole = { kind: 'whole' }
const none = { kind: 'unsatisfiable' }

describe('selectRange', () => {
  it.each<[string | undefined, object]>([
    [undefined, whole],
    ['', whole],
    ['items=0-5', whole],
    ['bytes', whole],
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-', part(0, 999)],
    ['bytes=0-999', part(0, 999)],
    ['bytes=0-1000', part(0, 999)],
    ['bytes=999-', part(999, 999)],
    ['bytes=1000-', none],
    ['bytes=-1', part(999, 999)],
    ['bytes=-1000', part(0, 999)],
    ['bytes=-1001', part(0, 999)],
    ['bytes=-0', none],
    ['BYTES=1-2', part(1, 2)],
    ['  bytes=1-2  ', part(1, 2)],
    ['bytes= 1-2', part(1, 2)],
    ['bytes=,1-2', part(1, 2)],
    ['bytes=1-2,5-6', part(1, 2)],
    ['bytes=2000-,5-6', part(5, 6)],
    ['bytes=-0,-1', part(999, 999)],
    ['bytes=2000-,3000-', none],
    ['bytes=007-008', part(7, 8)],
    ['bytes=0-99999999999999999999999999', part(0, 999)],
    ['bytes=99999999999999999999999999-', none],
    ['bytes=-99999999999999999999999999', part(0, 999)],
    ['bytes=5-4', none],
    ['bytes=99999999999999999999-99999999999999999998', none],
    ['bytes=', none],
    ['bytes=,', none],
    ['bytes=-', none],
    ['bytes=a-b', none],
    ['bytes=1', none],
    ['bytes=1-2-3', none],
    ['bytes=1 - 2', none],
    ['bytes=-1-2', none],
    ['bytes=+1-2', none],
    ['bytes=0x1-2', none],
    ['bytes=1.5-2', none],
    ['bytes=1-2,x', none],
    ['bytes=1-2;q=1', none],
    [`bytes=${'1-2,'.repeat(1000)}`, none],
  ])('reads %j', (header, expected) => {
    expect(selectRange(header, 1000)).toEqual(expected)
  })

  it.each(['bytes=0-', 'bytes=-5', 'bytes=0-0', 'bytes=x'])('sends all of an empty file for %s', (header) => {
    expect(selectRange(header, 0)).toEqual(whole)
  })

  it('keeps every part inside the file, whatever the header', () => {
    const spec = fc.oneof(
      fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => `${from}-${to}`),
      fc.nat().map((from) => `${from}-`),
      fc.nat().map((suffix) => `-${suffix}`),
      fc.string(),
    )
    const header = fc.oneof(
      fc.string(),
      fc.array(spec).map((specs) => `bytes=${specs.join(',')}`),
    )
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 2 ** 40 }), (text, sizeBytes) => {
        const selected = selectRange(text, sizeBytes)
        if (selected.kind !== 'part') return
        expect(selected.start).toBeGreaterThanOrEqual(0)
        expect(selected.end).toBeLessThan(sizeBytes)
        expect(selected.start).toBeLessThanOrEqual(selected.end)
      }),
      { numRuns: 1000 },
    )
  })

  it('finds exactly the bytes that a single range names', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), fc.integer({ min: 1, max: 1500 }), (a, b, sizeBytes) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        expect(selectRange(`bytes=${from}-${to}`, sizeBytes)).toEqual(
          from < sizeBytes ? part(from, Math.min(to, sizeBytes - 1)) : none,
        )
      }),
    )
  })
})
