/** What all readers want, as one plan. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecePlan, piecesOf, priorities } from './piece-plan.ts'

const nothing = () => false
const { critical, ahead } = priorities

describe('piecePlan', () => {
  it('puts the playhead first and the window after it', () => {
    const plan = piecePlan([{ critical: { from: 4, to: 5 }, ahead: [{ from: 4, to: 9 }] }], nothing)
    expect(plan.selections).toEqual([
      { from: 4, to: 5, priority: critical },
      { from: 6, to: 9, priority: ahead },
    ])
    expect([...plan.critical]).toEqual([4, 5])
    expect(plan.wanted.size).toBe(6)
  })

  it('merges readers: the more urgent one decides', () => {
    const plan = piecePlan(
      [{ ahead: [{ from: 0, to: 9 }] }, { critical: { from: 3, to: 3 }, ahead: [{ from: 3, to: 12 }] }],
      nothing,
    )
    expect(plan.selections).toEqual([
      { from: 3, to: 3, priority: critical },
      { from: 0, to: 2, priority: ahead },
      { from: 4, to: 12, priority: ahead },
    ])
  })

  it('leaves out what is on disk', () => {
    const plan = piecePlan([{ critical: { from: 0, to: 0 }, ahead: [{ from: 0, to: 4 }] }], (piece) =>
      [0, 2].includes(piece),
    )
    expect(plan.selections).toEqual([
      { from: 1, to: 1, priority: ahead },
      { from: 3, to: 4, priority: ahead },
    ])
  })

  it('wants nothing when nobody reads', () => {
    expect(piecePlan([], nothing).selections).toEqual([])
  })

  it('selects every wanted piece exactly once', () => {
    const range = fc.tuple(fc.nat(40), fc.nat(10)).map(([from, more]) => ({ from, to: from + more }))
    const want = fc.record({ critical: fc.option(range, { nil: undefined }), ahead: fc.array(range, { maxLength: 3 }) })
    fc.assert(
      fc.property(fc.array(want, { maxLength: 5 }), fc.array(fc.nat(50)), (wants, onDisk) => {
        const plan = piecePlan(wants, (piece) => onDisk.includes(piece))
        const selected = plan.selections.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, i) => from + i),
        )
        expect(new Set(selected)).toEqual(plan.wanted)
        expect(selected).toHaveLength(plan.wanted.size)
        const all = wants.flatMap(({ critical: first, ahead: rest }) => [...(first ? [first] : []), ...rest])
        for (let piece = 0; piece < 60; piece++) {
          const isWanted = all.some(({ from, to }) => from <= piece && piece <= to)
          expect(plan.wanted.has(piece)).toBe(isWanted && !onDisk.includes(piece))
        }
      }),
    )
  })
})

describe('piecesOf', () => {
  it.each([
    [0, 0, 0, 0, 0],
    [0, 99, 100, 0, 1],
    [150, 0, 49, 1, 1],
    [150, 0, 50, 1, 2],
  ])('finds the pieces of a file at %i, bytes %i to %i', (offsetBytes, from, to, first, last) => {
    expect(piecesOf({ offsetBytes }, 100, from, to)).toEqual({ from: first, to: last })
  })
})
