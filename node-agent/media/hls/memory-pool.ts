/** Memory of segments that is used again: fresh megabytes for each cost more than filling them, in the garbage collector. */

/** Sizes are rounded up to this, so that what one segment leaves fits another. */
const STEP_BYTES = 1024 * 1024
const MOST_POOLED_BYTES = 64 * 1024 * 1024

export type MemoryPool = {
  /** What was in it is still there. */
  take(sizeBytes: number): Uint8Array
  /** Nobody looks at it any more. What was not taken here may be given as well. */
  give(bytes: Uint8Array): void
}

export function createMemoryPool(): MemoryPool {
  const free: ArrayBufferLike[] = []
  return {
    take(sizeBytes) {
      let best = -1
      for (const [n, { byteLength }] of free.entries()) {
        const isBetter = best < 0 || byteLength < (free[best]?.byteLength ?? 0)
        if (byteLength >= sizeBytes && isBetter) best = n
      }
      const [found] = best < 0 ? [] : free.splice(best, 1)
      const memory = found ?? new ArrayBuffer(Math.ceil(sizeBytes / STEP_BYTES) * STEP_BYTES)
      return new Uint8Array(memory, 0, sizeBytes)
    },
    give({ buffer }) {
      const isOurs = buffer.byteLength > 0 && buffer.byteLength % STEP_BYTES === 0
      const pooled = free.reduce((sum, { byteLength }) => sum + byteLength, 0)
      if (isOurs && !free.includes(buffer) && pooled + buffer.byteLength <= MOST_POOLED_BYTES) free.push(buffer)
    },
  }
}
