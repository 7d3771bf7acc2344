/** The outer rate limit of the routes that anybody may try: cheap, approximate, one a Cloudflare location. */
import { createMiddleware } from 'hono/factory'
import { AppError } from '#protocol/errors.ts'
import { clientAddress, isOwnMachine } from './auth/guard/client-address.ts'
import type { AppEnv } from './env.ts'

/**
 * Throws `too_many`. What it lets through is still counted exactly where it matters (auth/guard). Its period is in
 * wrangler.toml; the binding is absent where nobody configured it.
 */
export const limitRate = createMiddleware<AppEnv>(async (c, next) => {
  const address = clientAddress(c.req.raw.headers)
  if (c.env.OUTER_LIMIT && !isOwnMachine(address)) {
    const { success } = await c.env.OUTER_LIMIT.limit({ key: address })
    if (!success) {
      c.header('Retry-After', '60')
      throw new AppError('too_many', 'Too much is being asked from your address. Please wait a minute and try again.')
    }
  }
  await next()
})
