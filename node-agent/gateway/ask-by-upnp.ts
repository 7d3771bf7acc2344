/**
 * A mapping by UPnP, for routers that speak neither PCP nor NAT-PMP. Of nat-api its UPnP client alone is used: its
 * NAT-PMP sets a timer to renew and then does not, and knows neither PCP nor that a router may give another port.
 */

import { isIPv4 } from 'node:net'
import type Client from '@silentbot1/nat-api/lib/upnp/index.js'
import type { Mapped, MapWish } from './port-control.ts'

/** A description and a call, each over HTTP on this network, which the client itself would wait for without end. */
const ANSWER_MS = 6000

export type OpenUpnp = () => Promise<Client>

export const openUpnp: OpenUpnp = async () => {
  const { default: Client } = await import('@silentbot1/nat-api/lib/upnp/index.js')
  return new Client({ permanentFallback: false })
}

/** As `askRouter`; here it is the wished port or none. */
export async function askByUpnp(wish: MapWish, open: OpenUpnp = openUpnp): Promise<Required<Mapped> | undefined> {
  const client = await open()
  const { internalPort, externalPort, lifetimeSeconds } = wish
  const mapping = { public: externalPort, private: internalPort, protocol: 'TCP' }
  try {
    if (lifetimeSeconds === 0) {
      await inTime(client.portUnmapping(mapping))
      return undefined
    }
    await inTime(client.portMapping({ ...mapping, description: 'Porchlight', ttl: lifetimeSeconds }))
    const address = await inTime(client.externalIp())
    return isIPv4(address) ? { externalPort, lifetimeSeconds, address } : undefined
  } catch {
    return undefined
  } finally {
    await inTime(client.destroy()).catch(() => undefined)
  }
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error('the router did not answer in time')), ANSWER_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
