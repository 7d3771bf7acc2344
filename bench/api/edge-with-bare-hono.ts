/** The Worker as it is, and a bare Hono app beside it in the same isolate: what the platform itself costs. */
import { Hono } from 'hono'
import { may } from '../../worker/auth/may.ts'
import { correlation } from '../../worker/correlation.ts'
import type { AppEnv, Bindings } from '../../worker/env.ts'
import porchlight, { AgentHub, Guard, PasswordHasher, Relay, RelayMeter, UpstreamGate } from '../../worker/main.ts'
import { countingDatabase } from '../../worker/testing/count-rows.ts'
import { insertRows } from '../catalog/insert-rows.ts'

// workerd looks for the Durable Objects' classes on the entry it was given.
export { AgentHub, Guard, PasswordHasher, Relay, RelayMeter, UpstreamGate }

/**
 * Answers JSON of `bytes` bytes, so that all subjects send the same amount; `logged` writes the one line in the log that
 * every route of ours writes, and `authorised` besides asks first who it is.
 */
const bare = new Hono<AppEnv>()
  .get('/api/bare/:bytes', (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))
  .get('/api/bare/logged/:bytes', correlation, (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))
  .get('/api/bare/authorised/:bytes', correlation, may('account.read'), (c) =>
    c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }),
  )
  .post('/api/bare/:bytes', (c) => c.json({ filler: 'x'.repeat(Number(c.req.param('bytes'))) }))

export default {
  ...porchlight,
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url)
    if (pathname === '/api/bare/rows') return insertRows(request, env.DB)
    const app = pathname.startsWith('/api/bare/') ? bare : porchlight
    // Only when asked: counting is not for free.
    if (!request.headers.has('x-bench-rows')) return app.fetch(request, env, context)
    const { database, cost } = countingDatabase(env.DB)
    const response = await app.fetch(request, { ...env, DB: database }, context)
    const counted = new Response(response.body, response)
    counted.headers.set('x-bench-rows', `${cost.calls} ${cost.rowsRead} ${cost.rowsWritten}`)
    return counted
  },
} satisfies ExportedHandler<Bindings>
