/** One torrent's swarm at work: plans, asks, takes what comes, verifies, stores, and gives it to the readers. */
import type { AppError } from '#protocol/errors.ts'
import { type AskingLimit, askingLimit } from './asking-limit.ts'
import type { BlockReader } from './block-reader.ts'
import { Demand } from './demand.ts'
import type { FillOptions } from './fill.ts'
import { finishPiece, type PieceFinish } from './finish-piece.ts'
import { FIRST_NAMED, firstBlocks, isUnknownSwarm } from './first-blocks.ts'
import { lateBlocks } from './late-blocks.ts'
import type { PieceHasher } from './piece-hasher.ts'
import type { PieceMemory } from './piece-memory.ts'
import { PieceTable } from './piece-table.ts'
import { type PeerRecord, PieceVerdicts } from './piece-verdicts.ts'
import { type BlockRequest, planRequests, type WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES, type SwarmTorrent } from './swarm-surface.ts'
import { isWanted, MOST_ASKED, touchesPiece, wantedBlocks } from './wanted-blocks.ts'
import { canGoOn, hasArrivedFor, isOnTrial, peekFor } from './what-arrived.ts'
import { filmPutAway, partDamaged } from './why-not-read.ts'
import type { WireQueue } from './wire-queue.ts'
import { WireTable } from './wire-table.ts'

/** What all torrents of an engine share. */
export type Shared = {
  now: () => number
  /** Bytes per second; undefined is no limit. */
  downloadLimitPerTorrent: number | undefined
  peers: PeerRecord
  memory: PieceMemory
  hasher: PieceHasher
  /** Blocks needed later than this are not asked for now: elsewhere somebody waits. */
  horizonSeconds: (torrent: TorrentBlocks) => number
  /** What there is room for ahead of each reader. */
  mostAheadBytes: () => number
  /** Somebody begins to want something of a torrent. */
  onWanted: () => void
}

/** Late blocks are looked for no more often than this. */
const LATE_EVERY_MS = 20
/** Named beyond what there is room for: some can only come from wires that have none. */
const SPARE_BLOCKS = 32
/** Whole pieces that the disk has not taken yet; beyond this nothing is asked for, so that a stuck disk fills no memory. */
const MOST_UNSTORED_BYTES = 64 * 1024 * 1024

export class TorrentBlocks {
  readonly torrent: SwarmTorrent
  readonly #shared: Shared
  readonly #verdicts: PieceVerdicts
  readonly #table: PieceTable
  readonly #wires: WireTable
  readonly #demand: Demand
  readonly #finish: PieceFinish
  readonly #limit: AskingLimit
  /** Why nothing is asked for now, if nothing is. */
  #halted: AppError | undefined
  #isScheduled = false
  /** A reader has left since the last turn. */
  #hasLeavers = false
  #isClosed = false
  #lookedForLateAtMs = 0

  constructor(torrent: SwarmTorrent, shared: Shared) {
    this.torrent = torrent
    this.#shared = shared
    this.#limit = askingLimit(shared.downloadLimitPerTorrent, shared.now)
    this.#verdicts = new PieceVerdicts(shared.peers)
    this.#table = new PieceTable(torrent, this.#verdicts, shared.memory)
    this.#demand = new Demand(this.#table, shared.mostAheadBytes)
    this.#wires = new WireTable(torrent, shared.now, {
      isBanned: (peerKey) => shared.peers.banned.has(peerKey),
      onBytes: (queue, piece, offset, bytes) => this.#onBytes(queue, piece, offset, bytes),
      onLost: (wireId, lost) => this.#table.noteReleased(wireId, lost),
      onChanged: () => this.schedule(),
    })
    this.#finish = {
      torrent,
      table: this.#table,
      verdicts: this.#verdicts,
      hasher: shared.hasher,
      isClosed: () => this.#isClosed,
      onVerified: (piece) => {
        this.#demand.pieceVerified(piece)
        this.#trim()
      },
      onDamaged: (piece) => this.#demand.pieceDamaged(piece, partDamaged()),
      onStep: () => {
        this.#wires.dropBanned()
        this.schedule()
      },
    }
    torrent._updateWire = () => {
      this.schedule()
      return false
    }
  }

  /** Somebody wants something of it: a clock must look after it. */
  get isWanted(): boolean {
    return !this.#demand.isEmpty
  }

  get hasWaiting(): boolean {
    return this.#demand.hasWaiting
  }

  longestWaitMs(nowMs: number): number {
    return this.#demand.longestWaitMs(nowMs)
  }

  get readerCount(): number {
    return this.#demand.readerCount
  }

  get bufferedBytes(): number {
    return this.#table.bufferedBytes
  }

  /** What readers and pins want: first byte and the one after the last of each. */
  wantedBytes(): { from: number; to: number }[] {
    return this.#demand.urgentWants().map(({ positionBytes, endBytes }) => ({ from: positionBytes, to: endBytes }))
  }

  addReader(reader: BlockReader): void {
    if (this.#isClosed) throw filmPutAway()
    this.#demand.add(reader)
    this.#shared.onWanted()
    this.#lookedForLateAtMs = 0
    // The wires are free for it at once.
    if (this.#demand.fill) this.#cancelUnwanted(this.#demand.urgentWants())
    this.#run()
  }

  /**
   * What only this reader wanted is cancelled on the wire in this turn of the event loop: whoever reads on from the same
   * place at once finds it on its way. Asked for again right behind its cancel it may be answered by nobody (see `lost`).
   */
  removeReader(reader: BlockReader): void {
    if (!this.#demand.remove(reader) || this.#isClosed) return
    this.#hasLeavers = true
    this.schedule()
  }

  /** Wants whole pieces from here to there, in no hurry, until the function it gives is called. */
  pin(startBytes: number, endBytes: number, neededInSeconds?: number): () => void {
    const pin = this.#demand.pin(startBytes, endBytes, neededInSeconds)
    this.#shared.onWanted()
    this.schedule()
    return () => {
      if (this.#demand.unpin(pin) && !this.#isClosed) this.#cancelUnwanted()
    }
  }

  /** From now on fetches also what nobody reads, until the torrent is put away. */
  fill(options: FillOptions): void {
    this.#demand.startFill(options)
    this.#shared.onWanted()
    this.schedule()
  }

  /** Nothing is asked of the swarm until `resume`; who waits, and who comes to wait, is told why. */
  halt(reason: AppError): void {
    this.#halted = reason
    this.#demand.failWaiting(reason)
    this.#cancelUnwanted([])
  }

  resume(): void {
    this.#halted = undefined
    this.schedule()
  }

  /** This and the next two: see `what-arrived.ts`. */
  peek(reader: BlockReader, mostBytes: number): Uint8Array | undefined {
    return peekFor(this.#table, reader, mostBytes)
  }

  hasArrived(reader: BlockReader): boolean {
    return hasArrivedFor(this.#table, reader)
  }

  isOnTrial(reader: BlockReader): boolean {
    return isOnTrial(this.#table, reader)
  }

  /** Resolves when there may be something to read at the reader's position. Rejects with why there never will be. */
  async wait(reader: BlockReader): Promise<void> {
    if (this.#halted) throw this.#halted
    const arrived = reader.wait(this.#shared.now())
    this.schedule()
    await arrived
  }

  /** What a clock must do: find what was lost, and plan anew in case an event was missed. */
  tick(): void {
    this.#wires.releaseLost()
    this.schedule()
  }

  /** Plans in this turn of the event loop, once, after all that has arrived with it. */
  schedule(): void {
    if (this.#isScheduled || this.#isClosed) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      if (!this.#isClosed) this.#run()
    })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // webtorrent's own method shows again.
    Reflect.deleteProperty(this.torrent, '_updateWire')
    this.#demand.failAll(filmPutAway())
    if (!this.torrent.destroyed) this.#cancelUnwanted()
    this.#wires.close()
    this.#table.close()
  }

  #onBytes(queue: WireQueue, piece: number, offset: number, bytes: Uint8Array): void {
    const owed = queue.settle(piece, offset, bytes.length)
    if (owed) this.#table.noteReleased(queue.id, owed)
    this.#limit.arrived(bytes.length)
    this.schedule()
    const buffer = this.#table.get(piece)
    if (buffer === undefined || buffer.isComplete || offset % BLOCK_BYTES !== 0) return
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const block = (offset + at) / BLOCK_BYTES
      if (!buffer.put(block, bytes.subarray(at, at + BLOCK_BYTES), queue.peerKey)) continue
      const record = this.torrent.pieces[piece]
      if (record) record.missing -= buffer.blockBytes(block)
      for (const wireId of [...buffer.askedOf(block)]) this.#wires.cancelBlock(wireId, piece, block)
    }
    buffer.lastUsedAtMs = this.#shared.now()
    if (buffer.isComplete) finishPiece(buffer, this.#finish)
  }

  #cancelUnwanted(wants = this.#demand.wants()): void {
    this.#wires.cancelWhere((owed) => !isWanted(this.#table, wants, owed.piece, owed.block))
  }

  #run(): void {
    if (this.#hasLeavers) {
      this.#hasLeavers = false
      this.#cancelUnwanted()
      this.#trim()
    }
    this.#demand.wake((reader) => canGoOn(this.#table, reader))
    if (this.#demand.isEmpty || this.#halted || this.#table.unstoredBytes >= MOST_UNSTORED_BYTES) return
    this.#plan()
  }

  #plan(): void {
    const wires = this.#wires.planned()
    this.#demand.swarmBytesPerSecond = wires.reduce((sum, wire) => sum + wire.bytesPerSecond, 0)
    if (wires.length === 0) return
    const roomBytes = wires.reduce((sum, wire) => sum + Math.max(0, wire.roomBytes), 0)
    const now = this.#shared.now()
    const looksForLate = now - this.#lookedForLateAtMs >= LATE_EVERY_MS && this.hasWaiting
    if (roomBytes === 0 && !looksForLate) return
    this.#verdicts.chooseSources(wires, (wireId) => this.#wires.get(wireId))
    const horizonSeconds = this.#shared.horizonSeconds(this)
    const { fill } = this.#demand
    const isFilling = fill !== undefined && horizonSeconds === Number.POSITIVE_INFINITY && !this.hasWaiting
    if (isFilling) fill.begin(roomBytes, this.#availability, now)
    const wants = isFilling ? this.#demand.wants() : this.#demand.urgentWants()
    const unasked = Math.ceil(roomBytes / BLOCK_BYTES) + SPARE_BLOCKS
    const most = isUnknownSwarm(wires) ? FIRST_NAMED : { unasked, asked: looksForLate ? MOST_ASKED : 0 }
    const wanted = wantedBlocks(this.#table, wants, most).filter((block) => block.dueSeconds <= horizonSeconds)
    const first = firstBlocks(wires, wanted)
    // Nothing but these in this turn: the next plans by what is owed then.
    this.#ask(first.length > 0 ? first : planRequests(wires, wanted))
    if (first.length > 0) this.schedule()
    if (first.length > 0 || !looksForLate) return
    this.#lookedForLateAtMs = now
    this.#askLate(wanted)
  }

  readonly #availability = (piece: number): number => {
    let count = 0
    for (const wire of this.torrent.wires) if (wire.peerPieces.get(piece)) count++
    return count
  }

  #askLate(wanted: WantedBlock[]): void {
    const remaining = (wireId: number, piece: number, block: number) =>
      this.#wires.get(wireId)?.remainingSeconds(piece, block) ?? Number.POSITIVE_INFINITY
    this.#ask(lateBlocks(this.#wires.planned(), wanted, remaining))
  }

  #ask(requests: BlockRequest[]): void {
    const within = this.#limit.within(requests, () => this.#wires.owedBytes())
    this.#wires.ask(within, (request) => this.#table.noteAsked(request, this.#shared.now()))
  }

  #trim(): void {
    const wants = this.#demand.wants()
    this.#table.trim((piece) => touchesPiece(this.#table, wants, piece))
  }
}
