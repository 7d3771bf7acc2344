/** The pieces of one torrent that are on their way or were just stored, kept in memory for their readers. */
import { PieceBuffer } from './piece-buffer.ts'
import { BLOCK_BYTES, type SwarmTorrent } from './swarm-surface.ts'
import type { BlockMap } from './wanted-blocks.ts'

/** Begun pieces that nobody wants any more are kept up to this, in case the viewer comes back to them. */
const BEGUN_BYTES = 32 * 1024 * 1024
/** Stored pieces that a reader stands right before are kept up to this, to spare the disk. */
const STORED_BYTES = 16 * 1024 * 1024

export class PieceTable implements BlockMap {
  readonly pieceBytes: number
  readonly lengthBytes: number
  readonly #torrent: SwarmTorrent
  readonly #buffers = new Map<number, PieceBuffer>()
  /** Pieces that failed their hash, and the one wire that may bring each now. */
  readonly #only = new Map<number, number | undefined>()

  constructor(torrent: SwarmTorrent) {
    this.#torrent = torrent
    this.pieceBytes = torrent.pieceLength
    this.lengthBytes = torrent.length
  }

  get bufferedBytes(): number {
    let sum = 0
    for (const buffer of this.#buffers.values()) sum += buffer.bytes.length
    return sum
  }

  get buffers(): Iterable<PieceBuffer> {
    return this.#buffers.values()
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

  only(piece: number): number | undefined {
    return this.#only.get(piece)
  }

  get(piece: number): PieceBuffer | undefined {
    return this.#buffers.get(piece)
  }

  open(piece: number, nowMs: number): PieceBuffer {
    const known = this.#buffers.get(piece)
    if (known !== undefined) return known
    const opened = new PieceBuffer(piece, Math.min(this.pieceBytes, this.lengthBytes - piece * this.pieceBytes), nowMs)
    this.#buffers.set(piece, opened)
    return opened
  }

  drop(piece: number): void {
    this.#buffers.delete(piece)
  }

  /** From now on this piece is fetched from one wire at a time, and shown to nobody before it has verified. */
  suspect(piece: number): void {
    if (!this.#only.has(piece)) this.#only.set(piece, undefined)
  }

  isSuspect(piece: number): boolean {
    return this.#only.has(piece)
  }

  acquit(piece: number): void {
    this.#only.delete(piece)
  }

  get suspects(): Iterable<[number, number | undefined]> {
    return this.#only
  }

  fetchFrom(piece: number, wireId: number): void {
    this.#only.set(piece, wireId)
  }

  /** Bytes at an offset of the torrent that are in memory and may be shown, at most `mostBytes`. */
  peek(offset: number, mostBytes: number, verifiedOnly: boolean): Uint8Array | undefined {
    const piece = Math.floor(offset / this.pieceBytes)
    const buffer = this.#buffers.get(piece)
    if (buffer === undefined) return undefined
    if (!buffer.isVerified && (verifiedOnly || this.isSuspect(piece))) return undefined
    const from = offset - piece * this.pieceBytes
    const length = Math.min(mostBytes, buffer.contiguousFrom(from))
    return length > 0 ? buffer.bytes.subarray(from, from + length) : undefined
  }

  /** Bounds memory: what nobody wants goes, longest unused first. */
  trim(isWanted: (piece: number) => boolean, isNext: (piece: number) => boolean): void {
    const oldestFirst = [...this.#buffers.values()].sort((a, b) => b.lastUsedAtMs - a.lastUsedAtMs)
    let begun = 0
    let stored = 0
    for (const buffer of oldestFirst) {
      if (buffer.isVerified) {
        if (isNext(buffer.index)) stored += buffer.bytes.length
        if (!isNext(buffer.index) || stored > STORED_BYTES) this.drop(buffer.index)
      } else if (!buffer.isComplete && !isWanted(buffer.index)) {
        begun += buffer.arrivedBytes
        if (begun > BEGUN_BYTES || buffer.arrivedBytes < BLOCK_BYTES) this.drop(buffer.index)
      }
    }
  }
}
