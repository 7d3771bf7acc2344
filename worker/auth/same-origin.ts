/** Lets only our own pages use the routes that read or set a cookie (CSRF, and sign-in CSRF). */
import { createMiddleware } from 'hono/factory'
import { AppError } from '#protocol/errors.ts'
import { appOrigin } from '../app-origin.ts'
import type { AppEnv } from '../env.ts'

/**
 * Pure. Browsers send Sec-Fetch-Site and pages cannot forge it: only `same-origin` passes (`same-site` would let
 * a sibling of a shared domain in). Without it the Origin must be ours; without both nobody passes.
 */
export function isSameOrigin(headers: { fetchSite?: string; origin?: string }, ownOrigin: string): boolean {
  if (headers.fetchSite !== undefined) return headers.fetchSite === 'same-origin'
  return headers.origin === ownOrigin
}

export const requireSameOrigin = createMiddleware<AppEnv>(async (c, next) => {
  const fetchSite = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const headers = { ...(fetchSite !== undefined && { fetchSite }), ...(origin !== undefined && { origin }) }
  if (!isSameOrigin(headers, appOrigin(c.env, c.req.url))) {
    throw new AppError(
      'cross_site',
      'This can only be done from the Porchlight app itself. Please open it and try there.',
    )
  }
  await next()
})
