/** When a reader that waits may go on. */
import { describe, expect, it } from 'vitest'
import { BlockReader } from './block-reader.ts'
import { PieceBuffer } from './piece-buffer.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'
import { canGoOn, isOnTrial, peekFor } from './what-arrived.ts'

/** One piece of one block, which has arrived, and a reader that was shown all of it. */
function shown() {
  const buffer = new PieceBuffer(0, BLOCK_BYTES, new SharedArrayBuffer(BLOCK_BYTES), 0)
  buffer.put(0, new Uint8Array(BLOCK_BYTES), 'a')
  const pieces = {
    get: (): PieceBuffer | undefined => buffer,
    isVerified: () => false,
    peek: () => buffer.bytes,
    pieceAt: () => 0,
  }
  const reader = new BlockReader({ startBytes: 0, endBytes: BLOCK_BYTES, unverified: true }, BLOCK_BYTES)
  peekFor(pieces, reader, BLOCK_BYTES)
  reader.advance(BLOCK_BYTES)
  return { buffer, pieces, reader }
}

describe('a reader that has all of its range', () => {
  it('waits for the verdict on what it was shown', () => {
    const { buffer, pieces, reader } = shown()
    expect(isOnTrial(pieces, reader)).toBe(true)
    expect(canGoOn(pieces, reader)).toBe(false)
    buffer.isProven = true
    expect(canGoOn(pieces, reader)).toBe(true)
  })

  it('waits for nothing when the piece was thrown away, which has told it already', () => {
    const { pieces, reader } = shown()
    expect(canGoOn({ ...pieces, get: () => undefined }, reader)).toBe(true)
  })
})

describe('a reader in mid-range', () => {
  it('goes on with what has arrived, and one that takes nothing unverified does not', () => {
    const { pieces } = shown()
    const range = { startBytes: 0, endBytes: BLOCK_BYTES }
    expect(canGoOn(pieces, new BlockReader({ ...range, unverified: true }, BLOCK_BYTES))).toBe(true)
    expect(canGoOn(pieces, new BlockReader({ ...range, unverified: false }, BLOCK_BYTES))).toBe(false)
  })
})
