/** The peers of one torrent that the engine may ask: who is there, what was asked of whom, and what they send. */
import { Socket } from 'node:net'
import { parseLean } from './lean-parser.ts'
import type { BlockRequest, PlannedWire } from './plan-requests.ts'
import type { SwarmTorrent, SwarmWire } from './swarm-surface.ts'
import { type Owed, WireQueue } from './wire-queue.ts'

export type WireEvents = {
  isBanned: (peerKey: string) => boolean
  /** Bytes of a piece, asked for or not. */
  onBytes: (queue: WireQueue, piece: number, offset: number, bytes: Uint8Array) => void
  /** These blocks will not come from this wire. */
  onLost: (wireId: number, lost: Asked) => void
  /** Something has changed that a plan should see. */
  onChanged: () => void
}

type Asked = { piece: number; block: number; blocks: number }

export class WireTable {
  readonly #torrent: SwarmTorrent
  readonly #events: WireEvents
  readonly #now: () => number
  readonly #queues = new Map<number, WireQueue>()
  readonly #detach = new Map<number, () => void>()
  #nextId = 1

  constructor(torrent: SwarmTorrent, now: () => number, events: WireEvents) {
    this.#torrent = torrent
    this.#now = now
    this.#events = events
    torrent.on('wire', this.#add)
    for (const wire of torrent.wires) this.#add(wire)
  }

  get(id: number): WireQueue | undefined {
    return this.#queues.get(id)
  }

  /** Those that may be asked now. */
  planned(): PlannedWire[] {
    const wires: PlannedWire[] = []
    for (const queue of this.#queues.values()) if (queue.isUsable) wires.push(queue.planned())
    return wires
  }

  /** Asked of them and not yet arrived. */
  owedBytes(): number {
    return this.planned().reduce((sum, { queuedBytes }) => sum + queuedBytes, 0)
  }

  /** Sends requests, those of each wire in one write; `noteAsked` hears of each before it goes out. */
  ask(requests: readonly BlockRequest[], noteAsked: (request: BlockRequest) => void): void {
    for (const [wireId, ofWire] of Map.groupBy(requests, (request) => request.wireId)) {
      const queue = this.#queues.get(wireId)
      queue?.inOneWrite(() => {
        for (const request of ofWire) {
          noteAsked(request)
          const { piece, block, blocks, lengthBytes, isCopy = false } = request
          queue.ask({ piece, block, blocks, lengthBytes, isCopy }, () => {
            this.#events.onLost(wireId, request)
            this.#events.onChanged()
          })
        }
      })
    }
  }

  /** Takes back on the wire whatever is owed and matches. */
  cancelWhere(matches: (owed: Owed) => boolean): void {
    for (const queue of this.#queues.values()) {
      const unwanted = [...queue.owed].filter(matches)
      if (unwanted.length === 0) continue
      queue.inOneWrite(() => {
        for (const owed of unwanted) this.#cancel(queue, owed)
      })
    }
  }

  /** Gives up on requests that were lost, so that they can be made again. */
  releaseLost(): void {
    for (const queue of this.#queues.values()) for (const owed of queue.lost()) this.#cancel(queue, owed)
  }

  /** Takes one block back from one wire, unless it is part of a longer request. */
  cancelBlock(wireId: number, piece: number, block: number): void {
    const queue = this.#queues.get(wireId)
    const owed = queue?.owes(piece, block)
    if (queue && owed?.blocks === 1) this.#cancel(queue, owed)
  }

  /** Lets go of peers that are banned by now. */
  dropBanned(): void {
    for (const queue of [...this.#queues.values()]) {
      if (this.#events.isBanned(queue.peerKey)) queue.wire.destroy()
    }
  }

  close(): void {
    this.#torrent.off('wire', this.#add)
    for (const detach of [...this.#detach.values()]) detach()
  }

  #cancel(queue: WireQueue, owed: Owed): void {
    this.#events.onLost(queue.id, owed)
    queue.cancel(owed)
  }

  readonly #add = (wire: SwarmWire): void => {
    const lastByteAtMs = parseLean(wire, this.#now, (error) => this.#torrent.emit('warning', error))
    const queue = new WireQueue(this.#nextId++, wire, this.#now, lastByteAtMs)
    if (this.#events.isBanned(queue.peerKey)) {
      wire.destroy()
      return
    }
    sendAtOnce(this.#torrent, wire)
    this.#queues.set(queue.id, queue)
    const onPiece = (piece: number, offset: number, bytes: Uint8Array) =>
      this.#events.onBytes(queue, piece, offset, bytes)
    const onChoke = () => {
      for (const owed of queue.forgetAll()) this.#events.onLost(queue.id, owed)
      this.#events.onChanged()
    }
    const onClose = () => {
      onChoke()
      detach()
    }
    const detach = () => {
      wire.off('piece', onPiece)
      wire.off('choke', onChoke)
      wire.off('unchoke', this.#events.onChanged)
      wire.off('close', onClose)
      this.#queues.delete(queue.id)
      this.#detach.delete(queue.id)
    }
    wire.on('piece', onPiece)
    wire.on('choke', onChoke)
    wire.on('unchoke', this.#events.onChanged)
    wire.on('close', onClose)
    this.#detach.set(queue.id, detach)
  }
}

/** Without waiting for a fuller packet (TCP_NODELAY): see `_peers` in swarm-surface.ts. */
function sendAtOnce(torrent: SwarmTorrent, wire: SwarmWire): void {
  for (const peer of torrent._peers.values()) {
    if (peer.wire === wire && peer.conn instanceof Socket) peer.conn.setNoDelay(true)
  }
}
