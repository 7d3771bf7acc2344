/** The cache in workerd: every store through one contract, layers, tags, and one making for all who wait. */
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Edge } from '../edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { cacheCounts, forgetTags, LONGEST_SECONDS, remember, storesOf } from './cache.ts'
import type { CacheEntry, CacheStore } from './cache-store.ts'
import { d1Store } from './d1-store.ts'
import { edgeStore } from './edge-store.ts'
import { kvStore } from './kv-store.ts'
import { memoryStore } from './memory-store.ts'

const now = Math.floor(Date.now() / 1000)
const entry = (value: unknown, change: Partial<CacheEntry> = {}): CacheEntry => ({
  value,
  tags: [],
  storedAtMs: now * 1000,
  freshUntilMs: (now + 10) * 1000,
  staleUntilMs: (now + 60) * 1000,
  ...change,
})
const at = (seconds: number): Edge => testEdge(now + seconds)
const once = { freshSeconds: 10, staleSeconds: 50 }
const keyValues = () => {
  if (!env.CACHE_KV) throw new Error('the tests have a namespace')
  return env.CACHE_KV
}
let keys = 0
const newKey = () => `key ${keys++} / ?#é`

describe.each<[string, () => CacheStore]>([
  ['memory', () => memoryStore()],
  ['edge', () => edgeStore(caches.default)],
  ['kv', () => kvStore(keyValues())],
  ['d1', () => d1Store(env.DB)],
])('the %s store', (_name, open) => {
  it('gives what was written last, until it is past use', async () => {
    const [store, key] = [open(), newKey()]
    expect(await store.read(key, now * 1000)).toBeUndefined()
    await store.write(key, entry({ a: [1, null, 'é'] }))
    await store.write(key, entry({ a: 2 }))
    expect(await store.read(key, now * 1000)).toEqual(entry({ a: 2 }))
    expect(await store.read(key, (now + 60) * 1000)).toBeUndefined()
  })
})

/** The edge's own cache cannot ask for the age of a tag: what is under it lives as long as it was said to. */
it.each<[string, () => CacheStore]>([
  ['memory', () => memoryStore()],
  ['d1', () => d1Store(env.DB)],
])(
  'the %s store gives nothing fresh under a tag that has changed since, and spares the others',
  async (_name, open) => {
    const [store, key, other] = [open(), newKey(), newKey()]
    await store.write(key, entry(1, { tags: ['title:1', 'list:a'] }))
    await store.write(other, entry(2, { tags: ['title:2'] }))
    await store.forget(['list:a', 'nothing'], now * 1000 + 5)
    const found = await store.read(key, now * 1000 + 6)
    expect(found === undefined || found.freshUntilMs <= now * 1000 + 6).toBe(true)
    expect(await store.read(other, now * 1000 + 6)).toEqual(entry(2, { tags: ['title:2'] }))
    await store.write(key, entry(3, { tags: ['list:a'], storedAtMs: now * 1000 + 7 }))
    expect((await store.read(key, now * 1000 + 8))?.freshUntilMs).toBe((now + 10) * 1000)
  },
)

it('keeps nothing in KV that carries tags, or whose name KV would refuse', async () => {
  const [store, key] = [kvStore(keyValues()), newKey()]
  await remember(at(0), key, { ...once, tagsOf: () => ['title:1'] }, async () => 1, [store])
  expect(await store.read(key, now * 1000)).toBeUndefined()
  const long = 'é'.repeat(300)
  expect(await remember(at(0), long, once, async () => 2, [store])).toBe(2)
  expect(await store.read(long, now * 1000)).toBeUndefined()
})

it('throws out of memory what was not used for longest', async () => {
  const store = memoryStore(2)
  await store.write('a', entry('a'))
  await store.write('b', entry('b'))
  await store.read('a', now * 1000)
  await store.write('c', entry('c'))
  const found = await Promise.all(['a', 'b', 'c'].map((key) => store.read(key, now * 1000)))
  expect(found.map((one) => one?.value)).toEqual(['a', undefined, 'c'])
})

describe('remembering', () => {
  it('makes once for fifty who ask at the same time, and again for whoever comes when it is no longer fresh', async () => {
    const key = newKey()
    let made = 0
    const make = async () => ++made
    const stores = [memoryStore()]
    const all = await Promise.all(Array.from({ length: 50 }, () => remember(at(0), key, once, make, stores)))
    expect(new Set(all)).toEqual(new Set([1]))
    expect(await remember(at(9), key, once, make, stores)).toBe(1)
    const later: Promise<unknown>[] = []
    expect(await remember({ ...at(11), later: (work) => void later.push(work) }, key, once, make, stores)).toBe(1)
    await Promise.all(later)
    expect(await remember(at(12), key, once, make, stores)).toBe(2)
  })

  it('gives the stale value when it cannot be made anew, and the failure when there is none', async () => {
    const key = newKey()
    const stores = [memoryStore()]
    await remember(at(0), key, once, async () => 'old', stores)
    const fails = () => Promise.reject(new Error('away'))
    expect(await remember(at(20), key, once, fails, stores)).toBe('old')
    await expect(remember(at(70), key, once, fails, stores)).rejects.toThrow('away')
    await expect(remember(at(0), newKey(), once, fails, stores)).rejects.toThrow('away')
  })

  it('goes without a layer that fails, and says so in the log', async () => {
    const logged = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const fails = () => Promise.reject(new Error('no rows left today'))
    const [key, near] = [newKey(), memoryStore()]
    const broken: CacheStore = { name: 'd1', read: fails, write: fails, forget: fails }
    expect(await remember(at(0), key, once, async () => 'made', [broken, near])).toBe('made')
    expect((await near.read(key, now * 1000))?.value).toBe('made')
    const events = logged.mock.calls.map(([line]) => JSON.parse(String(line)).event)
    expect(events).toEqual(['cache_layer_failed', 'cache_layer_failed'])
    logged.mockRestore()
  })

  it('fills the nearer layers from the further one', async () => {
    const key = newKey()
    const [near, far] = [memoryStore(), d1Store(env.DB)]
    await far.write(key, entry('kept'))
    expect(await remember(at(0), key, once, async () => 'made', [near, far])).toBe('kept')
    expect((await near.read(key, now * 1000))?.value).toBe('kept')
  })

  it('believes its memory of what has tags for seconds only: another isolate may have changed it', async () => {
    const key = newKey()
    const [mine, theirs, shared] = [memoryStore(), memoryStore(), d1Store(env.DB)]
    const tags = [`tag of ${key}`]
    const tagged = { freshSeconds: 600, staleSeconds: 600, tagsOf: () => tags }
    let value = 'first'
    const make = async () => value
    await remember(at(0), key, tagged, make, [mine, shared])
    value = 'second'
    await forgetTags(at(1), tags, [theirs, shared])
    const later: Promise<unknown>[] = []
    const edge = { ...at(2), later: (work: Promise<unknown>) => void later.push(work) }
    expect(await remember(edge, key, tagged, make, [theirs, shared])).toBe('first')
    await Promise.all(later)
    expect(await remember(at(14), key, tagged, make, [mine])).toBe('first')
    expect(await remember(at(20), key, tagged, make, [mine, shared])).toBe('second')
  })

  it('is in the stores that the operator chose, and counts', async () => {
    const names = (setting?: string) =>
      storesOf({ env: { ...env, ...(setting !== undefined && { CACHE_STORES: setting }) } }).map(({ name }) => name)
    expect([names(), names('d1'), names('memory, d1,nonsense'), names('kv')]).toEqual([
      ['memory', 'edge', 'd1'],
      ['d1'],
      ['memory', 'd1'],
      ['kv'],
    ])
    const stores = [memoryStore(), d1Store(env.DB)]
    const key = newKey()
    const before = cacheCounts().layers
    for (const seconds of [0, 5]) await remember(at(seconds), key, once, async () => 1, stores)
    const { layers, sinceMs } = cacheCounts()
    const more = (name: 'memory' | 'd1') => [
      layers[name].hits - before[name].hits,
      layers[name].misses - before[name].misses,
    ]
    expect([more('memory'), more('d1')]).toEqual([
      [1, 1],
      [0, 1],
    ])
    expect(sinceMs).not.toBeNull()
  })

  it('keeps nothing for longer than a tag’s last change is known', async () => {
    const [key, store] = [newKey(), memoryStore()]
    await remember(at(0), key, { freshSeconds: 1e9, staleSeconds: 1e9 }, async () => 1, [store])
    const kept = await store.read(key, now * 1000)
    expect(kept?.staleUntilMs).toBe((now + LONGEST_SECONDS) * 1000)
    expect(kept?.freshUntilMs).toBe((now + LONGEST_SECONDS) * 1000)
  })
})
