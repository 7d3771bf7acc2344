/** Fetches what is missing of a torrent that is kept for seeding: rarest first, below everything that anybody waits for. */
import { rarestPieces } from '../swarm/rarest-first.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'
import type { BlockMap, Want } from './wanted-blocks.ts'

export type FillOptions = {
  /** What is to be whole in the end; first and last piece (inclusive). Asked anew now and then. */
  ranges: () => { from: number; to: number }[]
  /** Whether so many bytes more may be written without taking room from anything else. */
  hasRoom: (bytes: number) => boolean
  random?: () => number
}

/** Looking for the rarest goes over every piece and every peer: so many are found at once, and kept for so long. */
const LOOK_AHEAD_PIECES = 64
const LOOK_AGAIN_MS = 5000

export class Fill {
  readonly #options: FillOptions
  readonly #map: BlockMap
  #next: number[] = []
  #begun: number[] = []
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #hasFound = false

  constructor(map: BlockMap, options: FillOptions) {
    this.#map = map
    this.#options = options
  }

  /** One for each piece that was begun and is not whole yet. */
  get wants(): Want[] {
    this.#begun = this.#begun.filter((piece) => !this.#map.isWhole(piece))
    return this.#begun.map((piece) => wholePiece(this.#map, piece))
  }

  /** Begins pieces until so many bytes that somebody has are not yet asked for. */
  begin(roomBytes: number, availability: (piece: number) => number, nowMs: number): void {
    let unaskedBytes = 0
    this.#begun = this.#begun.filter((piece) => !this.#map.isWhole(piece))
    for (const piece of this.#begun) if (availability(piece) > 0) unaskedBytes += this.#unaskedBytes(piece)
    while (unaskedBytes < roomBytes && this.#options.hasRoom((this.#begun.length + 1) * this.#map.pieceBytes)) {
      const piece = this.#pickNext(availability, nowMs)
      if (piece === undefined) return
      this.#begun.push(piece)
      unaskedBytes += this.#unaskedBytes(piece)
    }
  }

  #pickNext(availability: (piece: number) => number, nowMs: number): number | undefined {
    const isHere = (piece: number) => this.#map.isWhole(piece) || this.#begun.includes(piece)
    const isStale = nowMs - this.#lookedAtMs > LOOK_AGAIN_MS
    this.#next = isStale ? [] : this.#next.filter((piece) => !isHere(piece))
    // A look that found nothing is not repeated at once.
    if (this.#next.length === 0 && (isStale || this.#hasFound)) {
      const { ranges, random = Math.random } = this.#options
      this.#lookedAtMs = nowMs
      this.#next = rarestPieces(ranges(), LOOK_AHEAD_PIECES, { isHere, availability, random })
      this.#hasFound = this.#next.length > 0
    }
    return this.#next.shift()
  }

  #unaskedBytes(piece: number): number {
    const { positionBytes, endBytes } = wholePiece(this.#map, piece)
    let blocks = 0
    for (let block = 0; positionBytes + block * BLOCK_BYTES < endBytes; block++) {
      if (!this.#map.hasBlock(piece, block) && this.#map.askedOf(piece, block).length === 0) blocks++
    }
    return blocks * BLOCK_BYTES
  }
}

const wholePiece = ({ pieceBytes, lengthBytes }: BlockMap, piece: number): Want => ({
  positionBytes: piece * pieceBytes,
  endBytes: Math.min(lengthBytes, (piece + 1) * pieceBytes),
  bytesPerSecond: 1,
  neededInSeconds: Number.POSITIVE_INFINITY,
  isStarting: false,
  verifiedOnly: true,
  behindPiece: undefined,
})
