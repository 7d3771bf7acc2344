/** Keeps one port of this machine open to the world at the router, while the agent runs. */
import type { Log } from '../log.ts'
import type { Mapped, MapWish } from './port-control.ts'
import { isPublicIpv4 } from './public-address.ts'

/** One way to ask a router; undefined: it gives nothing that way. */
export type AskForMapping = (wish: MapWish) => Promise<Required<Mapped> | undefined>

export type PortMapping = {
  /** Asks, or renews when half of the lease is over. Never rejects. */
  tend: (internalPort: number) => Promise<void>
  /** Where the world finds us; undefined without a lease, and behind a second router, where it leads nowhere. */
  outside: () => { address: string; port: number } | undefined
  /** Gives the port back. */
  close: () => Promise<void>
}

/** Half of what RFC 6886 recommends: a machine that dies leaves a hole for an hour at most. */
const LEASE_SECONDS = 3600
const AGAIN_SECONDS = 600

/** `ways` are tried in order; the one that gave is asked again first. `now` is in epoch seconds. */
export function createPortMapping(ways: readonly AskForMapping[], now: () => number, log: Log): PortMapping {
  let lease: { mapped: Required<Mapped>; way: AskForMapping; internalPort: number; until: number } | undefined
  let askAgainAt = 0

  const ask = async (internalPort: number) => {
    const wish = {
      ...{ internalPort, lifetimeSeconds: LEASE_SECONDS },
      externalPort: lease?.mapped.externalPort ?? internalPort,
    }
    for (const way of lease ? [lease.way, ...ways.filter((one) => one !== lease?.way)] : ways) {
      const mapped = await way(wish)
      if (mapped && mapped.externalPort > 0 && mapped.lifetimeSeconds > 0) return { mapped, way }
    }
    return undefined
  }

  const tend = async (internalPort: number) => {
    if (now() < askAgainAt && lease?.internalPort === internalPort) return
    if (now() < askAgainAt && !lease) return
    const given = await ask(internalPort)
    if (!given) {
      if (lease && lease.until <= now()) lease = undefined
      askAgainAt = now() + AGAIN_SECONDS
      return log.warn('port_not_mapped', { port: internalPort, delaySeconds: AGAIN_SECONDS })
    }
    const isNew = lease?.mapped.externalPort !== given.mapped.externalPort
    const lifetimeSeconds = Math.min(given.mapped.lifetimeSeconds, LEASE_SECONDS)
    lease = { ...given, internalPort, until: now() + lifetimeSeconds }
    askAgainAt = now() + lifetimeSeconds / 2
    const reason = isPublicIpv4(given.mapped.address) ? undefined : 'behind_another_router'
    if (isNew) log.info('port_mapped', { port: given.mapped.externalPort, reason })
  }

  let running: Promise<void> | undefined
  return {
    tend: (internalPort) => {
      running ??= tend(internalPort).finally(() => {
        running = undefined
      })
      return running
    },
    outside() {
      if (!lease || lease.until <= now() || !isPublicIpv4(lease.mapped.address)) return undefined
      return { address: lease.mapped.address, port: lease.mapped.externalPort }
    },
    async close() {
      await running
      if (!lease) return
      const { way, internalPort, mapped } = lease
      lease = undefined
      await way({ internalPort, externalPort: mapped.externalPort, lifetimeSeconds: 0 })
    },
  }
}
