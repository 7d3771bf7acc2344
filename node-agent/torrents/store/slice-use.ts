/** When each part of a torrent was last used: a slice is what is evicted at once. */

/** Small enough that a quota can follow a film that is being watched, large enough that a hole is worth punching. */
export const SLICE_BYTES = 8 * 1024 * 1024

export class SliceUse {
  readonly slicePieces: number
  readonly #pieceCount: number
  readonly #usedAt: Uint32Array
  #isChanged = false

  /** `saved` is what `bytes` gave; of another length (or none) everything counts as used at `unknownAt`. */
  constructor(
    layout: { pieceBytes: number; pieceCount: number },
    saved: Uint8Array,
    unknownAt: number,
    sliceBytes = SLICE_BYTES,
  ) {
    this.slicePieces = Math.max(1, Math.floor(sliceBytes / layout.pieceBytes))
    this.#pieceCount = layout.pieceCount
    const slices = Math.ceil(layout.pieceCount / this.slicePieces)
    const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength)
    this.#usedAt = Uint32Array.from({ length: slices }, (_, slice) =>
      saved.byteLength === slices * 4 ? view.getUint32(slice * 4, true) : unknownAt,
    )
  }

  get sliceCount(): number {
    return this.#usedAt.length
  }

  get isChanged(): boolean {
    return this.#isChanged
  }

  usedAt(slice: number): number {
    return this.#usedAt[slice] ?? 0
  }

  /** First and last piece (inclusive). */
  piecesOf(slice: number): { from: number; to: number } {
    const from = slice * this.slicePieces
    return { from, to: Math.min(from + this.slicePieces, this.#pieceCount) - 1 }
  }

  /** Notes a use of these pieces (inclusive). */
  touch({ from, to }: { from: number; to: number }, atSeconds: number): void {
    for (let slice = Math.floor(from / this.slicePieces); slice * this.slicePieces <= to; slice++) {
      if (this.usedAt(slice) === atSeconds || slice >= this.#usedAt.length) continue
      this.#usedAt[slice] = atSeconds
      this.#isChanged = true
    }
  }

  /** To be saved; as Uint32 little-endian on every machine. */
  bytes(): Uint8Array {
    this.#isChanged = false
    const view = new DataView(new ArrayBuffer(this.#usedAt.length * 4))
    for (const [slice, usedAt] of this.#usedAt.entries()) view.setUint32(slice * 4, usedAt, true)
    return new Uint8Array(view.buffer)
  }
}
