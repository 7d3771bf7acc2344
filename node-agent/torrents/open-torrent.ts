/** One torrent that is loaded: who holds and reads it, which pieces are on disk, and what state it is in. */
import type { Torrent } from 'webtorrent'
import { AppError } from '#protocol/errors.ts'
import type { StreamStatus } from '#protocol/stream-status.ts'
import { type BlockRange, BlockReader } from './blocks/block-reader.ts'
import type { TorrentBlocks } from './blocks/torrent-blocks.ts'
import { bufferedRanges, longestRanges } from './buffered-ranges.ts'
import type { TorrentFile, TorrentLayout } from './metadata/torrent-layout.ts'
import type { PieceStore } from './store/piece-store.ts'

/** A run of pieces, first and last inclusive. */
export type PieceRange = { from: number; to: number }

const diskFull = () =>
  new AppError('disk_full', 'The disk at home is full or cannot be written. Free some space there, then try again.')

/** A viewer who goes back a few seconds finds them on disk still; whoever stands by, also what comes next. */
const KEPT_BYTES = 16 * 1024 * 1024
/** Places that were left are remembered for each viewer who stands by: a player reads an index elsewhere too. */
const PLACES_PER_HOLD = 2
const MOST_PLACES = 32

export class OpenTorrent {
  readonly layout: TorrentLayout
  readonly #torrent: Torrent
  readonly #store: PieceStore
  readonly #blocks: TorrentBlocks
  readonly #mayShowUnverified: boolean
  readonly #readers = new Set<BlockReader>()
  readonly #holds = new Set<symbol>()
  readonly #onHoldersChanged: (count: number) => void
  readonly #onDistrusted: () => void
  /** Where readers stood when they left, from the start of the torrent; the latest last. */
  #leftAt: number[] = []
  #isDiskFull = false

  constructor(
    parts: { torrent: Torrent; store: PieceStore; blocks: TorrentBlocks; mayShowUnverified: boolean },
    events: { onHoldersChanged: (count: number) => void; onDistrusted: () => void },
  ) {
    this.#torrent = parts.torrent
    this.layout = parts.store.layout
    this.#store = parts.store
    this.#blocks = parts.blocks
    this.#mayShowUnverified = parts.mayShowUnverified
    this.#onHoldersChanged = events.onHoldersChanged
    this.#onDistrusted = events.onDistrusted
  }

  get peers(): number {
    return this.#torrent.numPeers
  }

  isOnDisk(piece: number): boolean {
    return !this.#torrent.destroyed && this.#torrent.bitfield.get(piece)
  }

  /** How many bytes from `position` of a file lie on disk without a gap, at most up to `end` (inclusive). */
  bytesOnDisk(file: TorrentFile, position: number, end: number): number {
    const { pieceBytes } = this.layout
    let upTo = position
    while (upTo <= end) {
      const piece = Math.floor((file.offsetBytes + upTo) / pieceBytes)
      if (!this.isOnDisk(piece)) break
      upTo = (piece + 1) * pieceBytes - file.offsetBytes
    }
    return Math.min(upTo, end + 1) - position
  }

  /** Keeps the torrent loaded, without asking for anything, until the function it gives is called. */
  hold(): () => void {
    const key = Symbol()
    this.#holds.add(key)
    this.#tellHolders()
    return () => {
      if (this.#holds.delete(key)) this.#tellHolders()
    }
  }

  /** As `hold`, and fetches the pieces from here to there (exclusive), in no hurry: as needed so many seconds from now. */
  pin(startBytes: number, endBytes: number, neededInSeconds?: number): () => void {
    const release = this.hold()
    const unpin = this.#blocks.pin(startBytes, endBytes, neededInSeconds)
    return () => {
      unpin()
      release()
    }
  }

  /** Fetches also what nobody reads of files that were begun, rarest first, for as long as it is loaded. */
  fetchRest(hasRoom: (bytes: number) => boolean): void {
    this.#blocks.fill({ ranges: () => this.#begunFiles(), hasRoom })
  }

  /** Asks the swarm for what comes at the reader's position, until `endRead`. */
  beginRead(range: BlockRange): BlockReader {
    const unverified = range.unverified && this.#mayShowUnverified
    const reader = new BlockReader({ ...range, unverified }, this.layout.pieceBytes)
    this.#blocks.addReader(reader)
    this.#readers.add(reader)
    this.#tellHolders()
    return reader
  }

  endRead(reader: BlockReader): void {
    if (!this.#readers.delete(reader)) return
    const left = reader.positionBytes
    const others = this.#leftAt.filter((at) => Math.abs(at - left) > KEPT_BYTES)
    this.#leftAt = [...others, left].slice(-MOST_PLACES)
    this.#blocks.removeReader(reader)
    this.#tellHolders()
  }

  /** What has arrived at the reader's position and lies in memory: a view that is good until the next event. */
  arrived(reader: BlockReader, mostBytes: number): Uint8Array | undefined {
    return this.#blocks.peek(reader, mostBytes)
  }

  hasArrived(reader: BlockReader): boolean {
    return this.#blocks.hasArrived(reader)
  }

  /** Whether what the reader was shown is about to be verified. */
  isOnTrial(reader: BlockReader): boolean {
    return this.#blocks.isOnTrial(reader)
  }

  /** Resolves when more may have arrived, or nothing is on trial any more. Rejects with what ends the reader, `disk_full` among it. */
  arrival(reader: BlockReader): Promise<void> {
    return this.#blocks.wait(reader)
  }

  /** A reader has moved on: so does what is fetched for it. */
  moved(): void {
    this.#blocks.schedule()
  }

  /** Bytes of pieces that are on disk; the last piece counts as a whole one. */
  onDiskBytes(): number {
    const { pieceCount, pieceBytes } = this.layout
    let pieces = 0
    for (let piece = 0; piece < pieceCount; piece++) if (this.isOnDisk(piece)) pieces++
    return pieces * pieceBytes
  }

  /** What readers want, have just shown, or may come back to: the disk quota leaves these alone. */
  heldPieces(): PieceRange[] {
    const { pieceBytes, pieceCount } = this.layout
    const places = this.#holds.size === 0 ? [] : this.#leftAt.slice(-PLACES_PER_HOLD * this.#holds.size)
    const ranges = [...this.#blocks.wantedBytes(), ...places.map((at) => ({ from: at, to: at + KEPT_BYTES }))]
    return ranges.map(({ from, to }) => ({
      from: Math.max(0, Math.floor((from - KEPT_BYTES) / pieceBytes)),
      to: Math.min(pieceCount - 1, Math.floor((to - 1) / pieceBytes)),
    }))
  }

  /** Throws `disk_full` when the byte is not on disk and cannot be brought there now. */
  check(file: TorrentFile, position: number): void {
    if (this.#isDiskFull && this.bytesOnDisk(file, position, position) === 0) throw diskFull()
  }

  read(file: TorrentFile, position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    return this.#store.read(file, position, length, into)
  }

  /** Pieces (inclusive) that are on disk by the books but cannot be read: they are fetched again. */
  distrust(from: number, to: number): void {
    const gone = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((piece) =>
      this.isOnDisk(piece),
    )
    if (gone.length === 0) return
    this.forget(gone)
    this.#onDistrusted()
    // Peers were told that we have these pieces, and choke whoever needs nothing: only a new handshake takes it back.
    for (const wire of [...this.#torrent.wires]) wire.destroy()
  }

  /** From now on these pieces are not on disk. */
  forget(pieces: readonly number[]): void {
    for (const piece of pieces) this.#torrent._markUnverified(piece)
    this.#blocks.schedule()
  }

  status(file: TorrentFile): StreamStatus {
    const ranges = bufferedRanges(file, this.layout.pieceBytes, (piece) => this.isOnDisk(piece))
    const downloadedBytes = ranges.reduce((sum, [start, end]) => sum + end - start, 0)
    const isComplete = downloadedBytes === file.sizeBytes
    const searching = this.peers === 0 ? 'finding-peers' : 'downloading'
    return {
      state: isComplete ? 'complete' : this.#isDiskFull ? 'disk-full' : searching,
      peers: this.peers,
      bytesPerSecond: Math.round(this.#torrent.downloadSpeed),
      downloadedBytes,
      sizeBytes: file.sizeBytes,
      buffered: longestRanges(ranges, 200),
    }
  }

  /** The disk refused a write: readers of what is missing are told, and nothing more is asked of the swarm. */
  diskRefused(): void {
    this.#isDiskFull = true
    this.#blocks.halt(diskFull())
  }

  diskAccepted(): void {
    this.#isDiskFull = false
    this.#blocks.resume()
  }

  /** Ends every read. The swarm side is closed by whoever opened it. */
  close(): void {
    this.#blocks.close()
  }

  #tellHolders(): void {
    this.#onHoldersChanged(this.#readers.size + this.#holds.size)
  }

  /** Files of which something is on disk; what nobody has begun to watch stays as it is. */
  #begunFiles(): PieceRange[] {
    const { files, pieceBytes } = this.layout
    return files
      .filter((file) => file.sizeBytes > 0 && !file.isPadding)
      .map(({ offsetBytes, sizeBytes }) => ({
        from: Math.floor(offsetBytes / pieceBytes),
        to: Math.floor((offsetBytes + sizeBytes - 1) / pieceBytes),
      }))
      .filter(({ from, to }) => {
        for (let piece = from; piece <= to; piece++) if (this.isOnDisk(piece)) return true
        return false
      })
  }
}
