/** A torrent that is in memory for some neighbours alone: it looks for nobody, calls nobody, and answers only them. */
import type { Torrent } from 'webtorrent'
import { refuseIncoming } from './refuse-incoming.ts'

/** Right after it was added, before it looks for anybody. `to`: their IP addresses, which may become more. */
export function lendOnly(torrent: Torrent, to: ReadonlySet<string>): void {
  const start = torrent._startDiscovery.bind(torrent)
  torrent._startDiscovery = () => {
    // Without trackers of its own, a private one is announced to nobody at all, nor told of to those who have it.
    torrent.private = true
    torrent.announce = []
    start()
  }
  torrent.addPeer = () => false
  const accept = torrent._addIncomingPeer.bind(torrent)
  torrent._addIncomingPeer = (peer) => {
    if (to.has(hostOf(peer.addr))) accept(peer)
    else refuseIncoming(peer, 'this is lent to others')
  }
}

/** Of `address:port`; an IPv4 address may come as IPv6 (RFC 4291 §2.5.5.2). */
export const hostOf = (address: string): string =>
  address
    .slice(0, address.lastIndexOf(':'))
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/i, '')
