/** The piece that fewest have, of those that anybody has. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rarestPiece } from './rarest-first.ts'

const pick = (available: number[], onDisk: number[] = [], random = 0, range = { from: 0, to: available.length - 1 }) =>
  rarestPiece(range, {
    isOnDisk: (piece) => onDisk.includes(piece),
    availability: (piece) => available[piece] ?? 0,
    random: () => random,
  })

describe('rarestPiece', () => {
  it.each<[string, number | undefined, Parameters<typeof pick>]>([
    ['the rarest', 2, [[5, 3, 1, 2]]],
    ['nothing that nobody has', 3, [[0, 3, 0, 2]]],
    ['nothing that is there already', 1, [[5, 3, 1], [2]]],
    ['by chance among equals', 3, [[1, 2, 1, 1], [], 0.99]],
    ['only inside the file', 1, [[1, 3, 4, 1], [], 0, { from: 1, to: 2 }]],
    [
      'nothing when all is there',
      undefined,
      [
        [1, 1],
        [0, 1],
      ],
    ],
    ['nothing from nobody', undefined, [[0, 0]]],
  ])('picks %s', (_what, expected, args) => {
    expect(pick(...args)).toBe(expected)
  })

  it('never picks one while a rarer one is missing', () => {
    const counts = fc.array(fc.nat(5), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        counts,
        fc.array(fc.nat(59)),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (available, onDisk, random) => {
          const picked = pick(available, onDisk, random)
          const missing = available.flatMap((count, piece) => (count > 0 && !onDisk.includes(piece) ? [count] : []))
          if (picked === undefined) expect(missing).toEqual([])
          else expect(available[picked]).toBe(Math.min(...missing))
        },
      ),
    )
  })
})
