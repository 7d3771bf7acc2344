/** When parts of a torrent were used, kept over a restart and over clocks that jump. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SliceUse } from './slice-use.ts'
import { usedClock } from './used-clock.ts'

const MiB = 1024 * 1024
const layout = (pieceBytes: number, pieceCount: number) => ({ pieceBytes, pieceCount })
const none = new Uint8Array()

describe('SliceUse', () => {
  it.each([
    [64 * 1024, 1000, 128, 8],
    [4 * MiB, 100, 2, 50],
    [16 * MiB, 10, 1, 10],
    [64 * MiB, 1, 1, 1],
  ])('cuts pieces of %i bytes, %i of them, into slices', (pieceBytes, pieceCount, slicePieces, sliceCount) => {
    const use = new SliceUse(layout(pieceBytes, pieceCount), none, 7)
    expect([use.slicePieces, use.sliceCount]).toEqual([slicePieces, sliceCount])
    expect(use.piecesOf(sliceCount - 1).to).toBe(pieceCount - 1)
    expect(use.usedAt(sliceCount - 1)).toBe(7)
  })

  it('remembers what was touched, and nothing else', () => {
    const use = new SliceUse(layout(4 * MiB, 10), none, 1)
    use.touch({ from: 3, to: 4 }, 50)
    expect([0, 1, 2, 3, 4].map((slice) => use.usedAt(slice))).toEqual([1, 50, 50, 1, 1])
    expect(use.isChanged).toBe(true)
  })

  it('comes back from what was saved', () => {
    const pieces = fc.integer({ min: 1, max: 500 })
    const touch = fc.tuple(fc.nat(600), fc.nat(600), fc.nat(2 ** 32 - 1))
    fc.assert(
      fc.property(pieces, fc.array(touch), (pieceCount, touches) => {
        const use = new SliceUse(layout(4 * MiB, pieceCount), none, 0)
        for (const [from, more, at] of touches) use.touch({ from, to: from + more }, at)
        const again = new SliceUse(layout(4 * MiB, pieceCount), use.bytes(), 9)
        for (let slice = 0; slice < use.sliceCount; slice++) expect(again.usedAt(slice)).toBe(use.usedAt(slice))
      }),
    )
  })

  it('counts everything as used at the time it is given when what was saved does not fit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (saved) => {
        const use = new SliceUse(layout(4 * MiB, 100), saved, 9)
        expect(use.usedAt(49)).toBe(9)
      }),
    )
  })
})

describe('usedClock', () => {
  it.each<[string, number[], number, number[]]>([
    ['follows the wall clock', [100, 101, 105], 0, [100, 101, 105]],
    ['goes on from where it was when the clock is set back', [100, 50, 53], 0, [100, 100, 103]],
    ['goes on from what was saved', [50, 60], 100, [100, 110]],
    ['follows a clock that is set forward', [100, 9000, 9001], 0, [100, 9000, 9001]],
    ['never runs backwards however often it jumps', [100, 10, 20, 5, 6], 0, [100, 100, 110, 110, 111]],
  ])('%s', (_what, walls, latestKnown, expected) => {
    let at = 0
    const now = usedClock(() => walls[at++] ?? 0, latestKnown)
    expect(walls.map(() => now())).toEqual(expected)
  })
})
