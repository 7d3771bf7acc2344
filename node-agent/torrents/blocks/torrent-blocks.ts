/** One torrent's swarm at work: plans, asks, takes what comes, verifies, stores, and gives it to the readers. */
import { Socket } from 'node:net'
import { AppError } from '#protocol/errors.ts'
import { blame, type FailedAttempt, guiltyOf, onlySender } from './ban-peers.ts'
import type { BlockReader } from './block-reader.ts'
import { lateBlocks } from './late-blocks.ts'
import type { PieceBuffer } from './piece-buffer.ts'
import { PieceTable } from './piece-table.ts'
import { type PlannedWire, planRequests, type WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES, type SwarmTorrent, type SwarmWire } from './swarm-surface.ts'
import { isWanted, type Want, wantedBlocks } from './wanted-blocks.ts'
import { WireQueue } from './wire-queue.ts'

/** What all torrents of an engine share. */
export type Shared = {
  now: () => number
  /** Bad blocks by peer. */
  badBlocks: Map<string, number>
  banned: Set<string>
  onBanned: (peer: string) => void
  /** Blocks needed later than this are not asked for now: elsewhere somebody waits. */
  horizonSeconds: (torrent: TorrentBlocks) => number
}

/** Late blocks are looked for no more often than this. */
const LATE_EVERY_MS = 20

function sendAtOnce(torrent: SwarmTorrent, wire: SwarmWire): void {
  for (const peer of torrent._peers.values()) {
    if (peer.wire === wire && peer.conn instanceof Socket) peer.conn.setNoDelay(true)
  }
}

const damaged = () =>
  new AppError('busy', 'A part of the film arrived damaged and is being fetched again. Play on in a moment.')

export class TorrentBlocks {
  readonly torrent: SwarmTorrent
  readonly #table: PieceTable
  readonly #shared: Shared
  readonly #queues = new Map<SwarmWire, WireQueue>()
  readonly #byId = new Map<number, WireQueue>()
  readonly #detach = new Map<SwarmWire, () => void>()
  readonly #readers = new Set<BlockReader>()
  readonly #attempts = new Map<number, FailedAttempt[]>()
  #nextWireId = 1
  #swarmBytesPerSecond = 0
  #isScheduled = false
  #isClosed = false
  #lookedForLateAtMs = 0

  constructor(torrent: SwarmTorrent, shared: Shared) {
    this.torrent = torrent
    this.#shared = shared
    this.#table = new PieceTable(torrent)
    torrent._updateWire = () => {
      this.schedule()
      return false
    }
    torrent.on('wire', this.#addWire)
    for (const wire of torrent.wires) this.#addWire(wire)
  }

  get hasWaiting(): boolean {
    return [...this.#readers].some((reader) => reader.isWaiting)
  }

  longestWaitMs(nowMs: number): number {
    return Math.max(0, ...[...this.#readers].map((reader) => reader.waitedMs(nowMs)))
  }

  get readerCount(): number {
    return this.#readers.size
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
    if (!this.#readers.delete(reader)) return
    if (this.#isClosed) return
    this.#cancelUnwanted()
    this.#trim()
    this.schedule()
  }

  /** Bytes at the reader's position that are in memory. */
  peek(reader: BlockReader, mostBytes: number): Uint8Array | undefined {
    const bytes = this.#table.peek(reader.positionBytes, Math.min(mostBytes, reader.missingBytes), reader.verifiedOnly)
    if (bytes === undefined) return undefined
    const piece = Math.floor(reader.positionBytes / this.#table.pieceBytes)
    if (this.#table.get(piece)?.isVerified === false) reader.trusted.add(piece)
    return bytes
  }

  isVerifiedAt(offset: number): boolean {
    return this.#table.isVerified(Math.floor(offset / this.#table.pieceBytes))
  }

  /** From the store; only of pieces that have verified. */
  readStored(offset: number, mostBytes: number): Promise<Uint8Array> {
    const piece = Math.floor(offset / this.#table.pieceBytes)
    const from = offset - piece * this.#table.pieceBytes
    const pieceEnd = Math.min(this.#table.pieceBytes, this.torrent.length - piece * this.#table.pieceBytes)
    return new Promise((resolve, reject) => {
      this.torrent.store.get(piece, { offset: from, length: Math.min(mostBytes, pieceEnd - from) }, (error, bytes) => {
        if (bytes) resolve(bytes)
        else reject(error ?? new Error('the store gave nothing'))
      })
    })
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
    for (const reader of this.#readers) reader.fail(new AppError('busy', 'The film was put away. Please try again.'))
    this.#readers.clear()
    if (!this.torrent.destroyed) this.#cancelUnwanted()
    this.torrent.off('wire', this.#addWire)
    for (const detach of this.#detach.values()) detach()
  }

  readonly #addWire = (wire: SwarmWire): void => {
    const queue = new WireQueue(this.#nextWireId++, wire, this.#shared.now)
    if (this.#shared.banned.has(queue.peerKey)) {
      wire.destroy()
      return
    }
    sendAtOnce(this.torrent, wire)
    this.#queues.set(wire, queue)
    this.#byId.set(queue.id, queue)
    const onPiece = (piece: number, offset: number, bytes: Uint8Array) => this.#onPiece(queue, piece, offset, bytes)
    const onChoke = () => this.#releaseAll(queue)
    const onUnchoke = () => this.schedule()
    const onClose = () => {
      this.#releaseAll(queue)
      detach()
    }
    const detach = () => {
      wire.off('piece', onPiece)
      wire.off('choke', onChoke)
      wire.off('unchoke', onUnchoke)
      wire.off('close', onClose)
      this.#queues.delete(wire)
      this.#byId.delete(queue.id)
      this.#detach.delete(wire)
    }
    wire.on('piece', onPiece)
    wire.on('choke', onChoke)
    wire.on('unchoke', onUnchoke)
    wire.on('close', onClose)
    this.#detach.set(wire, detach)
  }

  #releaseAll(queue: WireQueue): void {
    for (const owed of queue.forgetAll()) this.#release(queue, owed)
    this.schedule()
  }

  #release(queue: WireQueue, { piece, block, blocks }: { piece: number; block: number; blocks: number }): void {
    const buffer = this.#table.get(piece)
    for (let each = block; each < block + blocks; each++) buffer?.noteReleased(each, queue.id)
  }

  #onPiece(queue: WireQueue, piece: number, offset: number, bytes: Uint8Array): void {
    const owed = queue.settle(piece, offset, bytes.length)
    if (owed !== undefined) this.#release(queue, owed)
    this.schedule()
    const buffer = this.#table.get(piece)
    if (buffer === undefined || buffer.isComplete || offset % BLOCK_BYTES !== 0) return
    const sender = queue.peerKey
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const block = (offset + at) / BLOCK_BYTES
      const isNew = buffer.put(block, bytes.subarray(at, Math.min(at + BLOCK_BYTES, bytes.length)), sender)
      if (!isNew) continue
      const record = this.torrent.pieces[piece]
      if (record) record.missing -= buffer.blockBytes(block)
      for (const other of [...buffer.askedOf(block)]) this.#cancelBlock(other, piece, block)
    }
    buffer.lastUsedAtMs = this.#shared.now()
    if (buffer.isComplete) void this.#verify(buffer)
  }

  #cancelBlock(wireId: number, piece: number, block: number): void {
    const queue = this.#byId.get(wireId)
    if (queue === undefined) return
    for (const owed of queue.owed) {
      if (owed.piece !== piece || owed.block !== block || owed.blocks !== 1) continue
      this.#release(queue, owed)
      queue.cancel(owed)
      return
    }
  }

  #cancelUnwanted(): void {
    const wants = this.#wants()
    for (const queue of this.#queues.values()) {
      for (const owed of [...queue.owed]) {
        if (isWanted(this.#table, wants, owed.piece, owed.block)) continue
        this.#release(queue, owed)
        queue.cancel(owed)
      }
    }
  }

  #wants(): Want[] {
    return [...this.#readers].map((reader) => reader.want(this.#swarmBytesPerSecond))
  }

  #run(): void {
    for (const reader of this.#readers) if (reader.isWaiting && this.#canRead(reader)) reader.wake()
    if (this.#readers.size > 0) this.#plan()
  }

  #canRead(reader: BlockReader): boolean {
    return (
      this.isVerifiedAt(reader.positionBytes) ||
      this.#table.peek(reader.positionBytes, 1, reader.verifiedOnly) !== undefined
    )
  }

  #plan(): void {
    const wires = this.#plannedWires()
    this.#swarmBytesPerSecond = wires.reduce((sum, wire) => sum + wire.bytesPerSecond, 0)
    const roomBytes = wires.reduce((sum, wire) => sum + Math.max(0, wire.roomBytes), 0)
    if (wires.length === 0) return
    this.#chooseSources(wires)
    const horizonSeconds = this.#shared.horizonSeconds(this)
    const wanted = wantedBlocks(this.#table, this.#wants(), Math.ceil(roomBytes / BLOCK_BYTES) + 64).filter(
      (block) => block.dueSeconds <= horizonSeconds,
    )
    if (roomBytes > 0) for (const request of planRequests(wires, wanted)) this.#ask(request)
    const now = this.#shared.now()
    if (now - this.#lookedForLateAtMs < LATE_EVERY_MS || !this.hasWaiting) return
    this.#lookedForLateAtMs = now
    this.#askLate(wanted)
  }

  #askLate(wanted: WantedBlock[]): void {
    const remaining = (wireId: number, piece: number, block: number) =>
      this.#byId.get(wireId)?.remainingSeconds(piece, block) ?? Number.POSITIVE_INFINITY
    for (const request of lateBlocks(this.#plannedWires(), wanted, remaining)) this.#ask({ ...request, blocks: 1 })
  }

  #plannedWires(): PlannedWire[] {
    const wires: PlannedWire[] = []
    for (const queue of this.#queues.values()) if (queue.isUsable) wires.push(queue.planned())
    return wires
  }

  #ask(request: { wireId: number; piece: number; block: number; blocks: number; lengthBytes: number }): void {
    const queue = this.#byId.get(request.wireId)
    if (queue === undefined) return
    const { wireId, ...asked } = request
    const buffer = this.#table.open(request.piece, this.#shared.now())
    for (let block = request.block; block < request.block + request.blocks; block++) buffer.noteAsked(block, wireId)
    queue.ask(asked, () => {
      this.#release(queue, asked)
      this.schedule()
    })
  }

  /** A piece that failed comes from one peer at a time: the fastest that can and has not failed with it alone. */
  #chooseSources(wires: readonly PlannedWire[]): void {
    for (const [piece, wireId] of this.#table.suspects) {
      const isThere = wires.some((wire) => wire.id === wireId && wire.has(piece))
      if (isThere && !this.#queueStalls(wireId)) continue
      const candidates = wires.filter((wire) => wire.has(piece) && wire.id !== wireId)
      const fastest = candidates.sort((a, b) => b.bytesPerSecond - a.bytesPerSecond)[0]
      if (fastest) this.#table.fetchFrom(piece, fastest.id)
    }
  }

  #queueStalls(wireId: number | undefined): boolean {
    const queue = wireId === undefined ? undefined : this.#byId.get(wireId)
    return queue?.isStalled === true
  }

  async #verify(buffer: PieceBuffer): Promise<void> {
    const digest = Buffer.from(await crypto.subtle.digest('SHA-1', buffer.bytes)).toString('hex')
    if (this.#isClosed || this.torrent.destroyed) return
    if (digest !== this.torrent._hashes[buffer.index]) return this.#onDamaged(buffer)
    this.#judge(buffer)
    this.torrent.store.put(buffer.index, buffer.bytes, (error) => {
      if (this.#isClosed || this.torrent.destroyed) return
      if (error) {
        this.#onNotStored(buffer)
        return
      }
      buffer.isVerified = true
      for (const reader of this.#readers) reader.trusted.delete(buffer.index)
      this.torrent._markVerified(buffer.index)
      for (const wire of this.torrent.wires) wire.have(buffer.index)
      if (this.torrent._checkDone()) this.torrent._updateInterest()
      this.#trim()
      this.schedule()
    })
  }

  #onNotStored(buffer: PieceBuffer): void {
    this.#table.drop(buffer.index)
    const error = new AppError('disk_full', 'The disk at home is full or cannot be written. Free some space there.')
    for (const reader of this.#readers) if (reader.isWaiting) reader.fail(error)
  }

  #onDamaged(buffer: PieceBuffer): void {
    const { index } = buffer
    const attempt = buffer.attempt()
    this.#table.drop(index)
    this.#table.suspect(index)
    const record = this.torrent.pieces[index]
    if (record) record.missing = buffer.bytes.length
    const sender = onlySender(attempt)
    if (sender !== undefined) this.#blame(new Map([[sender, attempt.length]]))
    else this.#attempts.set(index, [...(this.#attempts.get(index) ?? []), attempt])
    for (const reader of this.#readers) if (reader.trusted.has(index)) reader.fail(damaged())
    this.schedule()
  }

  /** The piece has verified at last: whose blocks differed is known now. */
  #judge(buffer: PieceBuffer): void {
    const attempts = this.#attempts.get(buffer.index)
    this.#table.acquit(buffer.index)
    if (attempts === undefined) return
    this.#attempts.delete(buffer.index)
    this.#blame(guiltyOf(attempts, buffer.digests()))
  }

  #blame(guilty: ReadonlyMap<string, number>): void {
    for (const peer of blame(this.#shared.badBlocks, guilty)) {
      if (this.#shared.banned.has(peer)) continue
      this.#shared.banned.add(peer)
      this.#shared.onBanned(peer)
    }
    for (const [wire, queue] of [...this.#queues]) if (this.#shared.banned.has(queue.peerKey)) wire.destroy()
  }

  #trim(): void {
    const wants = this.#wants()
    const { pieceBytes } = this.#table
    const overlaps = (piece: number, from: number, to: number) =>
      (piece + 1) * pieceBytes > from && piece * pieceBytes < to
    this.#table.trim(
      (piece) => wants.some((want) => piece === want.behindPiece || overlaps(piece, want.positionBytes, want.endBytes)),
      (piece) => wants.some((want) => overlaps(piece, want.positionBytes, want.endBytes)),
    )
  }
}
