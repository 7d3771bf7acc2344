/** The DHT, warm from the start: nodes that answered last time are asked before the well-known ones. */
import type { Client } from 'bittorrent-dht'
import type { Door } from '../../vpn/door.ts'

/** Where nodes are kept between runs, as `host:port` or `[address]:port`. */
export type DhtNodes = { load(): string[]; save(addresses: readonly string[]): void }

const SAVE_MILLISECONDS = 5 * 60_000
/** Of each family; enough that some are still there next time. */
const MOST_KEPT = 200
/** Fewer are no table worth writing over a better one. */
const LEAST_KEPT = 8

/** `dhts`: on IPv4, on IPv6, as far as there are any. Gives the function that saves now, to be called before they end. */
export function keepDht(
  dhts: { ipv4?: Client | undefined; ipv6?: Client | undefined },
  nodes: DhtNodes,
  onError: (error: unknown) => void,
  door?: Door,
): () => void {
  const before = nodes.load()
  const families = [
    { dht: dhts.ipv4, kept: before.filter((address) => !address.startsWith('[')) },
    { dht: dhts.ipv6, kept: before.filter((address) => address.startsWith('[')) },
  ]
  if (families.every(({ dht }) => dht === undefined)) return () => {}
  const save = () => {
    if (families.some(({ dht }) => dht?.destroyed)) return clearInterval(timer)
    const known = families.map(({ dht, kept }) => {
      const now = dht?.toJSON().nodes.map(written) ?? []
      return (now.length < Math.min(LEAST_KEPT, kept.length) ? kept : now).slice(0, MOST_KEPT)
    })
    try {
      nodes.save(known.flat())
    } catch (error) {
      onError(error)
    }
  }
  const timer = setInterval(save, SAVE_MILLISECONDS)
  timer.unref()
  for (const { dht, kept } of families) {
    // Each is pinged, and taken in when it answers.
    const warm = () => {
      for (const address of kept.slice(0, MOST_KEPT)) dht?.addNode(read(address))
    }
    if (dht?.listening) warm()
    else dht?.once('listening', warm)
    // What was asked while it was shut was asked in vain.
    door?.onChange(() => door.isOpen && !dht?.destroyed && warm())
  }
  return save
}

const written = ({ host, port }: { host: string; port: number }) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

function read(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':')
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) }
}
