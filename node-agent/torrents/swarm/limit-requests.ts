/** Bounds what one peer may have us hold for it: who asks without end, and takes nothing, fills no memory. */
import type { Torrent, Wire } from 'webtorrent'

/** Asked for and not sent yet: a thousand blocks, twice what clients ask at once. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024
/** Refusals that a peer leaves lying: each is small, and there is no end of them. */
const MOST_REFUSED = 4096
/** With less than this unsent the peer takes what it is sent. */
const TAKEN_BYTES = 64 * 1024

/**
 * bittorrent-protocol answers every request, and keeps what the socket does not take. Here a request above the bound is
 * refused (BEP 6 reject, or by silence), and whoever does not even take the refusals is sent away. What else a peer can
 * have us say is bounded where its messages are read (`blocks/lean-parser.ts`).
 */
export function limitRequests(torrent: Torrent): void {
  torrent.on('wire', (wire: Wire) => {
    const answer = wire._onRequest.bind(wire)
    let refused = 0
    wire._onRequest = (piece, offset, length) => {
      // A refusal would take the first of the two back, and it is being answered.
      if (wire.peerRequests.some((one) => one.piece === piece && one.offset === offset && one.length === length)) return
      if (wire._readableState.buffered < TAKEN_BYTES) refused = 0
      const isTooMuch = waitingBytes(wire) + length > MOST_WAITING_BYTES
      // Whom we choke is refused by bittorrent-protocol.
      if ((isTooMuch || wire.amChoking) && ++refused > MOST_REFUSED) wire.destroy()
      else if (!isTooMuch) answer(piece, offset, length)
      else if (wire.hasFast) wire.reject(piece, offset, length)
    }
  })
}

const waitingBytes = ({ peerRequests, _readableState }: Wire) =>
  peerRequests.reduce((sum, { length }) => sum + length, _readableState.buffered)
