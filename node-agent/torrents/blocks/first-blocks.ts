/** What a swarm of which nothing is known yet is asked for first, while somebody waits: the same of several peers. Pure. */
import type { BlockRequest, PlannedWire, WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'
import type { HowMany } from './wanted-blocks.ts'

/**
 * Two pieces of the usual size, head and tail, of which a peer sends one and a bit in its first half second. It must be
 * asked for both: when another has brought the one, it sends the other at once.
 */
const MOST_A_WIRE = 128
/** Of one block. */
const MOST_COPIES = 4
/** Each next peer begins so much of the whole further on, which spreads any number of them evenly. */
const GOLDEN_RATIO = 0.618_034

/** Of each want: what one wire is asked for. */
export const FIRST_NAMED: HowMany = { unasked: MOST_A_WIRE, asked: MOST_A_WIRE }

/** Nothing has come from any peer that may be asked: there are no speeds to plan by. */
export const isUnknownSwarm = (wires: readonly PlannedWire[]): boolean => {
  const peers = wires.filter(isPeer)
  return peers.length > 0 && peers.every(({ isNew }) => isNew)
}

/**
 * Which peer answers first, and how much, nobody knows; what is waited for is therefore asked of the first few that may
 * be asked, of each from another place on. A quick one brings all of it alone, slow ones each their own part, and what has
 * come is taken back from the others. Only pieces that nobody is shown before they have verified: what a liar brings
 * alone is no more than an attempt that fails (`ban-peers.ts`), and breaks off nothing.
 */
export function firstBlocks(wires: readonly PlannedWire[], wanted: readonly WantedBlock[]): BlockRequest[] {
  if (!isUnknownSwarm(wires)) return []
  const waited = wanted.filter(({ dueSeconds, isWhole, source }) => isWhole && dueSeconds === 0 && source === undefined)
  const copies = waited.map(({ askedOf }) => askedOf.length)
  const requests: BlockRequest[] = []
  for (const wire of wires.filter(isPeer)) {
    const from = Math.floor(((Math.min(...copies) * GOLDEN_RATIO) % 1) * waited.length)
    let most = MOST_A_WIRE - wire.queuedBytes / BLOCK_BYTES
    for (let n = 0; n < waited.length && most > 0; n++) {
      const at = (from + n) % waited.length
      const block = waited[at]
      const count = copies[at] ?? 0
      if (!block || count >= MOST_COPIES || block.askedOf.includes(wire.id) || !wire.has(block.piece)) continue
      const { piece, lengthBytes } = block
      requests.push({ wireId: wire.id, piece, block: block.block, blocks: 1, lengthBytes, isCopy: true })
      copies[at] = count + 1
      most--
    }
  }
  return requests
}

/** Web seeds answer at once, and much. */
const isPeer = ({ blocksPerRequest }: PlannedWire) => blocksPerRequest === 1
