/** What the admin's page shows of the cache. */
import * as z from 'zod'

/** Counted by the one isolate that answered: another one has counts of its own. */
export const CacheState = z.object({
  /** Nearest first; only those that are in use. */
  layers: z.array(z.object({ name: z.enum(['memory', 'edge', 'kv', 'd1']), hits: z.int(), misses: z.int() })),
  /** Epoch milliseconds of the first question; null: none yet. */
  sinceMs: z.number().nullable(),
})
export type CacheState = z.infer<typeof CacheState>
