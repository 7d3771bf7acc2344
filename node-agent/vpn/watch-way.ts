/** Watches by which way this machine sends things out: the address of an interface, and the one the system would choose. */
import { createSocket } from 'node:dgram'
import { isIPv4 } from 'node:net'
import type { networkInterfaces } from 'node:os'
import type { Answer } from './guard-state.ts'

/** `bound`: what sockets are bound to, when that was asked for and is there. */
export type WayNow = { bound: string | undefined; binding: Answer | undefined; source: string | undefined }

export type WaySenses = {
  interfaces: typeof networkInterfaces
  /** The address that a datagram to anywhere would leave from now; undefined: there is no way out. */
  source: () => Promise<string | undefined>
}

/** RFC 5737: nobody's. It is never sent anything; the system is only asked how it would. */
const ANYWHERE = { port: 9, host: '192.0.2.1' }

/** Asks the routing table by connecting a datagram socket, which sends nothing. */
export function sourceAddress(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (address?: string) => {
      resolve(address)
      socket.close()
    }
    socket.once('error', () => end())
    socket.connect(ANYWHERE.port, ANYWHERE.host, (error?: Error) => end(error ? undefined : socket.address().address))
  })
}

/** `name`: an interface, or an IPv4 address that one of them must have; undefined binds nothing. */
export function createLookAtWay(name: string | undefined, senses: WaySenses): () => Promise<WayNow> {
  /** The system's own way went through what we are bound to, once: if it no longer does, the VPN has lost it. */
  let ledThroughBound = false
  return async () => {
    const source = await senses.source()
    if (name === undefined) return { bound: undefined, binding: undefined, source }
    const bound = addressOf(name, senses.interfaces())
    if (bound === undefined) {
      ledThroughBound = false
      return { bound, binding: { verdict: 'no', reason: 'interface_gone' }, source }
    }
    if (source === bound) ledThroughBound = true
    const isLost = ledThroughBound && source !== bound
    return {
      bound,
      binding: isLost ? { verdict: 'no', reason: 'way_changed' } : { verdict: 'yes', reason: 'bound' },
      source,
    }
  }
}

/** Only interfaces that are up and running are listed at all. */
function addressOf(name: string, interfaces: ReturnType<typeof networkInterfaces>): string | undefined {
  const isAddress = isIPv4(name)
  const infos = isAddress ? Object.values(interfaces).flatMap((one) => one ?? []) : (interfaces[name] ?? [])
  return infos.find(({ family, address }) => family === 'IPv4' && (!isAddress || address === name))?.address
}
