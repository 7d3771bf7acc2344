/** One reader of a byte range: takes what has arrived, waits for the rest, and says what it wants of the swarm. */
import type { Want } from './wanted-blocks.ts'
import { ASSUMED_BYTES_PER_SECOND, completesBehind, windowBytes } from './window.ts'

/** A reader that does not wait yet has this much in hand. */
const IN_HAND_SECONDS = 2

export type BlockRange = {
  /** First byte and the one after the last, from the start of the torrent. */
  startBytes: number
  endBytes: number
  /** Show bytes before the piece they belong to has verified. For playing only: what is kept must not. */
  unverified: boolean
  /** Of the film, when known. */
  bytesPerSecond?: number | undefined
}

export class BlockReader {
  readonly #range: BlockRange
  readonly #pieceBytes: number
  #positionBytes: number
  #waiting: PromiseWithResolvers<void> | undefined
  #waitingSinceMs = 0
  #failure: Error | undefined
  /** Pieces of which bytes were shown that have not verified yet. */
  readonly trusted = new Set<number>()

  constructor(range: BlockRange, pieceBytes: number) {
    this.#range = range
    this.#pieceBytes = pieceBytes
    this.#positionBytes = range.startBytes
  }

  get positionBytes(): number {
    return this.#positionBytes
  }

  get missingBytes(): number {
    return this.#range.endBytes - this.#positionBytes
  }

  get verifiedOnly(): boolean {
    return !this.#range.unverified
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  waitedMs(nowMs: number): number {
    return this.#waiting === undefined ? 0 : nowMs - this.#waitingSinceMs
  }

  /** `mostAheadBytes` is what there is room for. */
  want(swarmBytesPerSecond: number, mostAheadBytes: number): Want {
    const { startBytes, endBytes, bytesPerSecond } = this.#range
    const readBytes = this.#positionBytes - startBytes
    return {
      positionBytes: this.#positionBytes,
      endBytes: Math.min(
        endBytes,
        this.#positionBytes + Math.min(mostAheadBytes, windowBytes({ readBytes, bytesPerSecond, swarmBytesPerSecond })),
      ),
      bytesPerSecond: bytesPerSecond ?? ASSUMED_BYTES_PER_SECOND,
      neededInSeconds: this.isWaiting ? 0 : IN_HAND_SECONDS,
      isStarting: readBytes < 64 * 1024,
      verifiedOnly: this.verifiedOnly,
      behindPiece: this.#behindPiece(readBytes),
    }
  }

  /** The piece it began in the middle of, until that has verified. */
  #behindPiece(readBytes: number): number | undefined {
    const first = Math.floor(this.#range.startBytes / this.#pieceBytes)
    return completesBehind(readBytes) && this.trusted.has(first) ? first : undefined
  }

  advance(bytes: number): void {
    this.#positionBytes += bytes
  }

  /** Resolves at the next `wake`; rejects at `fail`. */
  wait(nowMs: number): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    this.#waiting = Promise.withResolvers()
    this.#waitingSinceMs = nowMs
    return this.#waiting.promise
  }

  wake(): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }

  /** Ends the reading with this error, now or at its next step. */
  fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(this.#failure)
    this.#waiting = undefined
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure
  }
}
