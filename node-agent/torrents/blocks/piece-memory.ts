/** Memory for pieces on their way, used again: the system clears fresh memory page by page, which costs as much as hashing it. */

/**
 * Kept for the next pieces: about what a full house of viewers has under way. What is let go is not free for long: the
 * hashing thread knows it too, and has so little to do that its garbage is hardly ever collected.
 */
const MOST_KEPT_BYTES = 96 * 1024 * 1024

export class PieceMemory {
  readonly #free: SharedArrayBuffer[] = []
  #freeBytes = 0

  /** At least this long. Shared, so that another thread can hash it where it is. */
  take(lengthBytes: number): SharedArrayBuffer {
    const at = this.#free.findIndex(
      (memory) => memory.byteLength >= lengthBytes && memory.byteLength <= 2 * lengthBytes,
    )
    const [kept] = at >= 0 ? this.#free.splice(at, 1) : []
    if (kept === undefined) return new SharedArrayBuffer(lengthBytes)
    this.#freeBytes -= kept.byteLength
    return kept
  }

  /** Nobody may hold a view of it any more. */
  giveBack(memory: SharedArrayBuffer): void {
    if (this.#freeBytes + memory.byteLength > MOST_KEPT_BYTES) return
    this.#free.push(memory)
    this.#freeBytes += memory.byteLength
  }
}
