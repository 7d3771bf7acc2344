/** The second layer: Cloudflare's cache of this place (`caches.default`). It has no tags: what changes often has no place here. */
import { CacheEntry, type CacheStore } from './cache-store.ts'

/** A host nobody can have (RFC 6761): nothing outside can ask for, or put, what is under it. */
const addressOf = (key: string): string => `https://cache.porchlight.invalid/${encodeURIComponent(key)}`

/** `cache` is `caches.default`; where there is none (a bare workers.dev address) it keeps nothing. */
export function edgeStore(cache: Cache): CacheStore {
  return {
    name: 'edge',
    isWithoutTags: true,
    read: async (key, nowMs) => {
      try {
        const response = await cache.match(addressOf(key))
        const entry = response && CacheEntry.safeParse(await response.json()).data
        return entry && entry.staleUntilMs > nowMs ? entry : undefined
      } catch {
        return undefined
      }
    },
    write: async (key, entry) => {
      const seconds = Math.ceil((entry.staleUntilMs - entry.storedAtMs) / 1000)
      const headers = { 'content-type': 'application/json', 'cache-control': `public, max-age=${seconds}` }
      await cache.put(addressOf(key), new Response(JSON.stringify(entry), { headers }))
    },
    forget: async () => undefined,
  }
}
