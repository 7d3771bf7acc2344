/** The Worker as it is, and a bare Hono app beside it in the same isolate: what the platform itself costs. */
import { Hono } from 'hono'
import type { Bindings } from '../../worker/env.ts'
import porchlight, { AgentHub, Guard, PasswordHasher, Relay } from '../../worker/main.ts'
import { countingDatabase } from '../../worker/testing/count-rows.ts'

// workerd looks for the classes on the entry it was given.
export { AgentHub, Guard, PasswordHasher, Relay }

/** Answers JSON of `bytes` bytes, so that both subjects send the same amount. */
const bare = new Hono()
  .get('/api/bare/:bytes', (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))
  .post('/api/bare/:bytes', (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))

export default {
  ...porchlight,
  async fetch(request, env, context) {
    if (new URL(request.url).pathname.startsWith('/api/bare/')) return bare.fetch(request, env, context)
    // Only when asked: counting is not for free.
    if (!request.headers.has('x-bench-rows')) return porchlight.fetch(request, env, context)
    const { database, cost } = countingDatabase(env.DB)
    const response = await porchlight.fetch(request, { ...env, DB: database }, context)
    const counted = new Response(response.body, response)
    counted.headers.set('x-bench-rows', `${cost.calls} ${cost.rowsRead} ${cost.rowsWritten}`)
    return counted
  },
} satisfies ExportedHandler<Bindings>
