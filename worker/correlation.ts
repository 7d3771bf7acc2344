/** Gives every request its correlation id and its clock, logs how it ended, and sends the id back. */
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { CORRELATION_HEADER, correlationIdFrom } from '#protocol/correlation.ts'
import type { AppEnv } from './env.ts'
import { log } from './log.ts'

export const correlation = createMiddleware<AppEnv>(async (c, next) => {
  const startedAtMs = Date.now()
  const correlationId = correlationIdFrom(c.req.header(CORRELATION_HEADER))
  c.set('correlationId', correlationId)
  c.set('now', Math.floor(startedAtMs / 1000))
  await next()
  if (!c.var.untouched) c.res.headers.set(CORRELATION_HEADER, correlationId)
  log('info', 'request', {
    correlationId,
    method: c.req.method,
    route: routePath(c, -1),
    status: c.res.status,
    durationMs: Date.now() - startedAtMs,
  })
})
