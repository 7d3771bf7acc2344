/** A piece on its way: its blocks as they arrive, who sent each, and of whom each is asked. */
import { hash } from 'node:crypto'
import type { FailedAttempt } from './ban-peers.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

export class PieceBuffer {
  readonly index: number
  readonly memory: SharedArrayBuffer
  readonly bytes: Uint8Array
  /**
   * The same bytes: `fill` with exactly what is to be filled copies with memcpy. `set` and `copy` go to shared memory
   * word by word, and byte by byte where the two stand unevenly, as blocks do: a sixth of the speed.
   */
  readonly #buffer: Buffer
  readonly blockCount: number
  /** Wire ids each block is asked of. */
  readonly #askedOf: number[][]
  readonly #senders: (string | undefined)[]
  #missingBlocks: number
  /** Arrived blocks, and the first that has not. */
  #firstMissing = 0
  lastUsedAtMs: number
  /** A player has been given bytes of it, or was told that there are some. */
  isShown = false
  /** Its hash is right. */
  isProven = false

  /** `memory` is the piece's own until the piece is dropped, and may be longer. */
  constructor(index: number, lengthBytes: number, memory: SharedArrayBuffer, nowMs: number) {
    this.index = index
    this.memory = memory
    this.bytes = new Uint8Array(memory, 0, lengthBytes)
    this.#buffer = Buffer.from(memory, 0, lengthBytes)
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
    this.#buffer.fill(bytes, block * BLOCK_BYTES, block * BLOCK_BYTES + bytes.length)
    this.#senders[block] = sender
    this.#missingBlocks--
    while (this.#firstMissing < this.blockCount && this.has(this.#firstMissing)) this.#firstMissing++
    return true
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
