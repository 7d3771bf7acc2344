/** What a verb needs from the request or the task it runs in: bindings, database, clock, correlation id. */
import type { Context } from 'hono'
import { newCorrelationId } from '#protocol/correlation.ts'
import { appOrigin } from './app-origin.ts'
import { type Db, openDb } from './db.ts'
import type { AppEnv, Bindings } from './env.ts'
import { type Visitor, visitorOf } from './visitor.ts'

export type Edge = {
  env: Bindings
  db: Db
  correlationId: string
  /** Epoch seconds. */
  now: number
  nowMs: number
  appOrigin: string
  /** Who sent the request this is done for; null for what no request asked for. */
  visitor: Visitor | null
  /** Goes on after the response has left; its failure must be handled inside. */
  later: (work: Promise<unknown>) => void
}

export const edgeOf = <E extends AppEnv>(c: Context<E>): Edge => ({
  env: c.env,
  db: openDb(c.env.DB),
  correlationId: c.var.correlationId,
  now: c.var.now,
  nowMs: c.var.now * 1000,
  appOrigin: appOrigin(c.env, c.req.url),
  visitor: visitorOf(c.req.raw),
  later: (work) => c.executionCtx.waitUntil(work),
})

/** For work that no request asked for: the clock is the tick it was scheduled for. */
export const edgeOfTick = (env: Bindings, ctx: ExecutionContext, scheduledMs: number): Edge => ({
  env,
  db: openDb(env.DB),
  correlationId: newCorrelationId(),
  now: Math.floor(scheduledMs / 1000),
  nowMs: scheduledMs,
  appOrigin: appOrigin(env, 'http://localhost'),
  visitor: null,
  later: (work) => ctx.waitUntil(work),
})
