/** What this isolate may know of a session for some seconds without asking D1: the revocation view of requests that only read. */
import { createMiddleware } from 'hono/factory'
import { briefView, forgetViews } from '../cache/brief-views.ts'
import type { AppEnv } from '../env.ts'

/** More people than a household has. */
const MOST_SESSIONS = 1000

/**
 * By access token. A session that ended, a role that was lost, an account that was disabled: refused everywhere within
 * `VIEW_SECONDS`, and at once in the isolate it happened in, for whatever writes, and for whatever only some roles or a
 * fresh proof may do (may.ts).
 */
export const sessionViews = <Row>(mayKeep: (row: Row) => boolean) =>
  briefView<Row | undefined>({ mostKept: MOST_SESSIONS, mayKeep: (row) => row !== undefined && mayKeep(row) })

export const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** Whoever wrote is never answered from before it. Of the reads those of sign-in write, too: a walk's end is a GET. */
export const forgetAfterWrites = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (!isReading(c.req.method) || c.req.path.startsWith('/api/auth/')) forgetViews()
})
