/** A small DHT on loopback: nodes that know one another, and remember what they were asked. */
import { Client } from 'bittorrent-dht'

export type DhtNetwork = {
  /** `127.0.0.1:port` of each node. */
  addresses: string[]
  /** Info hashes that anybody has asked for or announced. */
  asked: Set<string>
  announce(infoHash: string, port: number): Promise<void>
  stop(): Promise<void>
}

export async function startDhtNetwork(size: number): Promise<DhtNetwork> {
  const nodes = Array.from({ length: size }, () => new Client({ bootstrap: false, host: '127.0.0.1' }))
  await Promise.all(nodes.map((node) => new Promise<void>((done) => node.listen(0, '127.0.0.1', done))))
  const addresses = nodes.map((node) => `127.0.0.1:${node.address().port}`)
  const asked = new Set<string>()
  for (const [index, node] of nodes.entries()) {
    for (const other of nodes) if (other !== node) node.addNode({ host: '127.0.0.1', port: other.address().port })
    const { _rpc } = node as unknown as { _rpc: { on(event: 'query', then: (query: Query) => void): void } }
    _rpc.on('query', ({ a }) => a?.info_hash && asked.add(a.info_hash.toString('hex')))
    if (index === 0) node.on('warning', () => {})
  }
  return {
    addresses,
    asked,
    announce: (infoHash, port) =>
      new Promise((resolve, reject) =>
        nodes[0]?.announce(infoHash, port, (error) => (error ? reject(error) : resolve())),
      ),
    stop: async () => void (await Promise.all(nodes.map((node) => new Promise<void>((done) => node.destroy(done))))),
  }
}

type Query = { a?: { info_hash?: Buffer } }
