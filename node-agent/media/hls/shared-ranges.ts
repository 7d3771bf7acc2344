/** Reads a range of a film once for all who ask for it at about the same time: pictures and sound lie in the same bytes. */
import type { Film } from '../film.ts'
import type { MemoryPool } from './memory-pool.ts'

/** Ranges that are kept for whoever comes a little later for the same bytes. */
const MOST_KEPT = 4

type Shared = {
  bytes: Promise<Uint8Array>
  memory: Uint8Array
  /** So many of them are in `memory` by now. */
  readBytes: number
  /** Those who follow the reading. */
  waiting: Set<() => void>
  users: number
  life: AbortController
  isOver: boolean
}

/** `bytes` are those that are there by now. */
export type Arriving = { bytes: Uint8Array; isAll: boolean }

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
  /** The same while they arrive: each time there are more, and at last all. They are taken back when this ends. */
  follow(
    film: Film,
    [start, end]: readonly [number, number],
    signal: AbortSignal,
  ): AsyncGenerator<Arriving, void, undefined>
}

export function createSharedRanges(memory: MemoryPool): SharedRanges {
  const kept = new Map<string, Shared>()
  const drop = (key: string, entry: Shared) => {
    kept.delete(key)
    void entry.bytes.then(memory.give, () => {})
  }
  const begin = (key: string, film: Film, start: number, end: number): Shared => {
    const life = new AbortController()
    const taken = memory.take(end - start)
    const tell = () => {
      for (const wake of entry.waiting) wake()
    }
    const onRead = (readBytes: number) => {
      entry.readBytes = readBytes
      tell()
    }
    const entry: Shared = {
      ...{ memory: taken, readBytes: 0, waiting: new Set(), users: 0, life, isOver: false },
      bytes: film.read(start, end, life.signal, taken, onRead),
    }
    for (const [oldest, other] of kept) {
      if (kept.size < MOST_KEPT) break
      if (other.users === 0 && other.isOver) drop(oldest, other)
    }
    kept.set(key, entry)
    const settle = () => {
      entry.isOver = true
      tell()
    }
    entry.bytes.then(settle, () => {
      settle()
      if (kept.get(key) === entry) kept.delete(key)
    })
    return entry
  }
  /** Rejects with the signal's reason. */
  const join = (film: Film, [start, end]: readonly [number, number], signal: AbortSignal) => {
    signal.throwIfAborted()
    const key = `${film.sourceId} ${film.etag} ${start} ${end}`
    const entry = kept.get(key) ?? begin(key, film, start, end)
    entry.users += 1
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    aborted.catch(() => {})
    let isHere = true
    // Whoever follows may never come back for more.
    const onAbort = () => {
      reject(signal.reason)
      leave()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const leave = () => {
      signal.removeEventListener('abort', onAbort)
      if (!isHere) return
      isHere = false
      entry.users -= 1
      // Nobody waits any more: what has not been read is not needed.
      if (entry.users === 0 && !entry.isOver) {
        kept.delete(key)
        entry.life.abort(signal.reason)
      }
    }
    return { entry, aborted, leave }
  }
  return {
    async use(film, range, signal, look) {
      const { entry, aborted, leave } = join(film, range, signal)
      try {
        return look(await Promise.race([entry.bytes, aborted]))
      } finally {
        leave()
      }
    },
    async *follow(film, range, signal) {
      const { entry, aborted, leave } = join(film, range, signal)
      try {
        let seen = 0
        while (!entry.isOver) {
          if (entry.readBytes === seen) await Promise.race([more(entry), aborted])
          else {
            seen = entry.readBytes
            yield { bytes: entry.memory.subarray(0, seen), isAll: false }
            signal.throwIfAborted()
          }
        }
        yield { bytes: await Promise.race([entry.bytes, aborted]), isAll: true }
      } finally {
        leave()
      }
    },
  }
}

function more({ waiting }: Shared): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      waiting.delete(wake)
      resolve()
    }
    waiting.add(wake)
  })
}
