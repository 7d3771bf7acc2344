/** What every layer of the cache is: the same three verbs over memory, the edge's own cache, Workers KV, or D1. */
import * as z from 'zod'

/** Plain data under tags. Fresh: as good as new. Stale: better than nothing. Epoch milliseconds. */
export const CacheEntry = z.object({
  value: z.unknown(),
  tags: z.array(z.string()),
  storedAtMs: z.number(),
  freshUntilMs: z.number(),
  staleUntilMs: z.number(),
})
export type CacheEntry = z.infer<typeof CacheEntry>

export type CacheStore = {
  name: 'memory' | 'edge' | 'kv' | 'd1'
  /** Undefined for what it never had, has lost, or what has gone stale past use. */
  read: (key: string, nowMs: number) => Promise<CacheEntry | undefined>
  write: (key: string, entry: CacheEntry) => Promise<void>
  /** Nothing is kept here that carries tags: it cannot be told of a change. */
  isWithoutTags?: true
  /** Everything stored under one of these tags before `nowMs` is stale from now on. */
  forget: (tags: readonly string[], nowMs: number) => Promise<void>
}

/** How often each layer was asked and had it fresh, in this isolate, and since when: epoch milliseconds, null before the first. */
export type CacheCounts = {
  layers: Record<CacheStore['name'], { hits: number; misses: number }>
  sinceMs: number | null
}
