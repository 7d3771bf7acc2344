/** Middleware for what a browser may keep and must ask about each time: a tag of what it has (RFC 9110 §8.8.3, §13.1.2). */
import { etag } from 'hono/etag'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env.ts'

const tagged = etag()

/** 304 with nothing when the reader has it already. `private`: two people's pages differ. */
export const revalidate = createMiddleware<AppEnv>(async (c, next) => {
  await tagged(c, async () => {
    await next()
    if (c.res.status === 200) c.res.headers.set('cache-control', 'private, no-cache')
  })
})
