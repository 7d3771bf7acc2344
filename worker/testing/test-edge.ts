/** The Edge that a verb is given in a test, at a time of the test's choosing. */
import { env } from 'cloudflare:workers'
import { openDb } from '../db.ts'
import type { Edge } from '../edge.ts'
import type { Bindings } from '../env.ts'

export const testEdge = (now: number, change: Partial<Bindings> = {}): Edge => ({
  env: { ...env, ...change },
  db: openDb(env.DB),
  correlationId: 'test-correlation',
  now,
  nowMs: now * 1000,
  appOrigin: 'http://porchlight.test',
  visitor: null,
  later: () => undefined,
})
