/** The outer rate limit of the routes that anybody may try: cheap, approximate, one a Cloudflare location. */
import { createMiddleware } from 'hono/factory'
import { AppError } from '#protocol/errors.ts'
import { clientAddress } from './auth/guard/client-address.ts'
import type { AppEnv } from './env.ts'

/** Loopback cannot come through Cloudflare, and a request without an address did not: both are this machine. */
const isLocal = (address: string) => address === 'unknown' || address.startsWith('127.') || address === '0:0:0:0::/64'

/**
 * Throws `too_many`. What it lets through is still counted exactly where it matters (auth/guard). Its period is in
 * wrangler.toml; the binding is absent where nobody configured it.
 */
export const limitRate = createMiddleware<AppEnv>(async (c, next) => {
  const address = clientAddress(c.req.raw.headers)
  if (c.env.OUTER_LIMIT && !isLocal(address)) {
    const { success } = await c.env.OUTER_LIMIT.limit({ key: address })
    if (!success) {
      c.header('Retry-After', '60')
      throw new AppError('too_many', 'Too much is being asked from your address. Please wait a minute and try again.')
    }
  }
  await next()
})
