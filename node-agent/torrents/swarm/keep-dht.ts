/** The DHT, warm from the start: nodes that answered last time are asked before the well-known ones. */
import type WebTorrent from 'webtorrent'

/** Where nodes are kept between runs, as `host:port`. */
export type DhtNodes = { load(): string[]; save(addresses: readonly string[]): void }

const SAVE_MILLISECONDS = 5 * 60_000
/** Enough that some are still there next time. */
const MOST_KEPT = 200
/** Fewer are no table worth writing over a better one. */
const LEAST_KEPT = 8

/** Gives the function that saves now, which is to be called before the client is destroyed. */
export function keepDht(client: WebTorrent, nodes: DhtNodes, onError: (error: unknown) => void): () => void {
  const { dht } = client
  if (!dht) return () => {}
  const save = () => {
    if (client.destroyed) return clearInterval(timer)
    const known = dht.toJSON().nodes.map(({ host, port }) => `${host}:${port}`)
    if (known.length < Math.min(LEAST_KEPT, kept.length)) return
    try {
      nodes.save(known.slice(0, MOST_KEPT))
    } catch (error) {
      onError(error)
    }
  }
  const kept = nodes.load().slice(0, MOST_KEPT)
  const timer = setInterval(save, SAVE_MILLISECONDS)
  timer.unref()
  const warm = () => {
    // Each is pinged, and taken in when it answers.
    for (const address of kept) {
      const [host, port] = [
        address.slice(0, address.lastIndexOf(':')),
        Number(address.slice(address.lastIndexOf(':') + 1)),
      ]
      dht.addNode({ host, port })
    }
  }
  if (dht.listening) warm()
  else dht.once('listening', warm)
  return save
}
