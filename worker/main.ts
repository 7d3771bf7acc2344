/** What the runtime sees of the edge: requests, the clock, and the Durable Objects. */
import { AgentHub } from './agents/agent-hub.ts'
import app from './app.ts'
import { Guard } from './auth/guard/guard.ts'
import { PasswordHasher } from './auth/password-hasher.ts'
import { UpstreamGate } from './catalog/upstream/upstream-gate.ts'
import { edgeOfTick } from './edge.ts'
import type { Bindings } from './env.ts'
import { Relay } from './relay/relay.ts'
import { RelayMeter } from './relay/relay-meter.ts'
import { runDueTasks } from './tasks/run-due-tasks.ts'
import { tasks } from './tasks/tasks.ts'

export { AgentHub, Guard, PasswordHasher, Relay, RelayMeter, UpstreamGate }

export default {
  fetch: app.fetch,
  scheduled: ({ scheduledTime }, env, ctx) => runDueTasks(edgeOfTick(env, ctx, scheduledTime), tasks),
} satisfies ExportedHandler<Bindings>
