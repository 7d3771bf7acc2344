/** When a second peer is asked for the same block. */
import { describe, expect, it } from 'vitest'
import { lateBlocks } from './late-blocks.ts'
import type { PlannedWire, WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

const wire = (id: number, more: Partial<PlannedWire> = {}): PlannedWire => ({
  id,
  bytesPerSecond: 1_000_000,
  latencySeconds: 0.05,
  queuedBytes: 0,
  roomBytes: 8 * BLOCK_BYTES,
  blocksPerRequest: 1,
  has: () => true,
  ...more,
})
const block = (more: Partial<WantedBlock> = {}): WantedBlock => ({
  piece: 3,
  block: 7,
  lengthBytes: BLOCK_BYTES,
  aheadBytes: 0,
  dueSeconds: 0,
  askedOf: [1],
  ...more,
})
const copiesTo = (wires: PlannedWire[], wanted: WantedBlock[], remainingSeconds: number) =>
  lateBlocks(wires, wanted, () => remainingSeconds).map(({ wireId }) => wireId)

describe('lateBlocks', () => {
  it.each([
    ['a late block is asked of a second wire', [wire(1), wire(2)], block(), 1, [2]],
    ['a block that never comes is asked of a second wire', [wire(2)], block(), Number.POSITIVE_INFINITY, [2]],
    ['a block that is about to come is not', [wire(1), wire(2)], block(), 0.04, []],
    ['a second wire that is hardly sooner is not asked', [wire(2, { latencySeconds: 0.4 })], block(), 0.5, []],
    ['nor one that lacks the piece', [wire(2, { has: () => false })], block(), 9, []],
    ['nor one that is far over its queue', [wire(2, { roomBytes: -9 * BLOCK_BYTES })], block(), 9, []],
    ['the faster of two is asked', [wire(2), wire(3, { latencySeconds: 0.01 })], block(), 1, [3]],
    ['nobody is asked twice', [wire(1)], block(), 9, []],
    ['at most three hold one block', [wire(4)], block({ askedOf: [1, 2, 3] }), 9, []],
    ['a block not asked of anybody is the plan’s business', [wire(2)], block({ askedOf: [] }), 9, []],
    ['a block that is not needed soon waits', [wire(2)], block({ dueSeconds: 3 }), 9, []],
    ['a suspect piece stays with its one source', [wire(2)], block({ source: 1 }), 9, []],
    ['the first blocks of a seek are asked of two at once', [wire(2)], block({ isFirst: true }), 0.01, [2]],
    ['but not of three', [wire(3)], block({ isFirst: true, askedOf: [1, 2] }), 0.01, []],
    ['and not of one that is slow', [wire(2, { bytesPerSecond: 20_000 })], block({ isFirst: true }), 0.01, []],
  ])('%s', (_, wires, wanted, remainingSeconds, expected) => {
    expect(copiesTo(wires, [wanted], remainingSeconds)).toEqual(expected)
  })

  it('does not move a whole queue from one peer to another', () => {
    const wanted = Array.from({ length: 60 }, (_, index) => block({ block: index }))
    expect(copiesTo([wire(2, { roomBytes: 100 * BLOCK_BYTES })], wanted, 60).length).toBeLessThanOrEqual(16)
  })
})
