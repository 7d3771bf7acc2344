import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstBlocks } from './first-blocks.ts'
import type { PlannedWire, WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

const wire = (id: number, more: Partial<PlannedWire> = {}): PlannedWire => ({
  ...{ id, bytesPerSecond: 1, latencySeconds: 0, queuedBytes: 0, roomBytes: 0, blocksPerRequest: 1 },
  ...{ has: () => true, isNew: true, ...more },
})
const block = (n: number, more: Partial<WantedBlock> = {}): WantedBlock => ({
  ...{
    piece: 0,
    block: n,
    lengthBytes: BLOCK_BYTES,
    aheadBytes: 0,
    dueSeconds: 0,
    askedOf: [],
    isWhole: true,
    ...more,
  },
})
const piece = (count: number, more: Partial<WantedBlock> = {}) =>
  Array.from({ length: count }, (_, n) => block(n, more))

/** How many blocks are asked of each. */
const counts = (wires: PlannedWire[], wanted: WantedBlock[]) => {
  const requests = firstBlocks(wires, wanted)
  return wires.map(({ id }) => requests.filter(({ wireId }) => wireId === id).length)
}

describe('what a swarm that nobody knows is asked for first', () => {
  it.each<[string, PlannedWire[], WantedBlock[], number[]]>([
    ['all that is waited for, of each', [wire(1), wire(2)], piece(64), [64, 64]],
    ['what the first was asked for already, of the next', [wire(2)], piece(64, { askedOf: [1] }), [64]],
    ['of no more than four', [1, 2, 3, 4, 5].map((id) => wire(id)), piece(8), [8, 8, 8, 8, 0]],
    ['never twice of the same', [wire(1)], piece(8, { askedOf: [1] }), [0]],
    ['of a large piece as much as one may bring soon', [wire(1)], piece(256), [128]],
    ['nothing that is not waited for', [wire(1)], piece(8, { dueSeconds: 0.1 }), [0]],
    ['nothing that a player is shown at once', [wire(1)], piece(8, { isWhole: false }), [0]],
    ['what it still has room for', [wire(1, { queuedBytes: 124 * BLOCK_BYTES })], piece(8), [4]],
    ['nothing that only one may bring', [wire(1)], piece(8, { source: 1 }), [0]],
    ['nothing of who does not have it', [wire(1, { has: () => false }), wire(2)], piece(8), [0, 8]],
    ['nothing once one has answered', [wire(1, { isNew: false }), wire(2)], piece(8), [0, 0]],
    ['nothing of web seeds, which answer at once', [wire(1, { blocksPerRequest: 64 })], piece(8), [0]],
  ])('is %s', (_what, wires, wanted, expected) => expect(counts(wires, wanted)).toEqual(expected))

  it('is asked of the first peer from the beginning on, because that is waited for most', () => {
    expect(firstBlocks([wire(7)], piece(64)).map((request) => request.block)).toEqual([...Array(64).keys()])
  })

  it('begins for each elsewhere, so that the first answers of slow peers are of different blocks', () => {
    const requests = firstBlocks(
      [1, 2, 3, 4].map((id) => wire(id)),
      piece(64),
    )
    const firsts = [1, 2, 3, 4].flatMap((id) =>
      requests
        .filter(({ wireId }) => wireId === id)
        .slice(0, 9)
        .map((request) => request.block),
    )
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('is head and tail of each, and of the second the tail first: both are there when two have sent half a second', () => {
    const ends = [...piece(64), ...piece(64, { piece: 9 })]
    const requests = firstBlocks([wire(1), wire(2)], ends)
    const soon = 76
    const sent = (id: number, isLeft: (key: string) => boolean) =>
      requests
        .filter(({ wireId }) => wireId === id)
        .map((request) => `${request.piece} ${request.block}`)
        .filter(isLeft)
        .slice(0, soon)
    const first = sent(1, () => true)
    const both = new Set([...first, ...sent(2, (key) => !first.includes(key))])
    expect(both.size).toBe(ends.length)
  })

  it('asks nobody twice for a block, and nobody for what is not wanted', () => {
    const wanted = fc.array(fc.record({ dueSeconds: fc.constantFrom(0, 1), askedOf: fc.subarray([1, 2, 3]) }))
    fc.assert(
      fc.property(wanted, (blocks) => {
        const all = blocks.map((more, n) => block(n, more))
        const seen = new Set<string>()
        for (const request of firstBlocks(
          [1, 2, 3].map((id) => wire(id)),
          all,
        )) {
          const asked = all[request.block]
          expect(asked?.dueSeconds).toBe(0)
          expect(asked?.askedOf).not.toContain(request.wireId)
          const key = `${request.wireId} ${request.block}`
          expect(seen.has(key)).toBe(false)
          seen.add(key)
        }
      }),
    )
  })
})
