/** Takes back what peers were told: pieces that we had and have no more. */
import type { Torrent, Wire } from 'webtorrent'

export type GonePieces = {
  /** Tells all peers, each in the way it understands. */
  tell(pieces: readonly number[]): void
}

/**
 * BEP 54 `lt_donthave` is understood by libtorrent and webtorrent. Other peers have no message for it: such a peer is
 * sent away (it learns the truth with the next handshake) when it asks for what is gone, or at once when nobody
 * watches; while somebody does, its bytes are worth more than its knowledge.
 */
export function gonePieces(torrent: Torrent, isRead: () => boolean): GonePieces {
  const misled = new Set<Wire>()
  torrent.on('wire', (wire: Wire) => {
    wire.once('close', () => misled.delete(wire))
    // webtorrent leaves a request for a piece that is not there unanswered.
    wire.on('request', (piece: number, _offset: number, _length: number, respond: (error: Error) => void) => {
      if (torrent.destroyed || torrent.bitfield.get(piece)) return
      if (misled.has(wire)) wire.destroy()
      else respond(new Error('this piece is not here'))
    })
  })
  return {
    tell(pieces) {
      for (const wire of [...torrent.wires]) {
        if (wire.type === 'webSeed') continue
        if (wire.peerExtendedMapping.lt_donthave) for (const piece of pieces) wire.lt_donthave.donthave(piece)
        else misled.add(wire)
      }
      if (!isRead()) for (const wire of [...misled]) wire.destroy()
      torrent._updateInterest()
    },
  }
}
