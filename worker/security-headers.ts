/** Headers of every answer of the API: it is data, so a browser may do nothing with it but read it. */
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './env.ts'

/** The web app's own pages get theirs from its `_headers` file, because assets do not pass through the Worker. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

export const secureHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (c.var.untouched) return
  for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value)
  // What a route does not declare fit to keep is somebody's own.
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
})
