/** A piece that fills up in any order. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pseudoRandomBytes } from '../../testing/seeder.ts'
import { PieceBuffer } from './piece-buffer.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

const LENGTH = 40 * BLOCK_BYTES - 1000
const content = pseudoRandomBytes(LENGTH)
const part = (block: number) => content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)

describe('PieceBuffer', () => {
  it('is the piece, whatever order its blocks come in', () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: 40 }, (_, block) => block),
      { minLength: 40 },
    )
    fc.assert(
      fc.property(order, (blocks) => {
        const buffer = new PieceBuffer(0, LENGTH, new SharedArrayBuffer(LENGTH), 0)
        for (const block of blocks) expect(buffer.put(block, part(block), 'a')).toBe(true)
        expect(buffer.isComplete).toBe(true)
        expect(Buffer.from(buffer.bytes).equals(content)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('takes no block twice, none of the wrong length, none beyond its end', () => {
    const buffer = new PieceBuffer(0, LENGTH, new SharedArrayBuffer(LENGTH), 0)
    expect(buffer.put(3, part(3), 'a')).toBe(true)
    expect(buffer.put(3, part(4), 'b')).toBe(false)
    expect(buffer.put(4, part(4).subarray(1), 'b')).toBe(false)
    expect(buffer.put(39, part(0), 'b')).toBe(false)
    expect(buffer.put(40, part(0), 'b')).toBe(false)
    expect(buffer.put(-1, part(0), 'b')).toBe(false)
    expect(buffer.arrivedBytes).toBe(BLOCK_BYTES)
  })

  it('says how much there is without a gap', () => {
    const buffer = new PieceBuffer(0, LENGTH, new SharedArrayBuffer(LENGTH), 0)
    for (const block of [0, 1, 3]) buffer.put(block, part(block), 'a')
    expect(buffer.contiguousFrom(0)).toBe(2 * BLOCK_BYTES)
    expect(buffer.contiguousFrom(BLOCK_BYTES + 7)).toBe(BLOCK_BYTES - 7)
    expect(buffer.contiguousFrom(2 * BLOCK_BYTES)).toBe(0)
    expect(buffer.contiguousFrom(3 * BLOCK_BYTES + 1)).toBe(BLOCK_BYTES - 1)
  })

  it('remembers who sent what', () => {
    const buffer = new PieceBuffer(0, BLOCK_BYTES + 10, new SharedArrayBuffer(BLOCK_BYTES + 10), 0)
    buffer.put(0, part(0), 'a')
    buffer.put(1, part(1).subarray(0, 10), 'b')
    expect(buffer.attempt().map(({ sender }) => sender)).toEqual(['a', 'b'])
    expect(buffer.attempt()[0]?.digest).toBe(createHash('sha1').update(part(0)).digest('hex'))
  })
})
