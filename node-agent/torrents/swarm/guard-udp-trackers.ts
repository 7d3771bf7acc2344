/** Trackers by UDP (BEP 15): a stranger's name is looked up at the moment of the question, and leads into no home. */
import dgram, { type SocketOptions } from 'node:dgram'
import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import Client, { type UdpTracker } from 'bittorrent-tracker/client'
import { publicLookup } from '../../public-lookup.ts'
import { mayLeadHome } from './fetch-public.ts'

export type AskByUdp = { lookup: typeof systemLookup; isKnownHost: (host: string) => boolean }

const noGuard: AskByUdp = { lookup: systemLookup, isKnownHost: () => false }

let isGuarded = false
let strangers = noGuard

/** For all UDP trackers of this process from now on; once is enough. `ask`: how names are looked up from now on. */
export function guardUdpTrackers(ask: AskByUdp = noGuard): void {
  strangers = ask
  if (isGuarded) return
  isGuarded = true
  const announce = ['udp://tracker.invalid:80']
  const [tracker] = new Client({ infoHash: '0'.repeat(40), peerId: '0'.repeat(40), announce, port: 1 })._trackers
  if (!tracker) throw new Error('bittorrent-tracker is not the one that is known')
  const prototype = Object.getPrototypeOf(tracker) as UdpTracker
  const request = prototype._request
  prototype._request = function (options) {
    const url = httpUrlOf(this.announceUrl)
    withLookup(lookupFor(url, strangers), () => request.call(this, options))
  }
}

/** How the names are looked up of whoever is asked at this address; undefined is no address. */
export function lookupFor(url: URL | undefined, ask: AskByUdp): LookupFunction {
  const free = ask.lookup as LookupFunction
  const refuse = () => new Error(`${url?.hostname ?? 'the tracker'} lies in the home`)
  const named = url && mayLeadHome(url, ask) ? free : publicLookup(ask.lookup, refuse)
  // Sockets "look up" also the literal address that they are bound to.
  return (hostname, ...rest) => (isIP(hostname) === 0 ? named : free)(hostname, ...rest)
}

/** WHATWG knows no hosts in `udp:` addresses. */
export function httpUrlOf(announceUrl: string): URL | undefined {
  const text = announceUrl.replace(/^udp:/, 'http:')
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Sockets that are made in the same turn look names up this way. */
function withLookup(lookup: LookupFunction, ask: () => void): void {
  const { createSocket } = dgram
  const behind = (type: SocketOptions['type']) => createSocket({ type, lookup: lookup as SocketOptions['lookup'] })
  Object.assign(dgram, { createSocket: behind })
  try {
    ask()
  } finally {
    Object.assign(dgram, { createSocket })
  }
}
