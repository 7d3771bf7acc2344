/** A DHT node on IPv6 (BEP 32): bittorrent-dht's own, with what it knows of IPv4 addresses alone replaced. */
import dgram from 'node:dgram'
import { Client, type KrpcPeer, type Rpc } from 'bittorrent-dht'
import { COMPACT_BYTES, readAddress, writeAddress, writeNodes } from './compact-address.ts'
import { guardDht } from './guard-dht.ts'
import { searchNodes } from './search-nodes.ts'

/** With these an answer fits into one datagram everywhere. */
const MOST_VALUES = 50

export class Dht6 extends Client {
  /** BEP 32: the same id as the node on IPv4. */
  constructor(nodeId?: Buffer) {
    const socket = dgram.createSocket({ type: 'udp6', ipv6Only: true })
    super({ bootstrap: false, socket, ...(nodeId ? { nodeId } : {}) })
    guardDht(socket)
    speakIpv6(this._rpc)
    this.setMaxListeners(0)
    // Whoever is known first names the others.
    this.once('node', () => this._bootstrap(true))
  }

  override _addPeer(peer: KrpcPeer, infoHash: Buffer, from: KrpcPeer): void {
    const address = writeAddress(peer)
    if (!address) return
    this._peers.add(infoHash.toString('hex'), address)
    this.emit('announce', peer, infoHash, from)
  }

  /** Emits `peer` for each that is found, also for those that were announced here. */
  override lookup(infoHash: Buffer | string, done: (error?: Error | null) => void = () => {}): () => void {
    const key = typeof infoHash === 'string' ? Buffer.from(infoHash, 'hex') : infoHash
    let isAborted = false
    const tell = (values: readonly Uint8Array[]) => {
      for (const value of values) {
        const peer = readAddress(value)
        if (peer && !isAborted) this.emit('peer', peer, key)
      }
    }
    process.nextTick(() => tell(this._peers.get(key.toString('hex'), MOST_VALUES)))
    const query = { q: 'get_peers', a: { id: this._rpc.id, info_hash: key } }
    this._closest(key, query, ({ r }) => tell(r.values?.filter(({ length }) => length === COMPACT_BYTES) ?? []), done)
    return () => {
      isAborted = true
    }
  }
}

function speakIpv6(rpc: Rpc): void {
  const respond = rpc.response.bind(rpc)
  rpc._closest = (target, query, _isBackground, visit, done) =>
    searchNodes(rpc, target, query, visit, done ?? (() => {}))
  rpc.response = (peer, query, answer, nodes, done) => {
    const values = answer.values ? { values: answer.values.slice(0, MOST_VALUES) } : {}
    const nodes6 = nodes ? { nodes6: writeNodes(nodes.filter(hasId)) } : {}
    respond(peer, query, { ...answer, ...values, ...nodes6 }, null, done)
  }
}

const hasId = <T extends { id?: Buffer }>(node: T): node is T & { id: Buffer } => node.id !== undefined
