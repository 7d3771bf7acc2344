/** The Worker as it is, whose D1 keeps count of all that anybody asks of it, the hubs of the agents too. */
import type { Bindings } from '../../worker/env.ts'
import porchlight, {
  Guard,
  AgentHub as Hub,
  PasswordHasher,
  Relay,
  RelayMeter,
  UpstreamGate,
} from '../../worker/main.ts'
import { countingDatabase, newBill } from '../../worker/testing/count-rows.ts'
import { insertRows } from '../catalog/insert-rows.ts'

export { Guard, PasswordHasher, Relay, RelayMeter, UpstreamGate }

const all = newBill()

/** What is asked is counted when it has been answered, however long after the request. */
function counting(env: Bindings): Bindings {
  const { database } = countingDatabase(env.DB, all)
  return { ...env, DB: database }
}

export class AgentHub extends Hub {
  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, counting(env))
  }
}

export default {
  ...porchlight,
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url)
    if (pathname === '/api/bare/rows') return insertRows(request, env.DB)
    if (pathname === '/api/bare/cost') return Response.json(all)
    return porchlight.fetch(request, counting(env), context)
  },
} satisfies ExportedHandler<Bindings>
