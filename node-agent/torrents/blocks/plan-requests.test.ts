/** Who is asked for which block: tables of small swarms. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlannedWire, planRequests, type WantedBlock } from './plan-requests.ts'
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
const blocks = (count: number, more: Partial<WantedBlock> = {}): WantedBlock[] =>
  Array.from({ length: count }, (_, block) => ({
    piece: 0,
    block,
    lengthBytes: BLOCK_BYTES,
    dueSeconds: 0.05 + block * 0.016,
    aheadBytes: block * BLOCK_BYTES,
    askedOf: [],
    ...more,
  }))
const askedOf = (wires: PlannedWire[], wanted: WantedBlock[]) =>
  planRequests(wires, wanted).map(({ wireId, block }) => [block, wireId])

describe('planRequests', () => {
  it('spreads the first blocks over wires of equal speed', () => {
    expect(askedOf([wire(1), wire(2), wire(3), wire(4)], blocks(4))).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ])
  })

  it('gives a faster wire more', () => {
    const plan = planRequests([wire(1, { bytesPerSecond: 4_000_000 }), wire(2)], blocks(10, { dueSeconds: 1 }))
    const toFast = plan.filter(({ wireId }) => wireId === 1).length
    expect(toFast).toBe(8)
    expect(plan).toHaveLength(10)
  })

  it('gives even a much faster wire not all of the blocks that somebody waits for', () => {
    const plan = planRequests(
      [wire(1, { bytesPerSecond: 20_000_000 }), wire(2), wire(3), wire(4)],
      blocks(4, { dueSeconds: 0 }),
    )
    expect(new Set(plan.map(({ wireId }) => wireId)).size).toBeGreaterThan(1)
  })

  it('prefers a free wire to a busy one of the same speed', () => {
    expect(askedOf([wire(1, { queuedBytes: 4 * BLOCK_BYTES }), wire(2)], blocks(1))).toEqual([[0, 2]])
  })

  it('leaves a slow wire out of urgent blocks, even when the fast one is full', () => {
    const wires = [wire(1, { roomBytes: 0, queuedBytes: 2 * BLOCK_BYTES }), wire(2, { bytesPerSecond: 8000 })]
    expect(askedOf(wires, blocks(1, { dueSeconds: 0 }))).toEqual([])
  })

  it('uses the slow wire for a block that is due after it would arrive', () => {
    const wires = [wire(1, { roomBytes: 0, queuedBytes: 2 * BLOCK_BYTES }), wire(2, { bytesPerSecond: 8000 })]
    expect(askedOf(wires, blocks(1, { dueSeconds: 5 }))).toEqual([[0, 2]])
  })

  it('uses slow wires for everything when there are no others', () => {
    const slow = { bytesPerSecond: 8000 }
    expect(askedOf([wire(1, slow), wire(2, slow)], blocks(2, { dueSeconds: 0 }))).toHaveLength(2)
  })

  it('asks only wires that have the piece', () => {
    expect(askedOf([wire(1, { has: () => false }), wire(2, { has: (piece) => piece === 0 })], blocks(2))).toEqual([
      [0, 2],
      [1, 2],
    ])
    expect(askedOf([wire(1, { has: () => false })], blocks(2))).toEqual([])
  })

  it('asks nothing twice', () => {
    expect(askedOf([wire(1), wire(2)], blocks(2, { askedOf: [1] }))).toEqual([])
  })

  it('fetches a suspect piece from its one source alone', () => {
    expect(askedOf([wire(1), wire(2)], blocks(3, { source: 2 }))).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
    ])
  })

  it('asks a web seed for runs of blocks', () => {
    const plan = planRequests([wire(1, { blocksPerRequest: 4, roomBytes: 8 * BLOCK_BYTES })], blocks(10))
    expect(plan.slice(0, 2)).toEqual([
      { wireId: 1, piece: 0, block: 0, blocks: 4, lengthBytes: 4 * BLOCK_BYTES },
      { wireId: 1, piece: 0, block: 4, blocks: 4, lengthBytes: 4 * BLOCK_BYTES },
    ])
  })

  it('never asks a wire without room, never one without the piece, never a block twice', () => {
    const wires = fc
      .array(
        fc.record({
          bytesPerSecond: fc.integer({ min: 1000, max: 20_000_000 }),
          latencySeconds: fc.double({ min: 0, max: 0.5, noNaN: true }),
          queuedBlocks: fc.nat(20),
          roomBlocks: fc.integer({ min: -4, max: 20 }),
          hasOdd: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      )
      .map((all) =>
        all.map(({ queuedBlocks, roomBlocks, hasOdd, ...speed }, id) =>
          wire(id, {
            ...speed,
            queuedBytes: queuedBlocks * BLOCK_BYTES,
            roomBytes: roomBlocks * BLOCK_BYTES,
            has: (piece) => hasOdd || piece % 2 === 0,
          }),
        ),
      )
    const wanted = fc.uniqueArray(fc.record({ piece: fc.nat(3), block: fc.nat(15) }), {
      selector: ({ piece, block }) => piece * 16 + block,
      maxLength: 40,
    })
    fc.assert(
      fc.property(wires, wanted, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (swarm, wants, asked) => {
        const all = wants.map((want, index) => ({
          ...want,
          lengthBytes: BLOCK_BYTES,
          aheadBytes: index * BLOCK_BYTES,
          dueSeconds: index * 0.1,
          askedOf: asked[index] ? [0] : [],
        }))
        const plan = planRequests(swarm, all)
        const keys = plan.map(({ piece, block }) => `${piece}:${block}`)
        expect(new Set(keys).size).toBe(keys.length)
        for (const { wireId, piece, block } of plan) {
          expect(swarm[wireId]?.has(piece)).toBe(true)
          expect(all.find((want) => want.piece === piece && want.block === block)?.askedOf).toEqual([])
        }
        for (const { id, roomBytes } of swarm) {
          const bytes = plan
            .filter(({ wireId }) => wireId === id)
            .reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
          expect(bytes).toBeLessThanOrEqual(Math.max(0, Math.ceil(roomBytes / BLOCK_BYTES)) * BLOCK_BYTES)
        }
      }),
    )
  })

  it('always asks somebody when a wire has room and the most urgent block', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 10_000_000 }), { minLength: 1, maxLength: 8 }), (speeds) => {
        const swarm = speeds.map((bytesPerSecond, id) => wire(id, { bytesPerSecond }))
        expect(planRequests(swarm, blocks(1, { dueSeconds: 0 }))).toHaveLength(1)
      }),
    )
  })
})
