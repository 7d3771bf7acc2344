/** Refuses a peer that called, once it is known which torrent it wants. */
import type { Peer } from 'webtorrent'

/** webtorrent goes on to answer an encrypted call that is over, and throws for want of a torrent to name. */
export function refuseIncoming(peer: Peer, reason: string): void {
  peer.handshake = () => {}
  peer.destroy(new Error(reason))
}
