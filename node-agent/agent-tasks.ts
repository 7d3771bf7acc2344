/** The table of the agent's background tasks. A task is one entry here; task-loop.ts runs them. */
import type { AgentTask } from './task-loop.ts'

type Doings = {
  /** Looks at disk, addresses and VPN, and tells the edge what is worth telling. */
  measure: () => Promise<unknown>
  /** Tells the edge once more what this home offers: a catalog or a folder may have changed since the welcome. */
  tellOffers: (signal: AbortSignal) => Promise<unknown>
  /** Sees to the names of its addresses, their certificate, and the port that the router forwards. */
  tendReach: (signal: AbortSignal) => Promise<unknown>
}

export const agentTasks = ({ measure, tellOffers, tendReach }: Doings): AgentTask[] => [
  {
    ...{ name: 'measure', everySeconds: 30, jitter: 0, priority: 0, leaseSeconds: 60, cost: {}, yieldsToPeople: false },
    run: measure,
  },
  {
    ...{ name: 'tell offers', everySeconds: 6 * 3600, jitter: 0.1, priority: 1, leaseSeconds: 900 },
    ...{ cost: {}, yieldsToPeople: true },
    run: tellOffers,
  },
  {
    ...{
      name: 'reach',
      everySeconds: 60,
      jitter: 0.1,
      priority: 1,
      leaseSeconds: 300,
      cost: {},
      yieldsToPeople: false,
    },
    run: tendReach,
  },
]
