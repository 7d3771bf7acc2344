/** Pieces that one peer alone brought, and brought wrong. */
import { describe, expect, it } from 'vitest'
import { PieceBuffer } from './piece-buffer.ts'
import { PieceVerdicts } from './piece-verdicts.ts'
import type { PlannedWire } from './plan-requests.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

/** A piece of four blocks from one peer; the blocks named are bad. */
function pieceFrom(sender: string, bad: readonly number[], index = 0): PieceBuffer {
  const buffer = new PieceBuffer(index, 4 * BLOCK_BYTES, new SharedArrayBuffer(4 * BLOCK_BYTES), 0)
  for (let block = 0; block < 4; block++) {
    buffer.put(block, new Uint8Array(BLOCK_BYTES).fill(bad.includes(block) ? 99 : block), sender)
  }
  return buffer
}

function verdicts() {
  const banned: string[] = []
  const record = { badBlocks: new Map(), banned: new Set<string>(), onBanned: (peer: string) => void banned.push(peer) }
  return { verdicts: new PieceVerdicts(record), banned }
}

const wire = (id: number, bytesPerSecond: number): PlannedWire => ({
  ...{ id, bytesPerSecond, latencySeconds: 0, queuedBytes: 0, roomBytes: 0, blocksPerRequest: 1 },
  has: () => true,
})
const peers = new Map([
  [1, { isStalled: false, peerKey: 'liar' }],
  [2, { isStalled: false, peerKey: 'honest' }],
])

describe('a piece that one peer alone brought, and that failed', () => {
  it('bans nobody for one bad block', () => {
    const { verdicts: our, banned } = verdicts()
    our.damaged(pieceFrom('clumsy', [2]))
    our.verified(pieceFrom('clumsy', []))
    expect(banned).toEqual([])
  })

  it('bans who sent many, once it has come from another', () => {
    const { verdicts: our, banned } = verdicts()
    our.damaged(pieceFrom('liar', [0, 1, 2, 3]))
    expect(banned).toEqual([])
    our.verified(pieceFrom('honest', []))
    expect(banned).toEqual(['liar'])
  })

  it('bans who does it again, without waiting for the right one', () => {
    const { verdicts: our, banned } = verdicts()
    our.damaged(pieceFrom('liar', [0, 1, 2, 3]))
    our.damaged(pieceFrom('liar', [0, 1, 2, 3], 1))
    expect(banned).toEqual(['liar'])
  })

  it('bans at once when a player was shown it', () => {
    const { verdicts: our, banned } = verdicts()
    our.damaged(Object.assign(pieceFrom('liar', [0, 1, 2, 3]), { isShown: true }))
    expect(banned).toEqual(['liar'])
  })

  it('is asked of another next, however slow', () => {
    const { verdicts: our } = verdicts()
    our.damaged(pieceFrom('liar', [0]))
    our.chooseSources([wire(1, 1_000_000), wire(2, 1)], (id) => peers.get(id))
    expect(our.sourceOf(0)).toBe(2)
  })

  it('is asked of the same when there is no other', () => {
    const { verdicts: our } = verdicts()
    our.damaged(pieceFrom('liar', [0]))
    our.chooseSources([wire(1, 1_000_000)], (id) => peers.get(id))
    expect(our.sourceOf(0)).toBe(1)
  })

  it('is asked of one that has stalled when all have: nothing else would show that it has recovered', () => {
    const { verdicts: our } = verdicts()
    our.damaged(pieceFrom('liar', [0]))
    our.chooseSources([wire(2, 1)], () => ({ isStalled: true, peerKey: 'honest' }))
    expect(our.sourceOf(0)).toBe(2)
  })
})
