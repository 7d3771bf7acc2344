/** The DHT on IPv6 beside webtorrent's own, which is IPv4: begun with it, told of the same torrents, ended with it. */
import { randomInt } from 'node:crypto'
import { lookup } from 'node:dns'
import { isIPv6 } from 'node:net'
import type WebTorrent from 'webtorrent'
import type { Torrent } from 'webtorrent'
import type { Log } from '../../../log.ts'
import type { Door } from '../../../vpn/door.ts'
import { Dht6 } from './dht6.ts'

/** Those of the well-known nodes that have an IPv6 address, as `host:port`. */
const WELL_KNOWN = ['dht.transmissionbt.com:6881', 'router.bittorrent.com:6881', 'dht.libtorrent.org:25401']
const ANNOUNCE_MILLISECONDS = 15 * 60_000

/** `bootstrap`: `host:port` or `[address]:port`. Without IPv6 on this machine it finds nobody, and says so once. */
export function startDht6(
  client: WebTorrent,
  bootstrap: readonly string[] | undefined,
  log: Log,
  door?: Door,
): Dht6 | undefined {
  const { dht } = client
  if (!dht) return undefined
  const dht6 = new Dht6(dht.nodeId)
  // It may be that there is no IPv6, or that another has the port: films are found by IPv4 then.
  dht6.once('error', (error) => log.warn('dht6_failed', { reason: (error as NodeJS.ErrnoException).code }))
  dht6.on('error', () => {})
  dht6.on('warning', () => {})
  // Peers are told one port for both (BEP 32).
  const listen = () => dht6.listen(dht.address().port)
  if (dht.listening) listen()
  else dht.once('listening', listen)
  const meetAll = () => {
    for (const address of bootstrap ?? WELL_KNOWN) meet(dht6, address, door?.lookup ?? lookup)
  }
  dht6.once('listening', meetAll)
  door?.onChange(() => door.isOpen && !dht6.destroyed && meetAll())
  const destroy = client.destroy.bind(client)
  client.destroy = (done) => {
    const ended = new Promise<void>((end) => dht6.destroy(end))
    destroy((error) => void ended.then(() => done?.(error)))
  }
  return dht6
}

/** Looks for peers of a torrent, and announces us, for as long as it is loaded and public. */
export function announceByDht6(torrent: Torrent, dht6: Dht6): void {
  let timer: NodeJS.Timeout | undefined
  const isOver = () => torrent.destroyed || torrent.private === true || dht6.destroyed
  const announce = () => {
    if (isOver()) return
    // Nobody is known yet: whoever comes first is asked.
    if (dht6.toJSON().nodes.length === 0) return void dht6.once('node', announce)
    dht6.announce(torrent.infoHash, torrent.client.torrentPort, () => {
      timer = setTimeout(announce, ANNOUNCE_MILLISECONDS + randomInt(ANNOUNCE_MILLISECONDS / 5))
      timer.unref()
    })
  }
  const take = ({ host, port }: { host: string; port: number }, infoHash: Buffer) => {
    if (!isOver() && infoHash.toString('hex') === torrent.infoHash) torrent.addPeer(`[${host}]:${port}`, 'dht')
  }
  dht6.on('peer', take)
  torrent.once('close', () => {
    dht6.off('peer', take)
    dht6.off('node', announce)
    clearTimeout(timer)
  })
  torrent.on('wire', (wire) =>
    wire.on('port', (port: number) => {
      if (!isOver() && isIPv6(wire.remoteAddress ?? '') && port > 0)
        dht6.addNode({ host: wire.remoteAddress ?? '', port })
    }),
  )
  announce()
}

function meet(dht6: Dht6, address: string, find: typeof lookup): void {
  const colon = address.lastIndexOf(':')
  const [host, port] = [address.slice(0, colon).replace(/^\[|\]$/g, ''), Number(address.slice(colon + 1))]
  find(host, { family: 6 }, (error, found) => {
    if (!error && isIPv6(found) && !dht6.destroyed) dht6.addNode({ host: found, port })
  })
}
