/** How much a caller may send before anything of it is parsed. */
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { AppError } from '#protocol/errors.ts'
import { UPLOAD_BODY_BYTES } from './catalog/operator/answers.ts'
import type { AppEnv } from './env.ts'

const limit = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError('too_large', 'That is more than this address takes. Please send less at once.')
    },
  })

const small = limit(64 * 1024)
/** A subtitle file of a person's own, base64url in JSON. */
const medium = limit(1024 * 1024)
/** A .torrent that the operator uploads. */
const upload = limit(UPLOAD_BODY_BYTES)
/** Offers may carry .torrent files. */
const large = limit(8 * 1024 * 1024)

/** The relay's bodies stream through untouched: their own length is checked where they are piped. */
export const limitBody = createMiddleware<AppEnv>((c, next) => {
  if (c.req.path.startsWith('/api/relay/')) return next()
  if (c.req.path.startsWith('/api/catalog/')) return large(c, next)
  if (/^\/api\/titles\/[^/]+\/sources$/.test(c.req.path)) return upload(c, next)
  return (/^\/api\/streams\/[^/]+\/subtitles$/.test(c.req.path) ? medium : small)(c, next)
})
