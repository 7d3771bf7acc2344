/** One torrent's swarm at work: plans, asks, takes what comes, verifies, stores, and gives it to the readers. */
import { AppError } from '#protocol/errors.ts'
import type { BlockReader } from './block-reader.ts'
import { lateBlocks } from './late-blocks.ts'
import type { PieceBuffer } from './piece-buffer.ts'
import type { PieceHasher } from './piece-hasher.ts'
import type { PieceMemory } from './piece-memory.ts'
import { PieceTable } from './piece-table.ts'
import { type PeerRecord, PieceVerdicts } from './piece-verdicts.ts'
import { type BlockRequest, planRequests, type WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES, type SwarmTorrent } from './swarm-surface.ts'
import { isWanted, touchesPiece, type Want, wantedBlocks } from './wanted-blocks.ts'
import type { WireQueue } from './wire-queue.ts'
import { WireTable } from './wire-table.ts'

/** What all torrents of an engine share. */
export type Shared = {
  now: () => number
  peers: PeerRecord
  memory: PieceMemory
  hasher: PieceHasher
  /** Blocks needed later than this are not asked for now: elsewhere somebody waits. */
  horizonSeconds: (torrent: TorrentBlocks) => number
}

/** Late blocks are looked for no more often than this. */
const LATE_EVERY_MS = 20
/** Whole pieces that the disk has not taken yet; beyond this nothing is asked for, so that a stuck disk fills no memory. */
const MOST_UNSTORED_BYTES = 64 * 1024 * 1024

const damaged = () =>
  new AppError('busy', 'A part of the film arrived damaged and is being fetched again. Play on in a moment.')
const putAway = () => new AppError('busy', 'The film was put away while it was being read. Please try again.')

export class TorrentBlocks {
  readonly torrent: SwarmTorrent
  readonly #shared: Shared
  readonly #verdicts: PieceVerdicts
  readonly #table: PieceTable
  readonly #wires: WireTable
  readonly #readers = new Set<BlockReader>()
  #swarmBytesPerSecond = 0
  #isScheduled = false
  #isClosed = false
  #lookedForLateAtMs = 0

  constructor(torrent: SwarmTorrent, shared: Shared) {
    this.torrent = torrent
    this.#shared = shared
    this.#verdicts = new PieceVerdicts(shared.peers)
    this.#table = new PieceTable(torrent, this.#verdicts, shared.memory)
    this.#wires = new WireTable(torrent, shared.now, {
      isBanned: (peerKey) => shared.peers.banned.has(peerKey),
      onBytes: (queue, piece, offset, bytes) => this.#onBytes(queue, piece, offset, bytes),
      onLost: (wireId, lost) => this.#table.noteReleased(wireId, lost),
      onChanged: () => this.schedule(),
    })
    torrent._updateWire = () => {
      this.schedule()
      return false
    }
  }

  get hasWaiting(): boolean {
    return [...this.#readers].some((reader) => reader.isWaiting)
  }

  longestWaitMs(nowMs: number): number {
    return Math.max(0, ...[...this.#readers].map((reader) => reader.waitedMs(nowMs)))
  }

  get bufferedBytes(): number {
    return this.#table.bufferedBytes
  }

  addReader(reader: BlockReader): void {
    this.#readers.add(reader)
    this.#lookedForLateAtMs = 0
    this.#run()
  }

  /** What only this reader wanted is cancelled on the wire at once. */
  removeReader(reader: BlockReader): void {
    if (!this.#readers.delete(reader) || this.#isClosed) return
    this.#cancelUnwanted()
    this.#trim()
    this.schedule()
  }

  /** Bytes at the reader's position that are in memory and may be shown to it. */
  peek(reader: BlockReader, mostBytes: number): Uint8Array | undefined {
    const bytes = this.#table.peek(reader.positionBytes, Math.min(mostBytes, reader.missingBytes), reader.verifiedOnly)
    if (bytes === undefined) return undefined
    const piece = this.#table.pieceAt(reader.positionBytes)
    if (this.#table.get(piece)?.isVerified === false) reader.trusted.add(piece)
    // A copy: whoever takes it may hold it long after the piece's memory has become another piece's.
    return Buffer.from(bytes)
  }

  isVerifiedAt(offset: number): boolean {
    return this.#table.isVerified(this.#table.pieceAt(offset))
  }

  /** From the store; only of pieces that have verified. */
  readStored(offset: number, mostBytes: number): Promise<Uint8Array> {
    const piece = this.#table.pieceAt(offset)
    const from = offset - piece * this.#table.pieceBytes
    const length = Math.min(mostBytes, this.#table.lengthOf(piece) - from)
    return new Promise((resolve, reject) => {
      this.torrent.store.get(piece, { offset: from, length }, (error, bytes) => {
        if (bytes) resolve(bytes)
        else reject(error ?? new Error('the store gave nothing'))
      })
    })
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
    for (const reader of this.#readers) reader.fail(putAway())
    this.#readers.clear()
    if (!this.torrent.destroyed) this.#cancelUnwanted()
    this.#wires.close()
  }

  #onBytes(queue: WireQueue, piece: number, offset: number, bytes: Uint8Array): void {
    const owed = queue.settle(piece, offset, bytes.length)
    if (owed) this.#table.noteReleased(queue.id, owed)
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
    if (buffer.isComplete) this.#verify(buffer)
  }

  #cancelUnwanted(): void {
    const wants = this.#wants()
    this.#wires.cancelWhere((owed) => !isWanted(this.#table, wants, owed.piece, owed.block))
  }

  #wants(): Want[] {
    return [...this.#readers].map((reader) => reader.want(this.#swarmBytesPerSecond))
  }

  #run(): void {
    for (const reader of this.#readers) if (reader.isWaiting && this.#canRead(reader)) reader.wake()
    if (this.#readers.size > 0 && this.#table.unstoredBytes < MOST_UNSTORED_BYTES) this.#plan()
  }

  #canRead({ positionBytes, verifiedOnly }: BlockReader): boolean {
    return this.isVerifiedAt(positionBytes) || this.#table.peek(positionBytes, 1, verifiedOnly) !== undefined
  }

  #plan(): void {
    const wires = this.#wires.planned()
    this.#swarmBytesPerSecond = wires.reduce((sum, wire) => sum + wire.bytesPerSecond, 0)
    if (wires.length === 0) return
    const roomBytes = wires.reduce((sum, wire) => sum + Math.max(0, wire.roomBytes), 0)
    const now = this.#shared.now()
    const looksForLate = now - this.#lookedForLateAtMs >= LATE_EVERY_MS && this.hasWaiting
    if (roomBytes === 0 && !looksForLate) return
    this.#verdicts.chooseSources(wires, (wireId) => this.#wires.get(wireId)?.isStalled === true)
    const horizonSeconds = this.#shared.horizonSeconds(this)
    const wanted = wantedBlocks(this.#table, this.#wants(), Math.ceil(roomBytes / BLOCK_BYTES) + 64).filter(
      (block) => block.dueSeconds <= horizonSeconds,
    )
    this.#ask(planRequests(wires, wanted))
    if (!looksForLate) return
    this.#lookedForLateAtMs = now
    this.#askLate(wanted)
  }

  #askLate(wanted: WantedBlock[]): void {
    const remaining = (wireId: number, piece: number, block: number) =>
      this.#wires.get(wireId)?.remainingSeconds(piece, block) ?? Number.POSITIVE_INFINITY
    this.#ask(lateBlocks(this.#wires.planned(), wanted, remaining))
  }

  #ask(requests: BlockRequest[]): void {
    this.#wires.ask(requests, (request) => this.#table.noteAsked(request, this.#shared.now()))
  }

  #verify(buffer: PieceBuffer): void {
    this.#shared.hasher.digest(buffer.memory, buffer.bytes.length, (digest) => {
      if (this.#isClosed || this.torrent.destroyed) return
      if (digest === this.torrent._hashes[buffer.index]) this.#store(buffer)
      else this.#onDamaged(buffer)
      this.#wires.dropBanned()
      this.schedule()
    })
  }

  #store(buffer: PieceBuffer): void {
    this.#verdicts.verified(buffer)
    this.torrent.store.put(buffer.index, buffer.bytes, (error) => {
      if (this.#isClosed || this.torrent.destroyed) return
      if (error) this.#table.drop(buffer.index)
      else this.#onStored(buffer)
      this.schedule()
    })
  }

  #onStored(buffer: PieceBuffer): void {
    const { torrent } = this
    buffer.isVerified = true
    for (const reader of this.#readers) reader.trusted.delete(buffer.index)
    torrent._markVerified(buffer.index)
    for (const wire of torrent.wires) wire.have(buffer.index)
    if (torrent._checkDone()) torrent._updateInterest()
    this.#trim()
  }

  #onDamaged(buffer: PieceBuffer): void {
    this.#verdicts.damaged(buffer)
    this.#table.drop(buffer.index)
    const record = this.torrent.pieces[buffer.index]
    if (record) record.missing = buffer.bytes.length
    for (const reader of this.#readers) if (reader.trusted.has(buffer.index)) reader.fail(damaged())
  }

  #trim(): void {
    const wants = this.#wants()
    this.#table.trim((piece) => touchesPiece(this.#table, wants, piece))
  }
}
