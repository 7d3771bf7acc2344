/** Who must leave the disk, and how much of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToFree, type Evictable, hasRoom, planEviction } from './eviction-plan.ts'

const GiB = 1024 ** 3
const room = (usedBytes: number, quotaBytes: number | undefined, freeBytes: number, floorBytes: number) => ({
  usedBytes,
  quotaBytes,
  freeBytes,
  floorBytes,
})

describe('bytesToFree', () => {
  it.each<[string, ReturnType<typeof room>, number, number]>([
    ['nothing while it fits', room(50 * GiB, 100 * GiB, 500 * GiB, GiB), 1, 0],
    ['nothing at the very edge', room(99, 100, 1000, 0), 1, 0],
    ['what is over the quota, and a twentieth to spare', room(100, 100, 1000, 0), 0, 0],
    ['a twentieth to spare when one more is wanted', room(100, 100, 1000, 0), 1, 6],
    ['at most a GiB to spare', room(100 * GiB, 100 * GiB, 500 * GiB, 0), 1, GiB + 1],
    ['what the floor lacks', room(100, undefined, 5, 10), 0, 5 + 0.05 * 95],
    ['no more than there is', room(10, undefined, 0, 1000), 0, 10],
    ['the stricter of both', room(100, 90, 5, 10), 0, 10 + 0.05 * 90],
  ])('asks for %s', (_what, disk, wanted, expected) => {
    expect(bytesToFree(disk, wanted)).toBeCloseTo(expected)
  })

  it('makes room whenever there is enough to give', () => {
    const size = fc.nat(1000)
    fc.assert(
      fc.property(
        size,
        fc.option(size, { nil: undefined }),
        size,
        size,
        fc.nat(100),
        (used, quota, free, floor, wanted) => {
          const disk = room(used, quota, free, floor)
          const freed = bytesToFree(disk, wanted)
          const after = room(used - freed, quota, free + freed, floor)
          const isPossible = hasRoom(room(0, quota, free + used, floor), wanted)
          if (isPossible) expect(hasRoom({ ...after, usedBytes: Math.floor(after.usedBytes) }, wanted)).toBe(true)
          else expect(freed).toBe(used)
        },
      ),
    )
  })
})

describe('planEviction', () => {
  const one = (infoHash: string, slice: number | 'all', usedAt: number, bytes = 10): Evictable => ({
    infoHash,
    slice,
    usedAt,
    bytes,
  })

  it.each<[string, Evictable[], number, [string, number | 'all'][]]>([
    ['nothing when nothing is needed', [one('a', 0, 1)], 0, []],
    [
      'the longest unused first',
      [one('a', 0, 3), one('b', 0, 1), one('c', 0, 2)],
      20,
      [
        ['b', 0],
        ['c', 0],
      ],
    ],
    ['no more than is needed', [one('a', 0, 1, 30), one('b', 0, 2, 30)], 25, [['a', 0]]],
    [
      'the beginning of a film before its end',
      [one('a', 2, 5), one('a', 0, 5), one('a', 1, 5)],
      20,
      [
        ['a', 0],
        ['a', 1],
      ],
    ],
    [
      'all when it is never enough',
      [one('a', 0, 1), one('b', 'all', 2)],
      999,
      [
        ['a', 0],
        ['b', 'all'],
      ],
    ],
  ])('evicts %s', (_what, candidates, needed, expected) => {
    expect(planEviction(candidates, needed).map(({ infoHash, slice }) => [infoHash, slice])).toEqual(expected)
  })

  it('never takes something newer while something older stays', () => {
    const candidate = fc.record({
      infoHash: fc.constantFrom('a', 'b', 'c'),
      slice: fc.nat(9),
      usedAt: fc.nat(5),
      bytes: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(fc.array(candidate), fc.nat(200), (candidates, needed) => {
        const gone = new Set(planEviction(candidates, needed))
        const newestGone = Math.max(-1, ...[...gone].map(({ usedAt }) => usedAt))
        for (const stays of candidates) if (!gone.has(stays)) expect(stays.usedAt).toBeGreaterThanOrEqual(newestGone)
        const freed = [...gone].reduce((sum, { bytes }) => sum + bytes, 0)
        expect(freed >= needed || gone.size === candidates.length).toBe(true)
      }),
    )
  })
})
