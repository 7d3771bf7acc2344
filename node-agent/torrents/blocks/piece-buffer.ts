/** A piece on its way: its blocks as they arrive, who sent each, and of whom each is asked. */
import { createHash, hash } from 'node:crypto'
import type { FailedAttempt } from './ban-peers.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

/** Hashed at a time, so that many small calls do not cost more than the hashing. */
const HASH_BYTES = 256 * 1024

export class PieceBuffer {
  readonly index: number
  readonly bytes: Uint8Array
  readonly blockCount: number
  /** Wire ids each block is asked of. */
  readonly #askedOf: number[][]
  readonly #senders: (string | undefined)[]
  /** Fed as blocks arrive without a gap, so that the last block of a large piece does not hold everything up. */
  readonly #hash = createHash('sha1')
  #hashedBytes = 0
  #missingBlocks: number
  /** Arrived blocks, and the first that has not. */
  #firstMissing = 0
  lastUsedAtMs: number
  isVerified = false

  constructor(index: number, lengthBytes: number, nowMs: number) {
    this.index = index
    // Not from Node's pool and not cleared: memory is only committed as blocks are written into it.
    this.bytes = Buffer.allocUnsafeSlow(lengthBytes)
    this.blockCount = Math.ceil(lengthBytes / BLOCK_BYTES)
    this.#missingBlocks = this.blockCount
    this.#askedOf = Array.from({ length: this.blockCount }, () => [])
    this.#senders = new Array(this.blockCount).fill(undefined)
    this.lastUsedAtMs = nowMs
  }

  get isComplete(): boolean {
    return this.#missingBlocks === 0
  }

  get firstMissing(): number {
    return this.#firstMissing
  }

  get arrivedBytes(): number {
    return (this.blockCount - this.#missingBlocks) * BLOCK_BYTES
  }

  has(block: number): boolean {
    return this.#senders[block] !== undefined
  }

  askedOf(block: number): number[] {
    return this.#askedOf[block] ?? []
  }

  noteAsked(block: number, wireId: number): void {
    this.#askedOf[block]?.push(wireId)
  }

  noteReleased(block: number, wireId: number): void {
    const asked = this.#askedOf[block]
    const at = asked?.indexOf(wireId) ?? -1
    if (at >= 0) asked?.splice(at, 1)
  }

  blockBytes(block: number): number {
    return Math.min(BLOCK_BYTES, this.bytes.length - block * BLOCK_BYTES)
  }

  /** Takes a block; false when it is there already or is not exactly one block of this piece. */
  put(block: number, bytes: Uint8Array, sender: string): boolean {
    if (block < 0 || block >= this.blockCount || this.has(block)) return false
    if (bytes.length !== this.blockBytes(block)) return false
    this.bytes.set(bytes, block * BLOCK_BYTES)
    this.#senders[block] = sender
    this.#missingBlocks--
    while (this.#firstMissing < this.blockCount && this.has(this.#firstMissing)) this.#firstMissing++
    if (this.#firstMissing * BLOCK_BYTES - this.#hashedBytes >= HASH_BYTES) this.#hashUpTo(this.#firstMissing)
    return true
  }

  /** SHA-1 in hexadecimal of the whole piece; once, when it is complete. */
  digest(): string {
    this.#hashUpTo(this.blockCount)
    return this.#hash.digest('hex')
  }

  #hashUpTo(block: number): void {
    const end = Math.min(block * BLOCK_BYTES, this.bytes.length)
    this.#hash.update(this.bytes.subarray(this.#hashedBytes, end))
    this.#hashedBytes = end
  }

  /** How many bytes have arrived without a gap from an offset on. */
  contiguousFrom(offset: number): number {
    let block = Math.floor(offset / BLOCK_BYTES)
    if (block < this.#firstMissing) block = this.#firstMissing
    while (block < this.blockCount && this.has(block)) block++
    return Math.max(0, Math.min(block * BLOCK_BYTES, this.bytes.length) - offset)
  }

  digests(): string[] {
    return Array.from({ length: this.blockCount }, (_, block) =>
      hash('sha1', this.bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)),
    )
  }

  /** What there is to compare once the piece has verified. */
  attempt(): FailedAttempt {
    return this.digests().map((digest, block) => ({ digest, sender: this.#senders[block] ?? '' }))
  }
}
