/** The table of the agent's background tasks. A task is one entry here; task-loop.ts runs them. */
import type { CatalogWork } from './catalog-work.ts'
import type { AgentTask } from './task-loop.ts'

/**
 * What all that runs at one time may take together: `line` of the home's connection, `cpu` of its processor. Who watches
 * comes first anyway, by what yields to them.
 */
export const taskBudgets = { line: 2, cpu: 2 } as const

type Doings = {
  /** Looks at disk, addresses and VPN, and tells the edge what is worth telling. */
  measure: () => Promise<unknown>
  /** Tells the edge once more what this home offers: a catalog or a folder may have changed since the welcome. */
  tellOffers: (signal: AbortSignal) => Promise<unknown>
  /** Tells the edge which films of the operator's own came and went. */
  tellLocalFilms: (signal: AbortSignal) => Promise<unknown>
  /** Sees to the names of its addresses, their certificate, and the port that the router forwards. */
  tendReach: (signal: AbortSignal) => Promise<unknown>
  /** Sources of what people will want, who shares them, and what is in them. */
  catalog: CatalogWork
  /** Lets go what nobody needs any more. */
  tidyUp: () => void
}

/** Not while the agent starts, and not at the same minute in every home after the power was away. */
const inBackground = { jitter: 0.2, priority: 2, yieldsToPeople: true, firstAfterSeconds: { least: 180, most: 1200 } }

export const agentTasks = ({
  measure,
  tellOffers,
  tellLocalFilms,
  tendReach,
  catalog,
  tidyUp,
}: Doings): AgentTask[] => [
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
    ...{ name: 'tell own films', everySeconds: 60, jitter: 0.1, priority: 1, leaseSeconds: 600 },
    ...{ cost: {}, yieldsToPeople: true },
    run: tellLocalFilms,
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
  {
    ...{ ...inBackground, name: 'search ahead', everySeconds: 900, leaseSeconds: 600, cost: { line: 1, cpu: 1 } },
    run: catalog.searchAhead,
  },
  {
    ...{ ...inBackground, name: 'count seeders', everySeconds: 1200, leaseSeconds: 600, cost: { line: 1 } },
    run: catalog.countSwarms,
  },
  {
    ...{ ...inBackground, name: 'read torrents', everySeconds: 1200, leaseSeconds: 600, cost: { line: 2, cpu: 1 } },
    run: catalog.readMetadata,
  },
  {
    ...{ ...inBackground, name: 'tidy up', everySeconds: 86_400, leaseSeconds: 300, cost: { cpu: 2 } },
    run: async () => tidyUp(),
  },
]
