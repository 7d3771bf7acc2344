/** Puts the connection limits over webtorrent, which knows one limit a torrent, for calls out only. */

import type WebTorrent from 'webtorrent'
import type { Torrent } from 'webtorrent'
import type { Door } from '../../vpn/door.ts'
import { withDoorConnect } from '../../vpn/door-server.ts'
import { type ConnectionLimits, mayAccept, mayQueue, nextToDial, type TorrentConnections } from './connection-limits.ts'
import { refuseIncoming } from './refuse-incoming.ts'

type Dialed = TorrentConnections & { torrent: Torrent; dial: () => void }

/** For every torrent that is added from now on. The client must have no limit of its own. Calls leave by the door. */
export function limitConnections(client: WebTorrent, limits: ConnectionLimits, door?: Door): void {
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
    if (isDialing || door?.isOpen === false) return
    isDialing = true
    for (let next = nextToDial(all(), limits); next; next = nextToDial(all(), limits)) {
      const [peer] = next.torrent._queue
      if (door) withDoorConnect(door, next.dial)
      else next.dial()
      if (!peer?.conn) break
      // Answered or not, one fewer is on its way.
      peer.conn.once('connect', () => queueMicrotask(dialAll))
      peer.conn.once('close', () => queueMicrotask(dialAll))
    }
    isDialing = false
  }
  door?.onChange(dialAll)
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
      else refuseIncoming(peer, 'enough connections')
    }
  })
}
