/** The pieces that fewest have, of those that anybody has. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rarestPieces } from './rarest-first.ts'

const all = (available: number[]) => [{ from: 0, to: available.length - 1 }]
const pick = (available: number[], here: number[] = [], most = 9, ranges = all(available), random = () => 0) =>
  rarestPieces(ranges, most, {
    isHere: (piece) => here.includes(piece),
    availability: (piece) => available[piece] ?? 0,
    random,
  })

describe('rarestPieces', () => {
  it.each<[string, number[], Parameters<typeof pick>]>([
    ['the rarest first', [2, 3, 1, 0], [[5, 3, 1, 2]]],
    ['nothing that nobody has', [3, 1], [[0, 3, 0, 2]]],
    ['nothing that is there already', [1, 0], [[5, 3, 1], [2]]],
    ['no more than asked for', [2], [[5, 3, 1], [], 1]],
    ['only inside the files', [1, 2], [[1, 3, 4, 1], [], 9, [{ from: 1, to: 2 }]]],
    [
      'a piece that two files share once',
      [0, 1, 2],
      [
        [1, 2, 3],
        [],
        9,
        [
          { from: 0, to: 1 },
          { from: 1, to: 2 },
        ],
      ],
    ],
    ['nothing from nobody', [], [[0, 0]]],
  ])('picks %s', (_what, expected, args) => {
    expect(pick(...args)).toEqual(expected)
  })

  it('leaves it to chance which of the equally rare come first', () => {
    const chances = [0.7, 0.1, 0.4]
    expect(pick([1, 1, 1], [], 9, undefined, () => chances.shift() ?? 0)).toEqual([1, 2, 0])
  })

  it('never picks one while a rarer one is missing', () => {
    const counts = fc.array(fc.nat(5), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(counts, fc.array(fc.nat(59)), fc.nat(20), (available, here, most) => {
        const picked = pick(available, here, most, undefined, Math.random)
        const missing = available.filter((count, piece) => count > 0 && !here.includes(piece)).sort((a, b) => a - b)
        expect(picked.map((piece) => available[piece])).toEqual(missing.slice(0, most))
      }),
    )
  })
})
