/** Calls peers in the clear, and encrypted when they hang up on that. webtorrent only ever tries encrypted. */
import type { Peer, Torrent } from 'webtorrent'

/**
 * Clients that have encryption switched off cannot be reached otherwise, and the key exchange of those that take both
 * would cost a round trip before every first byte. A peer that only speaks encrypted hangs up on a plain handshake: it
 * is called again at once, encrypted. Peers that call us choose for themselves.
 */
export function plainFirst(torrent: Torrent): void {
  /** Addresses that hung up on a plain handshake, and whether they did so on an encrypted one too. */
  const hungUp = new Map<string, 'plain' | 'both'>()
  const register = torrent._registerPeer.bind(torrent)
  torrent._registerPeer = (peer) => {
    register(peer)
    if (peer.type !== 'tcpOutgoing') return
    const known = hungUp.get(peer.addr)
    peer.secure = known === 'plain' ? 1 : 0
    peer.once('disconnect', () => {
      if (peer._handshakeDone) return
      hungUp.set(peer.addr, known === undefined ? 'plain' : 'both')
      // Once; from then on webtorrent's own pauses hold.
      if (known === undefined) queueMicrotask(() => callAgain(torrent, peer))
    })
  }
}

function callAgain(torrent: Torrent, { addr, source }: Peer): void {
  if (!torrent.destroyed) torrent.addPeer(addr, source)
}
