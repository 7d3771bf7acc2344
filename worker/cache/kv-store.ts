/** A layer in Workers KV: one for the whole household like D1, without D1's daily rows, and without tags. */
import { CacheEntry, type CacheStore } from './cache-store.ts'

/** KV refuses to forget sooner than after a minute, and keys beyond 512 bytes (limits of Workers KV). */
const LEAST_SECONDS = 60
const MOST_KEY_BYTES = 512

/**
 * Another place may see what was written a minute later, and nothing can be asked by tag: what is under tags has no place
 * here. A key that is too long is not kept.
 */
export function kvStore(namespace: KVNamespace): CacheStore {
  return {
    name: 'kv',
    isWithoutTags: true,
    read: async (key, nowMs) => {
      if (isTooLong(key)) return undefined
      const entry = CacheEntry.safeParse(await namespace.get(key, 'json')).data
      return entry && entry.staleUntilMs > nowMs ? entry : undefined
    },
    write: async (key, entry) => {
      if (isTooLong(key)) return
      const seconds = Math.ceil((entry.staleUntilMs - entry.storedAtMs) / 1000)
      await namespace.put(key, JSON.stringify(entry), { expirationTtl: Math.max(LEAST_SECONDS, seconds) })
    },
    forget: async () => undefined,
  }
}

const isTooLong = (key: string) => new TextEncoder().encode(key).length > MOST_KEY_BYTES
