/** Which blocks that somebody waits for are asked of a second peer: late ones, and the first of a seek. Pure. */
import { type BlockRequest, expectedFinishSeconds, type PlannedWire, type WantedBlock } from './plan-requests.ts'

/** When the wire that a block was asked of will have it, from now. Infinity when it will not (it chokes us, or left). */
export type RemainingSeconds = (wireId: number, piece: number, block: number) => number

/** Needed within this time a block is urgent; the others can wait for the peer they were asked of. */
const URGENT_SECONDS = 1
/** A second peer is asked only when that at least halves the wait, and the wait is worth it. */
const WORTH_SECONDS = 0.05
const GAIN = 2
/** A copy of a first block is worth asking for when it may come within this time. */
const HEDGE_SECONDS = 0.3
const MOST_COPIES = 3
/** Per plan; more would only move the queue from one peer to another. */
const MOST_DUPLICATES = 16
/** Copies may stand this far above a wire's queue: somebody waits for them. */
const EXTRA_ROOM_BYTES = 4 * 16 * 1024

/** `wanted` in the order of need. Never asks the same peer twice for one block. */
export function lateBlocks(
  wires: readonly PlannedWire[],
  wanted: Iterable<WantedBlock>,
  remainingSeconds: RemainingSeconds,
): BlockRequest[] {
  const states = wires.map((wire) => ({ ...wire }))
  const requests: BlockRequest[] = []
  for (const { piece, block, lengthBytes, dueSeconds, askedOf, source, isFirst = false } of wanted) {
    if (dueSeconds > URGENT_SECONDS || requests.length >= MOST_DUPLICATES) break
    if (askedOf.length === 0 || askedOf.length >= MOST_COPIES || source !== undefined) continue
    const expected = Math.min(...askedOf.map((wireId) => remainingSeconds(wireId, piece, block)))
    const isHedged = isFirst && askedOf.length === 1
    if (expected < WORTH_SECONDS && !isHedged) continue
    let best: PlannedWire | undefined
    for (const wire of states) {
      if (wire.roomBytes + EXTRA_ROOM_BYTES < lengthBytes || askedOf.includes(wire.id) || !wire.has(piece)) continue
      if (best === undefined || expectedFinishSeconds(wire, 0) < expectedFinishSeconds(best, 0)) best = wire
    }
    if (best === undefined) continue
    const seconds = expectedFinishSeconds(best, lengthBytes)
    if (isHedged ? seconds > HEDGE_SECONDS : seconds * GAIN > expected) continue
    best.queuedBytes += lengthBytes
    best.roomBytes -= lengthBytes
    requests.push({ wireId: best.id, piece, block, blocks: 1, lengthBytes })
  }
  return requests
}
