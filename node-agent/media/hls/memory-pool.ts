/** Memory of segments that is used again: fresh megabytes for each cost more than filling them, in the garbage collector. */

import { AppError } from '#protocol/errors.ts'

/** Sizes are rounded up to this, so that what one segment leaves fits another. */
const STEP_BYTES = 1024 * 1024
const MOST_POOLED_BYTES = 64 * 1024 * 1024
/** Ten seconds of the densest disc there is (128 Mbit/s), and more: beyond it an index is wrong or hostile. */
export const MOST_SEGMENT_BYTES = 256 * 1024 * 1024

export type MemoryPool = {
  /** What was in it is still there. Throws `not_playable` beyond `MOST_SEGMENT_BYTES`. */
  take(sizeBytes: number): Uint8Array
  /** Nobody looks at it any more. What was not taken here may be given as well. */
  give(bytes: Uint8Array): void
}

export const tooDense = () =>
  new AppError(
    'not_playable',
    'This film holds too much at this place to be handed on as it is. Choose a lower quality, or another source.',
  )

export function createMemoryPool(): MemoryPool {
  const free: ArrayBufferLike[] = []
  return {
    take(sizeBytes) {
      if (sizeBytes > MOST_SEGMENT_BYTES) throw tooDense()
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
