/** Who may connect now: so many for a torrent, so many over all, so many that have not answered yet. Pure. */

export type ConnectionLimits = {
  perTorrent: number
  total: number
  /** Connections begun and not yet answered; home routers run out of memory for them first. */
  halfOpen: number
}

export type TorrentConnections = { open: number; pending: number; queued: number }

/** Addresses of one torrent that wait to be called: more is what a hostile peer or tracker names, to fill our memory. */
const MOST_QUEUED = 1000

/** Whether an address that somebody named is remembered. */
export const mayQueue = ({ queued }: TorrentConnections): boolean => queued < MOST_QUEUED

/** Whether a peer that knocks is let in. */
export function mayAccept(torrent: TorrentConnections, all: readonly TorrentConnections[], limits: ConnectionLimits) {
  return torrent.open < limits.perTorrent && sum(all, 'open') < limits.total
}

/** The torrent whose next known peer is called; undefined when none may. Who has the fewest peers goes first. */
export function nextToDial<T extends TorrentConnections>(all: readonly T[], limits: ConnectionLimits): T | undefined {
  const pending = sum(all, 'pending')
  if (pending >= limits.halfOpen || pending + sum(all, 'open') >= limits.total) return undefined
  return all
    .filter((torrent) => torrent.queued > 0 && torrent.open + torrent.pending < limits.perTorrent)
    .reduce<T | undefined>(
      (best, torrent) => (best && best.open + best.pending <= torrent.open + torrent.pending ? best : torrent),
      undefined,
    )
}

const sum = (all: readonly TorrentConnections[], name: 'open' | 'pending') =>
  all.reduce((total, torrent) => total + torrent[name], 0)
