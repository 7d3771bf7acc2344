/** What the player draws as buffered. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bufferedRanges, longestRanges } from './buffered-ranges.ts'

const has =
  (...pieces: number[]) =>
  (piece: number) =>
    pieces.includes(piece)

describe('bufferedRanges', () => {
  it.each([
    ['nothing', { offsetBytes: 0, sizeBytes: 250 }, has(), []],
    ['all of it', { offsetBytes: 0, sizeBytes: 250 }, has(0, 1, 2), [[0, 250]]],
    [
      'a hole',
      { offsetBytes: 0, sizeBytes: 350 },
      has(0, 2, 3),
      [
        [0, 100],
        [200, 350],
      ],
    ],
    ['a file that begins inside a piece', { offsetBytes: 150, sizeBytes: 100 }, has(1), [[0, 50]]],
    ['a file inside one piece', { offsetBytes: 10, sizeBytes: 20 }, has(0), [[0, 20]]],
    ['an empty file', { offsetBytes: 10, sizeBytes: 0 }, has(0), []],
  ])('knows %s', (_what, file, isOnDisk, expected) => {
    expect(bufferedRanges(file, 100, isOnDisk)).toEqual(expected)
  })

  it('counts exactly the bytes whose pieces are on disk', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.array(fc.nat(12)), (offsetBytes, sizeBytes, pieces) => {
        const ranges = bufferedRanges({ offsetBytes, sizeBytes }, 100, has(...pieces))
        const counted = ranges.reduce((sum, [start, end]) => sum + end - start, 0)
        const bytes = Array.from({ length: sizeBytes }, (_, i) => pieces.includes(Math.floor((offsetBytes + i) / 100)))
        expect(counted).toBe(bytes.filter(Boolean).length)
        expect(ranges.flat()).toEqual([...new Set(ranges.flat())].sort((a, b) => a - b))
      }),
    )
  })
})

describe('longestRanges', () => {
  it('keeps the longest, in order', () => {
    expect(
      longestRanges(
        [
          [0, 1],
          [2, 9],
          [10, 12],
        ],
        2,
      ),
    ).toEqual([
      [2, 9],
      [10, 12],
    ])
  })
})
