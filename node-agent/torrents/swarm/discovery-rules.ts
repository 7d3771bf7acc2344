/** What webtorrent's search for peers lacks: private torrents kept private, and neighbours and trackers that err. */
import type { Discovery, Torrent } from 'webtorrent'

/** A tracker's wish for when to hear of us again is followed within these bounds. */
const LEAST_INTERVAL_MS = 60_000
const MOST_INTERVAL_MS = 24 * 3600 * 1000

/** Holds for all of the torrent's life. `onPublic` is called once it may be looked for in public. */
export function ruleDiscovery(torrent: Torrent, onPublic: () => void = () => {}): void {
  const start = torrent._startDiscovery.bind(torrent)
  let isTold = false
  torrent._startDiscovery = () => {
    if (torrent.destroyed || torrent.discovery) return
    const { client } = torrent
    const { lsd } = client
    // BEP 27: webtorrent keeps private torrents out of the DHT and of PEX, and forgets local discovery.
    client.lsd = lsd && torrent.private !== true
    try {
      start()
    } finally {
      client.lsd = lsd
    }
    if (torrent.discovery) tame(torrent.discovery, torrent)
    // It may begin to search again, after the VPN was away.
    if (torrent.private !== true && !isTold) onPublic()
    isTold ||= torrent.private !== true
  }
  torrent.on('wire', (wire) => {
    // Trackers tell us of ourselves; webtorrent knows its own address only on loopback.
    if (wire.peerId === torrent.client.peerId) wire.destroy()
    // A peer of a private torrent is not told of our DHT node either.
    if (torrent.private === true) wire.port = () => {}
  })
}

/**
 * A torrent that came as a magnet turns out to be private: everyone who was found in public is let go, and it is
 * announced to its own trackers alone.
 */
export function becomePrivate(torrent: Torrent, ownTrackers: readonly string[]): void {
  torrent.private = true
  torrent.announce = [...ownTrackers]
  if (!torrent.discovery) return
  torrent.discovery.destroy()
  torrent.discovery = null
  for (const peer of [...torrent._peers.values()]) {
    if (['dht', 'lsd', 'ut_pex'].includes(peer.source ?? '')) torrent.removePeer(peer.id)
  }
}

/**
 * Says goodbye to the trackers with the true numbers (BEP 3 `event=stopped`): webtorrent itself has forgotten them by
 * then, and private trackers count by them. Call it right before the torrent is destroyed.
 */
export function announceStop({ discovery }: Torrent): void {
  const tracker = discovery?.tracker
  if (!tracker) return
  tracker.stop()
  tracker.stop = () => {}
}

function tame(discovery: Discovery, torrent: Torrent): void {
  const { lsd, tracker } = discovery
  if (lsd) {
    // Without a network the announcement fails; webtorrent would give the torrent up for it.
    lsd.removeListener('error', discovery._onError)
    lsd.on('error', (error: Error) => torrent.emit('warning', error))
    // Every torrent hears what is announced for all of them.
    lsd.removeListener('peer', discovery._onLSDPeer)
    // A line that is missing there throws out of the socket's own event, which would end the agent.
    const parse = lsd._parseAnnounce.bind(lsd)
    lsd._parseAnnounce = (text) => {
      try {
        return parse(text)
      } catch {
        return null
      }
    }
    lsd.on('peer', (peer: string, infoHash: string) => {
      if (infoHash.toLowerCase() === torrent.infoHash) discovery.emit('peer', peer, 'lsd')
    })
  }
  for (const one of tracker?._trackers ?? []) {
    // Beyond 2^31 ms a timer fires at once, and again, and again: a hostile tracker could have us spin.
    const setInterval = one.setInterval.bind(one)
    one.setInterval = (milliseconds) =>
      setInterval(
        milliseconds === undefined
          ? undefined
          : Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, milliseconds || LEAST_INTERVAL_MS)),
      )
  }
}
