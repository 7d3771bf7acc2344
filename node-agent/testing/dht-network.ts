/** A small DHT on loopback: nodes that know one another, and remember what they were asked. */
import { Client } from 'bittorrent-dht'
import { Dht6 } from '../torrents/swarm/dht/dht6.ts'
import { until } from './until.ts'

export type DhtNetwork = {
  /** `127.0.0.1:port`, or `[::1]:port`, of each node. */
  addresses: string[]
  /** Info hashes that anybody has asked for or announced. */
  asked: Set<string>
  announce(infoHash: string, port: number): Promise<void>
  /** What the first node hears of peers, beginning with the nodes given. */
  find(infoHash: string, from: readonly string[]): Promise<{ host: string; port: number }[]>
  stop(): Promise<void>
}

export async function startDhtNetwork(size: number, host = '127.0.0.1'): Promise<DhtNetwork> {
  const isIpv6 = host === '::1'
  const nodes = Array.from({ length: size }, () => (isIpv6 ? new Dht6() : new Client({ bootstrap: false, host })))
  await Promise.all(nodes.map((node) => new Promise<void>((done) => node.listen(0, host, done))))
  const addresses = nodes.map((node) => `${isIpv6 ? '[::1]' : host}:${node.address().port}`)
  const asked = new Set<string>()
  for (const [index, node] of nodes.entries()) {
    for (const other of nodes) if (other !== node) node.addNode({ host, port: other.address().port })
    const { _rpc } = node as unknown as { _rpc: { on(event: 'query', then: (query: Query) => void): void } }
    _rpc.on('query', ({ a }) => a?.info_hash && asked.add(a.info_hash.toString('hex')))
    if (index === 0) node.on('warning', () => {})
  }
  await until(() => nodes.every((node) => node.toJSON().nodes.length >= size - 1), 'nodes that know one another')
  return {
    addresses,
    asked,
    announce: (infoHash, port) =>
      new Promise((resolve, reject) =>
        nodes[0]?.announce(infoHash, port, (error) => (error ? reject(error) : resolve())),
      ),
    async find(infoHash, from) {
      const [node] = nodes
      const found: { host: string; port: number }[] = []
      node?.on('peer', (peer) => found.push(peer))
      for (const address of from) node?.addNode({ host, port: Number(address.split(':').at(-1)) })
      await until(() => (node?.toJSON().nodes.length ?? 0) >= from.length, 'nodes')
      await new Promise<void>((done) => node?.lookup(infoHash, () => done()))
      node?.removeAllListeners('peer')
      return found
    },
    stop: async () => void (await Promise.all(nodes.map((node) => new Promise<void>((done) => node.destroy(done))))),
  }
}

type Query = { a?: { info_hash?: Buffer } }
