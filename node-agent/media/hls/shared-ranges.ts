/** Reads a range of a film once for all who ask for it at about the same time: pictures and sound lie in the same bytes. */
import type { Film } from '../film.ts'
import type { MemoryPool } from './memory-pool.ts'

/** Ranges that are kept for whoever comes a little later for the same bytes. */
const MOST_KEPT = 4

type Shared = { bytes: Promise<Uint8Array>; users: number; life: AbortController; isOver: boolean }

export type SharedRanges = {
  /**
   * Hands the bytes to `look`, and takes them back when it returns: they become another range's. Rejects with the
   * signal's reason, with what reading did, or with what `look` throws.
   */
  use<Result>(
    film: Film,
    [start, end]: readonly [number, number],
    signal: AbortSignal,
    look: (bytes: Uint8Array) => Result,
  ): Promise<Result>
}

export function createSharedRanges(memory: MemoryPool): SharedRanges {
  const kept = new Map<string, Shared>()
  const drop = (key: string, entry: Shared) => {
    kept.delete(key)
    void entry.bytes.then(memory.give, () => {})
  }
  const begin = (key: string, film: Film, start: number, end: number): Shared => {
    const life = new AbortController()
    const bytes = film.read(start, end, life.signal, memory.take(end - start))
    const entry: Shared = { bytes, users: 0, life, isOver: false }
    for (const [oldest, other] of kept) {
      if (kept.size < MOST_KEPT) break
      if (other.users === 0 && other.isOver) drop(oldest, other)
    }
    kept.set(key, entry)
    const settle = () => {
      entry.isOver = true
    }
    bytes.then(settle, () => {
      settle()
      if (kept.get(key) === entry) kept.delete(key)
    })
    return entry
  }
  return {
    async use(film, [start, end], signal, look) {
      signal.throwIfAborted()
      const key = `${film.sourceId} ${film.etag} ${start} ${end}`
      const entry = kept.get(key) ?? begin(key, film, start, end)
      entry.users += 1
      let onAbort = () => {}
      const aborted = new Promise<never>((_resolve, reject) => {
        onAbort = () => reject(signal.reason)
        signal.addEventListener('abort', onAbort, { once: true })
      })
      try {
        return look(await Promise.race([entry.bytes, aborted]))
      } finally {
        signal.removeEventListener('abort', onAbort)
        entry.users -= 1
        // Nobody waits any more: what has not been read is not needed.
        if (entry.users === 0 && !entry.isOver) {
          kept.delete(key)
          entry.life.abort(signal.reason)
        }
      }
    },
  }
}
