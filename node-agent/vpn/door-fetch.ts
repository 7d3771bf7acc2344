/** Requests over HTTP that leave by the door: as `fetch`, as far as trackers and web seeds need it. */
import { lookup as systemLookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect, isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { isPrivateAddress } from '../private-address.ts'
import { publicLookup } from '../public-lookup.ts'
import { type Door, vpnDown } from './door.ts'

/** `mayLeadHome`: also to this machine and its network; else neither by an address nor by what a name means now. */
export type DoorFetch = (
  url: URL,
  options: { headers: Record<string, string>; signal: AbortSignal; mayLeadHome: boolean },
) => Promise<Response>

export type WayToFetch = Pick<Door, 'isOpen' | 'signal' | 'connect' | 'lookup'>

/** Where no guard stands: always open. */
export const openWay = (lookup: typeof systemLookup = systemLookup): WayToFetch => ({
  ...{ isOpen: true, signal: new AbortController().signal, lookup },
  connect: ({ host, port, lookup: given = lookup as LookupFunction }) => connect({ host, port, lookup: given }),
})

/** GET alone. A redirect is an answer. Rejects with `vpn_down` while the door is shut; shut meanwhile, it ends as a broken connection does. */
export function createDoorFetch(door: WayToFetch): DoorFetch {
  return (url, { headers, signal, mayLeadHome }) => {
    signal.throwIfAborted()
    if (!door.isOpen) return Promise.reject(vpnDown())
    const isTls = url.protocol === 'https:'
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port) || (isTls ? 443 : 80)
    const refuse = () => new Error(`${host} lies in the home`)
    // A literal address is looked up by nobody.
    if (!mayLeadHome && isIP(host) !== 0 && isPrivateAddress(host)) return Promise.reject(refuse())
    const lookup = mayLeadHome ? (door.lookup as LookupFunction) : publicLookup(door.lookup, refuse)
    return new Promise((resolve, reject) => {
      const request = (isTls ? requestHttps : requestHttp)(url, {
        headers: { 'accept-encoding': 'identity', ...headers },
        signal: AbortSignal.any([signal, door.signal]),
        createConnection: () => {
          const socket = door.connect({ host, port, lookup })
          return isTls
            ? connectTls({
                socket,
                host,
                ...(isIP(host) === 0 ? { servername: host } : {}),
                ALPNProtocols: ['http/1.1'],
              })
            : socket
        },
      })
      request.once('error', reject)
      request.once('response', (answer) => {
        const status = answer.statusCode ?? 0
        const hasBody = status !== 204 && status !== 304
        if (!hasBody) answer.resume()
        const named = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
          (values ?? []).map((value): [string, string] => [name, value]),
        )
        try {
          const body = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null
          resolve(new Response(body, { status, headers: named }))
        } catch (error) {
          // A status that is none.
          answer.destroy()
          reject(error as Error)
        }
      })
      request.end()
    })
  }
}
