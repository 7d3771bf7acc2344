/** The swarm obeys the VPN's door: while it is shut no torrent looks for peers, and all do again when it opens. */
import type WebTorrent from 'webtorrent'
import type { Discovery, Torrent } from 'webtorrent'
import type { Door } from '../../vpn/door.ts'

/**
 * The door itself ends connections and swallows datagrams; this keeps webtorrent from going on as though nothing were.
 * For every torrent that is added from now on; to be called after whatever else wraps `_startDiscovery`.
 */
export function obeyDoor(client: WebTorrent, door: Door): void {
  const torrents = new Set<Torrent>()
  client.on('add', (torrent: Torrent) => {
    torrents.add(torrent)
    torrent.once('close', () => torrents.delete(torrent))
    const start = torrent._startDiscovery.bind(torrent)
    torrent._startDiscovery = () => {
      if (torrent.destroyed) return
      if (torrent.discovery === silent) torrent.discovery = null
      if (door.isOpen) start()
      else torrent.discovery ??= silent
    }
  })
  const { dht } = client
  // Names of DHT nodes are looked up by the system there, by whatever way it likes.
  if (dht) {
    const { socket } = dht._rpc
    socket._resolveAndQuery = (node, query, done) =>
      door.lookup(node.host, { family: 4 }, (error, host) => {
        if (error || dht.destroyed) done(error ?? new Error('the DHT has ended'), null)
        else socket.query({ host, port: node.port }, query, done)
      })
  }
  const stop = door.onChange(() => {
    if (client.destroyed) return stop()
    for (const torrent of torrents) {
      if (door.isOpen) torrent._startDiscovery()
      else silence(torrent)
    }
    // Nobody may be known yet, or nobody any more.
    if (door.isOpen && dht && !dht.destroyed) dht._bootstrap(true)
  })
}

/** Its farewells to trackers are not sent any more either. */
function silence(torrent: Torrent): void {
  const { discovery } = torrent
  if (!discovery || discovery === silent || torrent.destroyed) return
  torrent.discovery = silent
  clearInterval(torrent._noPeersIntervalId)
  discovery.destroy()
}

/** webtorrent takes it for granted that there is one. */
const silent = {
  ...{ tracker: null, lsd: null, dht: null },
  complete() {},
  destroy: (done?: () => void) => done?.(),
} as unknown as Discovery
