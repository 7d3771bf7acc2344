/** What this isolate may know of a session for some seconds without asking D1: the revocation view of requests that only read. */
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env.ts'

/**
 * A session that ended, a role that was lost, an account that was disabled: refused everywhere within this time, and at
 * once in the isolate it happened in, for whatever writes, and for whatever only some roles or a fresh proof may do (may.ts).
 */
export const VIEW_SECONDS = 5

/** More people than a household has; beyond them nobody is remembered rather than the memory filled. */
const MOST_VIEWS = 1000

type View<Row> = { row: Row; readAt: number }

const everyView = new Set<Map<string, unknown>>()
/** How often something was written through this isolate: a row that was read before that is not kept after it. */
let writes = 0

/** Looks a row up by access token: as it was read at most five seconds ago, else by `read`, and kept if `mayKeep` says so. */
export function sessionViews<Row>(mayKeep: (row: Row) => boolean) {
  const views = new Map<string, View<Row>>()
  everyView.add(views)
  return async (token: string, now: number, read: () => Promise<Row | undefined>): Promise<Row | undefined> => {
    const known = views.get(token)
    if (known && now >= known.readAt && now - known.readAt < VIEW_SECONDS) return known.row
    const writesBefore = writes
    const row = await read()
    if (row && writes === writesBefore && mayKeep(row)) {
      if (views.size >= MOST_VIEWS) views.clear()
      views.set(token, { row, readAt: now })
    }
    return row
  }
}

export function forgetViews(): void {
  writes++
  for (const views of everyView) views.clear()
}

export const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** Whoever wrote is never answered from before it. Of the reads those of sign-in write, too: a walk's end is a GET. */
export const forgetAfterWrites = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (!isReading(c.req.method) || c.req.path.startsWith('/api/auth/')) forgetViews()
})
