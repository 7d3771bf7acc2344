/** Who wants something of one torrent: viewers, what is pinned for them, and the filling up for seeding. */
import type { AppError } from '#protocol/errors.ts'
import type { BlockReader } from './block-reader.ts'
import { Fill, type FillOptions } from './fill.ts'
import type { BlockMap, Want } from './wanted-blocks.ts'
import { ASSUMED_BYTES_PER_SECOND } from './window.ts'

/** Nobody waits for what is pinned, and somebody soon may. */
const PINNED_NEEDED_SECONDS = 2

export class Demand {
  readonly #map: BlockMap
  readonly #mostAheadBytes: () => number
  readonly #readers = new Set<BlockReader>()
  readonly #pins = new Set<Want>()
  #fill: Fill | undefined
  /** What the peers delivered together when it was last measured. */
  swarmBytesPerSecond = 0

  /** `mostAheadBytes` is what there is room for ahead of each reader. */
  constructor(map: BlockMap, mostAheadBytes: () => number) {
    this.#map = map
    this.#mostAheadBytes = mostAheadBytes
  }

  get readerCount(): number {
    return this.#readers.size
  }

  get isEmpty(): boolean {
    return this.#readers.size + this.#pins.size === 0 && this.#fill === undefined
  }

  get fill(): Fill | undefined {
    return this.#fill
  }

  get hasWaiting(): boolean {
    for (const reader of this.#readers) if (reader.isWaiting) return true
    return false
  }

  longestWaitMs(nowMs: number): number {
    let longest = 0
    for (const reader of this.#readers) longest = Math.max(longest, reader.waitedMs(nowMs))
    return longest
  }

  /** Of readers and pins: who reads comes first where both are due at once. */
  urgentWants(): Want[] {
    const mostAheadBytes = this.#mostAheadBytes()
    const read = [...this.#readers].map((reader) => reader.want(this.swarmBytesPerSecond, mostAheadBytes))
    return [...read, ...this.#pins]
  }

  /** Those of the filling up besides. */
  wants(): Want[] {
    return [...this.urgentWants(), ...(this.#fill?.wants ?? [])]
  }

  add(reader: BlockReader): void {
    this.#readers.add(reader)
  }

  remove(reader: BlockReader): boolean {
    return this.#readers.delete(reader)
  }

  /** Wants whole pieces from here to there, as needed so many seconds from now; `unpin` takes it back. */
  pin(positionBytes: number, endBytes: number, neededInSeconds = PINNED_NEEDED_SECONDS): Want {
    const pin = {
      positionBytes,
      endBytes,
      bytesPerSecond: ASSUMED_BYTES_PER_SECOND,
      neededInSeconds,
      isStarting: false,
      verifiedOnly: true,
      behindPiece: undefined,
    }
    this.#pins.add(pin)
    return pin
  }

  unpin(pin: Want): boolean {
    return this.#pins.delete(pin)
  }

  startFill(options: FillOptions): void {
    this.#fill ??= new Fill(this.#map, options)
  }

  wake(canRead: (reader: BlockReader) => boolean): void {
    for (const reader of this.#readers) if (reader.isWaiting && canRead(reader)) reader.wake()
  }

  failWaiting(reason: AppError): void {
    for (const reader of this.#readers) if (reader.isWaiting) reader.fail(reason)
  }

  failAll(reason: AppError): void {
    for (const reader of this.#readers) reader.fail(reason)
    this.#readers.clear()
  }

  /** Whoever was shown bytes of it was shown good ones. */
  pieceVerified(piece: number): void {
    for (const reader of this.#readers) reader.trusted.delete(piece)
  }

  /** Whoever was shown bytes of it ends. */
  pieceDamaged(piece: number, reason: AppError): void {
    for (const reader of this.#readers) if (reader.trusted.has(piece)) reader.fail(reason)
  }
}
