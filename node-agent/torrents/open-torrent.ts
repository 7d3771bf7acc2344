/** One torrent that is loaded: who wants which pieces of it, which pieces are on disk, and what state it is in. */
import type { Torrent } from 'webtorrent'
import { AppError } from '#protocol/errors.ts'
import type { StreamStatus } from '#protocol/stream-status.ts'
import { bufferedRanges, longestRanges } from './buffered-ranges.ts'
import type { TorrentFile, TorrentLayout } from './metadata/torrent-layout.ts'
import { applyPlan } from './reading/apply-plan.ts'
import { emptyPlan, type PiecePlan, type PieceRange, piecePlan, type Want } from './reading/piece-plan.ts'
import type { PieceStore } from './store/piece-store.ts'

/** Something one reader wants; it lasts until it is released. */
export type HeldWant = { change(want: Want): void; release(): void }

const diskFull = () =>
  new AppError('disk_full', 'The disk at home is full or cannot be written. Free some space there, then try again.')
const isClosed = () => new AppError('internal', 'The film was put away while it was being read. Please try again.')

/** A viewer who goes back a few seconds finds them on disk still. */
const KEPT_BEHIND_BYTES = 16 * 1024 * 1024
/** How often a torrent with waiting readers asks its peers again, in case a request was lost, in milliseconds. */
const WATCHDOG_MILLISECONDS = 2000

export class OpenTorrent {
  readonly layout: TorrentLayout
  readonly #torrent: Torrent
  readonly #store: PieceStore
  readonly #wants = new Set<{ want: Want | undefined }>()
  readonly #waiting = new Map<number, Set<PromiseWithResolvers<void>>>()
  readonly #onReadersChanged: (count: number) => void
  readonly #onDistrusted: () => void
  readonly #watchdog: NodeJS.Timeout
  #plan: PiecePlan = emptyPlan
  #isPlanning = false
  #isDiskFull = false

  constructor(
    torrent: Torrent,
    store: PieceStore,
    events: { onReadersChanged: (count: number) => void; onDistrusted: () => void },
  ) {
    this.#torrent = torrent
    this.layout = store.layout
    this.#store = store
    this.#onReadersChanged = events.onReadersChanged
    this.#onDistrusted = events.onDistrusted
    torrent.on('verified', this.#onVerified)
    this.#watchdog = setInterval(() => this.#waiting.size > 0 && torrent._update(), WATCHDOG_MILLISECONDS)
    this.#watchdog.unref()
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

  /** Keeps the torrent loaded, and asks the swarm for what the want says, until it is released. */
  want(first?: Want): HeldWant {
    const entry = { want: first }
    this.#wants.add(entry)
    this.#onReadersChanged(this.#wants.size)
    this.#replan()
    return {
      change: (want) => {
        entry.want = want
        this.#replan()
      },
      release: () => {
        if (!this.#wants.delete(entry)) return
        this.#onReadersChanged(this.#wants.size)
        this.#replan()
      },
    }
  }

  /** Bytes of pieces that are on disk; the last piece counts as a whole one. */
  onDiskBytes(): number {
    const { pieceCount, pieceBytes } = this.layout
    let pieces = 0
    for (let piece = 0; piece < pieceCount; piece++) if (this.isOnDisk(piece)) pieces++
    return pieces * pieceBytes
  }

  /** What readers hold, and what they have just shown: the disk quota leaves these alone. */
  heldPieces(): PieceRange[] {
    const behind = Math.ceil(KEPT_BEHIND_BYTES / this.layout.pieceBytes)
    return [...this.#wants].flatMap(({ want }) =>
      want
        ? [...want.ahead, want.critical ?? []].flat().map(({ from, to }) => ({ from: Math.max(0, from - behind), to }))
        : [],
    )
  }

  /** Resolves when the piece has verified. Rejects with the signal's reason, `disk_full`, or when the torrent closes. */
  async waitForPiece(piece: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.isOnDisk(piece)) return
    if (this.#torrent.destroyed) throw isClosed()
    if (this.#isDiskFull) throw diskFull()
    const waiter = Promise.withResolvers<void>()
    const onAbort = () => waiter.reject(signal.reason)
    const waiters = this.#waiting.get(piece) ?? new Set()
    this.#waiting.set(piece, waiters.add(waiter))
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await waiter.promise
    } finally {
      signal.removeEventListener('abort', onAbort)
      waiters.delete(waiter)
      if (waiters.size === 0 && this.#waiting.get(piece) === waiters) this.#waiting.delete(piece)
    }
  }

  /** Throws `disk_full` when the byte is not on disk and cannot be brought there now. */
  check(file: TorrentFile, position: number): void {
    if (this.#isDiskFull && this.bytesOnDisk(file, position, position) === 0) throw diskFull()
  }

  read(file: TorrentFile, position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    return this.#store.read(file, position, length, into)
  }

  /** Pieces that are on disk by the books but cannot be read: they are fetched again. */
  distrust({ from, to }: PieceRange): void {
    const gone = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((piece) =>
      this.isOnDisk(piece),
    )
    if (gone.length === 0) return
    for (const piece of gone) this.#torrent._markUnverified(piece)
    this.#onDistrusted()
    // Peers were told that we have these pieces, and choke whoever needs nothing: only a new handshake takes it back.
    for (const wire of [...this.#torrent.wires]) wire.destroy()
    this.#replan()
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
    this.#failWaiting(diskFull())
    this.#replan()
  }

  diskAccepted(): void {
    this.#isDiskFull = false
    this.#replan()
  }

  /** Ends every read that still waits. The swarm side is closed by whoever opened it. */
  close(): void {
    clearInterval(this.#watchdog)
    this.#torrent.off('verified', this.#onVerified)
    this.#failWaiting(isClosed())
    this.#wants.clear()
  }

  readonly #onVerified = (piece: number) => {
    for (const waiter of this.#waiting.get(piece) ?? []) waiter.resolve()
  }

  #failWaiting(error: AppError): void {
    for (const waiters of [...this.#waiting.values()]) for (const waiter of waiters) waiter.reject(error)
  }

  /** Once a turn, however many readers moved in it. */
  #replan(): void {
    if (this.#isPlanning) return
    this.#isPlanning = true
    queueMicrotask(() => {
      this.#isPlanning = false
      const wants = this.#isDiskFull ? [] : [...this.#wants].flatMap(({ want }) => want ?? [])
      const plan = piecePlan(wants, (piece) => this.isOnDisk(piece))
      applyPlan(this.#torrent, this.#plan, plan)
      this.#plan = plan
    })
  }
}
