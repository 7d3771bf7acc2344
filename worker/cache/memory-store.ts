/** The first layer: this isolate's memory, the least recently used thrown out first. */
import type { CacheEntry, CacheStore } from './cache-store.ts'

/** An isolate has 128 MB for everything; a few hundred answers of some kilobytes are a part of it. */
const MOST_ENTRIES = 500

export function memoryStore(mostEntries = MOST_ENTRIES): CacheStore {
  // A Map keeps the order in which keys were put in: the first is the one not used for longest.
  const entries = new Map<string, CacheEntry>()
  return {
    name: 'memory',
    read: async (key, nowMs) => {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      if (entry.staleUntilMs <= nowMs) return undefined
      entries.set(key, entry)
      return entry
    },
    write: async (key, entry) => {
      entries.delete(key)
      entries.set(key, entry)
      for (const oldest of entries.keys()) {
        if (entries.size <= mostEntries) break
        entries.delete(oldest)
      }
    },
    forget: async (tags) => {
      for (const [key, entry] of entries) if (entry.tags.some((tag) => tags.includes(tag))) entries.delete(key)
    },
  }
}
