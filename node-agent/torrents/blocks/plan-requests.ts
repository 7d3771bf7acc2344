/** Which block is asked of which peer: list scheduling in playhead order, earliest expected finish first. */

/** A peer that may be asked now (unchoked and alive), as the plan sees it. Speeds are what it really delivers. */
export type PlannedWire = {
  id: number
  bytesPerSecond: number
  latencySeconds: number
  /** Asked of it and not yet arrived. */
  queuedBytes: number
  /** How much may be asked of it beyond that. */
  roomBytes: number
  /** More than one for web seeds, where a request is an HTTP request. */
  blocksPerRequest: number
  has: (piece: number) => boolean
  /** Nothing has come from it yet: its speed is a guess. */
  isNew?: boolean
}

export type WantedBlock = {
  piece: number
  block: number
  lengthBytes: number
  /** Wanted bytes that stand before this block and have not arrived, asked for or not. */
  aheadBytes: number
  /** When somebody needs it, from now; 0 when somebody waits for it, Infinity when nobody ever will. */
  dueSeconds: number
  /** Ids of the wires it is already asked of. */
  askedOf: readonly number[]
  /** Wanted with the whole of its piece, and shown to nobody before that has verified. */
  isWhole?: boolean
  /** Among the first of a reader that has nothing yet: worth asking two peers at once, for a seek is felt. */
  isFirst?: boolean
  /** The only wire that may be asked: a piece that failed its hash is fetched again from one peer alone. */
  source?: number
}

export type BlockRequest = {
  wireId: number
  piece: number
  block: number
  blocks: number
  lengthBytes: number
  /** Others are asked for it too, and it is taken back when it comes from one of them. */
  isCopy?: boolean
}

/** A wire that is slower than the swarm by this much still gets a block, if the block is not due sooner. */
const PATIENCE = 2
const SLACK_SECONDS = 0.1
/** Blocks due sooner are spread: what a peer does next is never known as well as its speed of the last second. */
const URGENT_SECONDS = 0.1
/** So much sooner must a wire have each further urgent block to get that one too. */
const SPREAD_SECONDS = 0.02
/** So many blocks in a row that only busy wires should bring are looked at before the plan rests. */
const MOST_SKIPPED = 256

/** When a block asked of this wire now would be here. */
export function expectedFinishSeconds(wire: PlannedWire, lengthBytes: number): number {
  return wire.latencySeconds + (wire.queuedBytes + lengthBytes) / wire.bytesPerSecond
}

type State = PlannedWire & { urgentBlocks: number }

/**
 * Plans requests for blocks that are wanted and not yet asked for. `wanted` comes in the order of need and may hold
 * blocks already asked for too.
 *
 * A block goes to the wire that will have it soonest. When that wire's queue is full the block waits for it, unless
 * another wire would have it before it is due, or before the swarm as a whole would get to it: that leaves slow wires
 * out of urgent blocks and still uses them for later ones.
 */
export function planRequests(wires: readonly PlannedWire[], wanted: Iterable<WantedBlock>): BlockRequest[] {
  const requests: BlockRequest[] = []
  const states: State[] = wires.map((wire) => ({ ...wire, urgentBlocks: 0 }))
  const swarmBytesPerSecond = states.reduce((sum, wire) => sum + wire.bytesPerSecond, 0)
  let withRoom = states.filter((wire) => wire.roomBytes > 0).length
  let skipped = 0
  let run: BlockRequest | undefined
  for (const block of wanted) {
    if (withRoom === 0 || skipped > MOST_SKIPPED) break
    if (block.askedOf.length > 0) continue
    if (run !== undefined && extendsRun(run, block, states)) {
      extend(run, block, states)
      continue
    }
    const patienceSeconds = Math.max(
      block.dueSeconds,
      (PATIENCE * (block.aheadBytes + block.lengthBytes)) / swarmBytesPerSecond + SLACK_SECONDS,
    )
    const wire = chooseWire(states, block, patienceSeconds)
    if (wire === undefined) {
      skipped++
      continue
    }
    skipped = 0
    wire.queuedBytes += block.lengthBytes
    wire.roomBytes -= block.lengthBytes
    if (block.dueSeconds < URGENT_SECONDS) wire.urgentBlocks++
    if (wire.roomBytes <= 0) withRoom--
    const request = {
      wireId: wire.id,
      piece: block.piece,
      block: block.block,
      blocks: 1,
      lengthBytes: block.lengthBytes,
    }
    requests.push(request)
    run = wire.blocksPerRequest > 1 ? request : undefined
  }
  return requests
}

function chooseWire(wires: readonly State[], block: WantedBlock, patienceSeconds: number) {
  let best: State | undefined
  let bestSeconds = Number.POSITIVE_INFINITY
  let bestOpen: State | undefined
  let bestOpenSeconds = Number.POSITIVE_INFINITY
  for (const wire of wires) {
    if (block.source !== undefined && block.source !== wire.id) continue
    const spread = block.dueSeconds < URGENT_SECONDS ? wire.urgentBlocks * SPREAD_SECONDS : 0
    const seconds = expectedFinishSeconds(wire, block.lengthBytes) + spread
    if (seconds >= bestSeconds && (wire.roomBytes <= 0 || seconds >= bestOpenSeconds)) continue
    if (!wire.has(block.piece)) continue
    if (seconds < bestSeconds) {
      best = wire
      bestSeconds = seconds
    }
    if (wire.roomBytes > 0 && seconds < bestOpenSeconds) {
      bestOpen = wire
      bestOpenSeconds = seconds
    }
  }
  return best === bestOpen || bestOpenSeconds <= patienceSeconds ? bestOpen : undefined
}

/** A web seed answers a long run of blocks as cheaply as one block: the blocks that follow ride along. */
function extendsRun(run: BlockRequest, block: WantedBlock, wires: readonly PlannedWire[]): boolean {
  const wire = wires.find((candidate) => candidate.id === run.wireId)
  return (
    wire !== undefined &&
    block.piece === run.piece &&
    block.block === run.block + run.blocks &&
    run.blocks < wire.blocksPerRequest &&
    (block.source === undefined || block.source === wire.id)
  )
}

function extend(run: BlockRequest, block: WantedBlock, wires: readonly PlannedWire[]): void {
  run.blocks++
  run.lengthBytes += block.lengthBytes
  const wire = wires.find((candidate) => candidate.id === run.wireId)
  if (wire !== undefined) wire.queuedBytes += block.lengthBytes
}
