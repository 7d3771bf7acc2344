/** Puts the connection limits over webtorrent, which knows one limit a torrent, for calls out only. */

import type WebTorrent from 'webtorrent'
import type { Torrent } from 'webtorrent'
import { type ConnectionLimits, mayAccept, mayQueue, nextToDial, type TorrentConnections } from './connection-limits.ts'

type Dialed = TorrentConnections & { torrent: Torrent; dial: () => void }

/** For every torrent that is added from now on. The client must have no limit of its own. */
export function limitConnections(client: WebTorrent, limits: ConnectionLimits): void {
  const dials = new Map<Torrent, () => void>()
  const connectionsOf = (torrent: Torrent): Dialed => ({
    torrent,
    open: torrent._numConns,
    pending: torrent._numPending,
    queued: torrent.paused ? 0 : torrent._queue.length,
    dial: dials.get(torrent) ?? (() => {}),
  })
  const all = () => [...dials.keys()].filter((torrent) => !torrent.destroyed).map(connectionsOf)
  let isDialing = false
  const dialAll = () => {
    if (isDialing) return
    isDialing = true
    for (let next = nextToDial(all(), limits); next; next = nextToDial(all(), limits)) {
      const [peer] = next.torrent._queue
      next.dial()
      if (!peer?.conn) break
      // Answered or not, one fewer is on its way.
      peer.conn.once('connect', () => queueMicrotask(dialAll))
      peer.conn.once('close', () => queueMicrotask(dialAll))
    }
    isDialing = false
  }
  client.on('add', (torrent: Torrent) => {
    dials.set(torrent, torrent._drain.bind(torrent))
    torrent.once('close', () => {
      dials.delete(torrent)
      queueMicrotask(dialAll)
    })
    torrent._drain = dialAll
    const add = torrent.addPeer.bind(torrent)
    torrent.addPeer = (address, source) => mayQueue(connectionsOf(torrent)) && add(address, source)
    const accept = torrent._addIncomingPeer.bind(torrent)
    torrent._addIncomingPeer = (peer) => {
      if (mayAccept(connectionsOf(torrent), all(), limits)) accept(peer)
      else peer.destroy(new Error('enough connections'))
    }
  })
}
