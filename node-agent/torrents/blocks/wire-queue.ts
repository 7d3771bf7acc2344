/** One peer as the engine uses it: what is asked of it, how fast it answers, and taking a request back. */
import { peerKey } from './ban-peers.ts'
import type { PlannedWire } from './plan-requests.ts'
import { BLOCK_BYTES, type SwarmWire } from './swarm-surface.ts'
import { WireMeter } from './wire-meter.ts'

export type Owed = {
  piece: number
  block: number
  blocks: number
  lengthBytes: number
  askedAtMs: number
  /** Nothing else was owed then: its answer tells the latency. */
  isAlone: boolean
  /** How many requests that were made later have been answered already. */
  overtaken: number
  /** Others owe it too, and most of such are taken back before this wire comes to them. */
  isCopy?: boolean
}

/** Peers answer in order, or nearly: a request that so many others overtook was lost. */
const MOST_OVERTAKEN = 16
/** Without a single byte for so long, what is owed is asked for anew; twice as long each time after. */
const SILENT_MS = 2000

/** What is asked of a wire at once: its speed times its latency, half as much again for jitter, and this: little, so that a seek finds it free. */
const QUEUE_SECONDS = 0.02
const JITTER = 1.5
/** So often a wire that is never idle is let run dry, so that its latency is measured without our own queue in it. */
const DRAIN_EVERY_MS = 10_000
const LEAST_ROOM = 1 / 8
const LEAST_QUEUE_BYTES = 4 * BLOCK_BYTES
const MOST_QUEUE_BYTES = 512 * BLOCK_BYTES
/** Beside copies, of a wire that has answered nothing: one that is limited sends every half second (libtorrent) what it was asked for by then. */
const FIRST_QUEUE_BYTES = 32 * BLOCK_BYTES
/** What clients that do not say keep at least (Transmission's old limit is the lowest in use). */
const DEFAULT_REQQ = 250
/** A web seed is asked for runs of a MiB: each request is an HTTP request. */
const WEB_SEED_BLOCKS = 64
const WEB_SEED_QUEUE_BYTES = 4 * WEB_SEED_BLOCKS * BLOCK_BYTES

export class WireQueue {
  readonly id: number
  readonly wire: SwarmWire
  readonly #meter = new WireMeter()
  readonly #owed = new Map<number, Owed>()
  #owedBytes = 0
  /** Of them, while nothing has come from this wire. */
  #copiedBytes = 0
  #hasAnswered = false
  #patienceMs = SILENT_MS
  /** When anything last came or was first asked for. */
  #progressAtMs = 0

  /** When it was last asked while it owed nothing. */
  #aloneAtMs = 0
  readonly #now: () => number
  readonly #lastByteAtMs: () => number

  /** `lastByteAtMs` says when anything last came over this wire, part of a block too. */
  constructor(id: number, wire: SwarmWire, now: () => number, lastByteAtMs: () => number) {
    this.id = id
    this.wire = wire
    this.#now = now
    this.#lastByteAtMs = lastByteAtMs
  }

  get peerKey(): string {
    return peerKey(this.wire.remoteAddress, this.wire.remotePort, this.wire.peerId)
  }

  get isUsable(): boolean {
    return !this.wire.peerChoking && !this.wire.destroyed
  }

  get bytesPerSecond(): number {
    return this.#meter.bytesPerSecond(this.#now())
  }

  get isStalled(): boolean {
    return this.#meter.isStalled(this.#now())
  }

  get owed(): Iterable<Owed> {
    return this.#owed.values()
  }

  owes(piece: number, block: number): Owed | undefined {
    return this.#owed.get(keyOf(piece, block))
  }

  planned(): PlannedWire {
    const { bytesPerSecond } = this
    const queueBytes = this.#copiedBytes > 0 ? FIRST_QUEUE_BYTES : this.#queueBytes(bytesPerSecond)
    const roomBytes = queueBytes + this.#copiedBytes - this.#owedBytes
    return {
      id: this.id,
      bytesPerSecond,
      latencySeconds: this.#meter.latencyMs / 1000,
      queuedBytes: this.#owedBytes,
      // Filled up a little at a time, not block by block: planning costs too.
      roomBytes: roomBytes < queueBytes * LEAST_ROOM ? 0 : roomBytes,
      blocksPerRequest: this.#isWebSeed ? WEB_SEED_BLOCKS : 1,
      has: (piece) => this.wire.peerPieces.get(piece),
      isNew: !this.#hasAnswered,
    }
  }

  /** When this wire will have a block that it owes, from now. */
  remainingSeconds(piece: number, block: number): number {
    let beforeBytes = 0
    for (const owed of this.#owed.values()) {
      beforeBytes += owed.lengthBytes
      if (owed.piece !== piece || block < owed.block || block >= owed.block + owed.blocks) continue
      return this.isUsable ? beforeBytes / this.bytesPerSecond : Number.POSITIVE_INFINITY
    }
    return Number.POSITIVE_INFINITY
  }

  /** Asks; `onRefused` when the peer chokes, rejects, times out or leaves before it has answered. */
  ask(request: Pick<Owed, 'piece' | 'block' | 'blocks' | 'lengthBytes' | 'isCopy'>, onRefused: () => void): void {
    const { piece, block, lengthBytes } = request
    const nowMs = this.#now()
    const key = keyOf(piece, block)
    const isAlone = this.#owed.size === 0
    if (isAlone) {
      this.#progressAtMs = nowMs
      this.#aloneAtMs = nowMs
    }
    this.#owed.set(key, { ...request, askedAtMs: nowMs, isAlone, overtaken: 0 })
    this.#owedBytes += lengthBytes
    if (request.isCopy && !this.#hasAnswered) this.#copiedBytes += lengthBytes
    this.#meter.asked(nowMs)
    this.wire.request(piece, block * BLOCK_BYTES, lengthBytes, (error) => {
      if (error !== null && this.#forget(key)) onRefused()
    })
  }

  /** Sends all that is said in `say` in one go. */
  inOneWrite(say: () => void): void {
    const { wire } = this
    const parts: Uint8Array[] = []
    wire._push = (part) => parts.push(part) > 0
    try {
      say()
    } finally {
      // The method of the class shows again.
      Reflect.deleteProperty(wire, '_push')
    }
    if (parts.length > 0) wire._push(Buffer.concat(parts))
  }

  /** Notes that bytes came; gives what they answer, if they were asked for. */
  settle(piece: number, offset: number, lengthBytes: number): Owed | undefined {
    const key = keyOf(piece, offset / BLOCK_BYTES)
    const owed = this.#owed.get(key)
    if (owed?.lengthBytes !== lengthBytes) return undefined
    for (const older of this.#owed.values()) {
      if (older === owed) break
      older.overtaken++
    }
    this.#owed.delete(key)
    this.#owedBytes -= owed.lengthBytes
    this.#hasAnswered = true
    this.#copiedBytes = 0
    this.#patienceMs = SILENT_MS
    const nowMs = this.#now()
    const latencyMs = owed.isAlone ? nowMs - owed.askedAtMs : undefined
    this.#meter.arrived(owed.lengthBytes, nowMs, this.#owed.size === 0, latencyMs)
    return owed
  }

  /**
   * What this peer will not answer any more. It happens: bittorrent-protocol, when a block is cancelled and asked for
   * again while it is being read, answers neither request.
   */
  lost(): Owed[] {
    const all = [...this.#owed.values()]
    const silentSinceMs = Math.max(this.#progressAtMs, this.#lastByteAtMs())
    if (all.length > 0 && this.#now() - silentSinceMs > this.#patienceMs) {
      this.#patienceMs *= 2
      this.#progressAtMs = this.#now()
      return all
    }
    return all.filter(({ overtaken }) => overtaken >= MOST_OVERTAKEN)
  }

  /** Takes a request back, on the wire too (BEP 3 cancel). */
  cancel(owed: Owed): void {
    if (!this.#forget(keyOf(owed.piece, owed.block))) return
    this.wire.cancel(owed.piece, owed.block * BLOCK_BYTES, owed.lengthBytes)
  }

  /** A choking peer answers nothing more, whether it says so for each request (BEP 6) or not. */
  forgetAll(): Owed[] {
    const all = [...this.#owed.values()]
    this.#owed.clear()
    this.#owedBytes = 0
    this.#copiedBytes = 0
    if (all.length > 0) this.#meter.released(this.#now())
    return all
  }

  #forget(key: number): boolean {
    const owed = this.#owed.get(key)
    if (owed === undefined) return false
    this.#owed.delete(key)
    this.#owedBytes -= owed.lengthBytes
    if (owed.isCopy && !this.#hasAnswered) this.#copiedBytes -= owed.lengthBytes
    if (this.#owed.size === 0) this.#meter.released(this.#now())
    return true
  }

  get #isWebSeed(): boolean {
    return this.wire.type === 'webSeed'
  }

  #queueBytes(bytesPerSecond: number): number {
    if (this.#isWebSeed) return WEB_SEED_QUEUE_BYTES
    const reqq = this.wire.peerExtendedHandshake?.reqq
    const kept = typeof reqq === 'number' && reqq > 0 ? reqq : DEFAULT_REQQ
    if (this.#owed.size > 0 && this.#now() - this.#aloneAtMs > DRAIN_EVERY_MS) return 0
    const seconds = (JITTER * this.#meter.latencyMs) / 1000 + QUEUE_SECONDS
    const wanted = Math.max(LEAST_QUEUE_BYTES, bytesPerSecond * seconds)
    return Math.min(wanted, MOST_QUEUE_BYTES, kept * BLOCK_BYTES)
  }
}

/** Pieces of more than 64 GiB do not exist. */
const keyOf = (piece: number, block: number) => piece * 2 ** 22 + block
