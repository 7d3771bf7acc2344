/** The pieces of one torrent that are on their way, kept in memory until the disk has them. */
import { PieceBuffer } from './piece-buffer.ts'
import type { PieceMemory } from './piece-memory.ts'
import type { PieceVerdicts } from './piece-verdicts.ts'
import type { BlockRequest } from './plan-requests.ts'
import type { SwarmTorrent } from './swarm-surface.ts'
import type { BlockMap } from './wanted-blocks.ts'

/** Begun pieces that nobody wants any more are kept up to this, in case the viewer comes back to them. */
const BEGUN_BYTES = 16 * 1024 * 1024

export class PieceTable implements BlockMap {
  readonly pieceBytes: number
  readonly lengthBytes: number
  readonly #torrent: SwarmTorrent
  readonly #buffers = new Map<number, PieceBuffer>()
  readonly #verdicts: PieceVerdicts

  readonly #memory: PieceMemory

  constructor(torrent: SwarmTorrent, verdicts: PieceVerdicts, memory: PieceMemory) {
    this.#torrent = torrent
    this.#verdicts = verdicts
    this.#memory = memory
    this.pieceBytes = torrent.pieceLength
    this.lengthBytes = torrent.length
  }

  get bufferedBytes(): number {
    let sum = 0
    for (const buffer of this.#buffers.values()) sum += buffer.bytes.length
    return sum
  }

  /** Of whole pieces that are not on disk yet. */
  get unstoredBytes(): number {
    let sum = 0
    for (const buffer of this.#buffers.values()) if (buffer.isComplete) sum += buffer.bytes.length
    return sum
  }

  pieceAt(offset: number): number {
    return Math.floor(offset / this.pieceBytes)
  }

  lengthOf(piece: number): number {
    return Math.min(this.pieceBytes, this.lengthBytes - piece * this.pieceBytes)
  }

  isVerified(piece: number): boolean {
    return this.#torrent.bitfield.get(piece)
  }

  isWhole(piece: number): boolean {
    return this.isVerified(piece) || this.#buffers.get(piece)?.isComplete === true
  }

  hasBlock(piece: number, block: number): boolean {
    return this.#buffers.get(piece)?.has(block) ?? false
  }

  askedOf(piece: number, block: number): readonly number[] {
    return this.#buffers.get(piece)?.askedOf(block) ?? []
  }

  sourceOf(piece: number): number | undefined {
    return this.#verdicts.sourceOf(piece)
  }

  get(piece: number): PieceBuffer | undefined {
    return this.#buffers.get(piece)
  }

  /** Only when neither hashing nor storing goes on: the memory is used again at once. */
  drop(piece: number): void {
    const buffer = this.#buffers.get(piece)
    if (!this.#buffers.delete(piece) || buffer === undefined) return
    this.#memory.giveBack(buffer.memory)
  }

  /** The torrent is put away: what is only begun goes. A whole piece goes when hashing or storing it has ended. */
  close(): void {
    for (const { index, isComplete } of [...this.#buffers.values()]) if (!isComplete) this.drop(index)
  }

  /** Opens the piece when this is its first block. */
  noteAsked({ wireId, piece, block, blocks }: BlockRequest, nowMs: number): void {
    const buffer = this.#buffers.get(piece) ?? this.#begin(piece, nowMs)
    for (let each = block; each < block + blocks; each++) buffer.noteAsked(each, wireId)
  }

  #begin(piece: number, nowMs: number): PieceBuffer {
    const buffer = new PieceBuffer(piece, this.lengthOf(piece), this.#memory.take(this.pieceBytes), nowMs)
    this.#buffers.set(piece, buffer)
    return buffer
  }

  noteReleased(wireId: number, { piece, block, blocks }: { piece: number; block: number; blocks: number }): void {
    const buffer = this.#buffers.get(piece)
    for (let each = block; each < block + blocks; each++) buffer?.noteReleased(each, wireId)
  }

  /**
   * Bytes at an offset of the torrent that are in memory, not yet verified, and may be shown all the same, at most
   * `mostBytes`: a view that is good until the next event, for the memory is used again.
   */
  peek(offset: number, mostBytes: number): Uint8Array | undefined {
    const piece = this.pieceAt(offset)
    const buffer = this.#buffers.get(piece)
    if (buffer === undefined || this.#verdicts.isSuspect(piece)) return undefined
    const from = offset - piece * this.pieceBytes
    const length = Math.min(mostBytes, buffer.contiguousFrom(from))
    if (length === 0) return undefined
    buffer.isShown = true
    return buffer.bytes.subarray(from, from + length)
  }

  /** Bounds memory: begun pieces that no reader is about to read go, longest unused first. */
  trim(isNext: (piece: number) => boolean): void {
    const newestFirst = [...this.#buffers.values()].sort((a, b) => b.lastUsedAtMs - a.lastUsedAtMs)
    let begunBytes = 0
    for (const buffer of newestFirst) {
      if (buffer.isComplete || isNext(buffer.index)) continue
      begunBytes += buffer.arrivedBytes
      if (begunBytes > BEGUN_BYTES || buffer.arrivedBytes === 0) this.drop(buffer.index)
    }
  }
}
