/** What was found out once and need not be found out again: in layers, fresh or stale, once for all who ask at the same time. */
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import type { CacheCounts, CacheEntry, CacheStore } from './cache-store.ts'
import { d1Store } from './d1-store.ts'
import { edgeStore } from './edge-store.ts'
import { kvStore } from './kv-store.ts'
import { memoryStore } from './memory-store.ts'
import { singleFlight } from './single-flight.ts'

/**
 * How long an answer is as good as new, and how long it is better than none; an upstream's own lifetime where it has one.
 * `tagsOf` names what of ours it rests on: whoever changes that calls `forgetTags`.
 */
export type Lifetime<Value> = {
  freshSeconds: number
  staleSeconds: number
  tagsOf?: (value: Value) => readonly string[]
}

/** Nothing is kept for longer, so that a tag's last change may be forgotten after as long. */
export const LONGEST_SECONDS = 7 * 24 * 3600

/**
 * Another isolate's memory hears of no change: what has tags is fresh there for this long at most, and then D1, which
 * hears of all, is asked.
 */
const MEMORY_FRESH_MS = 15_000

const memory = memoryStore()
const flight = singleFlight()
const counts: CacheCounts = {
  layers: {
    memory: { hits: 0, misses: 0 },
    edge: { hits: 0, misses: 0 },
    kv: { hits: 0, misses: 0 },
    d1: { hits: 0, misses: 0 },
  },
  sinceMs: null,
}

/** Of this isolate, for the admin's page. */
export const cacheCounts = (): CacheCounts => structuredClone(counts)

/** By configuration: `CACHE_STORES`, names with commas between, nearest first; `kv` where there is a namespace. */
export function storesOf({ env }: Pick<Edge, 'env'>): CacheStore[] {
  const wanted = (env.CACHE_STORES || 'memory,edge,d1').split(',').map((name) => name.trim())
  return wanted.flatMap((name) => {
    if (name === 'memory') return [memory]
    if (name === 'edge') return typeof caches === 'undefined' ? [] : [edgeStore(caches.default)]
    if (name === 'kv') return env.CACHE_KV ? [kvStore(env.CACHE_KV)] : []
    return name === 'd1' ? [d1Store(env.DB)] : []
  })
}

/**
 * The value under `key`, or what `make` gives, which must be plain data. A stale one is given at once and made anew
 * behind the caller's back; where making fails it is given too. Throws what `make` throws when there is nothing.
 */
export async function remember<Value>(
  edge: Edge,
  key: string,
  lifetime: Lifetime<Value>,
  make: () => Promise<Value>,
  stores: CacheStore[] = storesOf(edge),
): Promise<Value> {
  const found = await find(edge, key, stores)
  if (found && found.freshUntilMs > edge.nowMs) return found.value as Value
  const made = flight(`${stores.map(({ name }) => name).join()}:${key}`, async () => {
    const value = await make()
    await store(edge, key, entryOf(value, lifetime, edge.nowMs), stores)
    return value
  })
  // Ends also when whoever asked first has left: others wait for the same.
  edge.later(made.catch(() => undefined))
  if (found === undefined) return made
  made.catch((error: unknown) => {
    log('warn', 'cache_not_renewed', { correlationId: edge.correlationId, error })
  })
  return found.value as Value
}

/** Writers call this after their write: whatever carries one of the tags is not fresh any more. */
export async function forgetTags(edge: Edge, tags: readonly string[], stores = storesOf(edge)): Promise<void> {
  await Promise.all(stores.map((one) => one.forget(tags, edge.nowMs)))
}

async function find(edge: Edge, key: string, stores: readonly CacheStore[]): Promise<CacheEntry | undefined> {
  let stale: CacheEntry | undefined
  const missed: CacheStore[] = []
  for (const one of stores) {
    const entry = await one.read(key, edge.nowMs).catch((error: unknown) => logFailure(edge, one, error))
    count(edge, one, entry)
    if (entry && entry.freshUntilMs > edge.nowMs) {
      await store(edge, key, entry, missed)
      return entry
    }
    stale ??= entry
    missed.push(one)
  }
  return stale
}

function count({ nowMs }: Edge, { name }: CacheStore, entry: CacheEntry | undefined): void {
  counts.sinceMs ??= nowMs
  counts.layers[name][entry && entry.freshUntilMs > nowMs ? 'hits' : 'misses']++
}

async function store(edge: Edge, key: string, entry: CacheEntry, stores: readonly CacheStore[]): Promise<void> {
  for (const one of stores) {
    if (one.isWithoutTags && entry.tags.length > 0) continue
    const isHasty = one.name === 'memory' && entry.tags.length > 0
    const freshUntilMs = isHasty ? Math.min(entry.freshUntilMs, edge.nowMs + MEMORY_FRESH_MS) : entry.freshUntilMs
    await one.write(key, { ...entry, freshUntilMs }).catch((error: unknown) => logFailure(edge, one, error))
  }
}

/** A layer that fails (D1 on a day whose rows are used up) is as good as empty: nobody's answer fails with it. */
function logFailure({ correlationId }: Edge, { name }: CacheStore, error: unknown): undefined {
  log('warn', 'cache_layer_failed', { correlationId, reason: name, error })
}

function entryOf<Value>(value: Value, lifetime: Lifetime<Value>, nowMs: number): CacheEntry {
  const { freshSeconds, staleSeconds, tagsOf } = lifetime
  return {
    value,
    tags: [...(tagsOf?.(value) ?? [])],
    storedAtMs: nowMs,
    freshUntilMs: nowMs + Math.min(freshSeconds, LONGEST_SECONDS) * 1000,
    staleUntilMs: nowMs + Math.min(freshSeconds + staleSeconds, LONGEST_SECONDS) * 1000,
  }
}
