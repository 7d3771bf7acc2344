/** What only the household's admin looks at, of the edge itself. */
import { Hono } from 'hono'
import { may } from '../auth/may.ts'
import { cacheCounts, storesOf } from '../cache/cache.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { RelayUsage, readUsage } from '../relay/usage.ts'
import { CacheState } from './cache-answers.ts'

export const adminRoutes = new Hono<AppEnv>()
  .get(
    '/cache',
    describe({
      summary: 'How often each layer of the cache had what was asked for',
      access: 'admin',
      answer: { status: 200, schema: CacheState },
    }),
    may('cache.read'),
    (c) => {
      const { layers, sinceMs } = cacheCounts()
      return c.json({ layers: storesOf(edgeOf(c)).map(({ name }) => ({ name, ...layers[name] })), sinceMs }, 200)
    },
  )
  .get(
    '/relay',
    describe({
      summary: 'What went through the relay in the last thirty days, by day and viewer, and its limits',
      access: 'admin',
      answer: { status: 200, schema: RelayUsage },
    }),
    may('relay.read'),
    async (c) => c.json(await readUsage(edgeOf(c)), 200),
  )
