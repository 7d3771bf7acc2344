/** What the runtime sees of the edge: requests, the clock, and the Durable Objects. */
import { AgentHub } from './agents/agent-hub.ts'
import app from './app.ts'
import { PasswordHasher } from './auth/password-hasher.ts'
import type { Bindings } from './env.ts'
import { Relay } from './relay/relay.ts'

export { AgentHub, PasswordHasher, Relay }

export default {
  fetch: app.fetch,
  scheduled: () => undefined,
} satisfies ExportedHandler<Bindings>
