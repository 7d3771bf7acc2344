/** Moves a part of an answer to the viewer, piece by piece, so that each can be counted and held back. */

/** What is read at once: enough that the loop costs little, little enough that a limit is kept smoothly. */
export const PIECE_BYTES = 256 * 1024

/**
 * Resolves with how many bytes there were when `body` has ended; the writable stays open. When either side breaks off
 * the other one is broken off as well, and it rejects. `before` is asked for each piece, and holds it back until it
 * resolves.
 */
export async function pump(
  body: ReadableStream,
  writable: WritableStream,
  pieceBytes: number,
  before: (bytes: number) => Promise<void> | undefined,
): Promise<number> {
  const reader = body.getReader({ mode: 'byob' })
  const writer = writable.getWriter()
  let allBytes = 0
  let state: 'running' | 'over' | { brokenBy: unknown } = 'running'
  // A viewer that leaves while the agent is silent is noticed without waiting for the next byte.
  writer.closed.catch((error: unknown) => {
    if (state !== 'running') return
    state = { brokenBy: error }
    reader.cancel(error).catch(() => undefined)
  })
  const brokenBy = () => (typeof state === 'object' ? state : undefined)
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(pieceBytes))
      // Cancelled from above, a reader ends as if all had come.
      const broken = brokenBy()
      if (broken) throw broken.brokenBy
      if (done) break
      if (value.byteLength === 0) continue
      allBytes += value.byteLength
      await before(value.byteLength)
      await writer.write(value)
    }
    state = 'over'
    reader.releaseLock()
    writer.releaseLock()
    return allBytes
  } catch (error) {
    state = 'over'
    await Promise.allSettled([reader.cancel(error), writer.abort(error)])
    throw error
  }
}
