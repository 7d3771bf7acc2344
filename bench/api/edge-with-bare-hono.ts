/** The Worker as it is, and a bare Hono app beside it in the same isolate: what the platform itself costs. */
import { Hono } from 'hono'
import type { Bindings } from '../../worker/env.ts'
import porchlight, { AgentHub, PasswordHasher, Relay } from '../../worker/main.ts'

// workerd looks for the classes on the entry it was given.
export { AgentHub, PasswordHasher, Relay }

/** Answers JSON of `bytes` bytes, so that both subjects send the same amount. */
const bare = new Hono()
  .get('/api/bare/:bytes', (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))
  .post('/api/bare/:bytes', (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))

export default {
  ...porchlight,
  fetch(request, env, context) {
    const isBare = new URL(request.url).pathname.startsWith('/api/bare/')
    return isBare ? bare.fetch(request, env, context) : porchlight.fetch(request, env, context)
  },
} satisfies ExportedHandler<Bindings>
