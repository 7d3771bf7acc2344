/** Reading the entropy-coded part of a JPEG, bit by bit (ITU-T T.81, annex F). */

/** What is wrong with a picture, or that it is of a kind that is not read. */
export class PictureError extends Error {
  override readonly name = 'PictureError'
}

/** Codes of one length follow each other: of each length the first one, how many there are, and where their symbols begin. */
export type HuffmanTable = { counts: Uint8Array; symbols: Uint8Array }

export class BitReader {
  #bytes: Uint8Array
  #at: number
  #bits = 0
  #left = 0

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  /** Throws PictureError at a marker, and where the file ends. */
  bit(): number {
    if (this.#left === 0) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) throw new PictureError('the picture ends early')
      // A byte of ones is followed by a zero, or it is a marker (B.1.1.5).
      if (byte === 0xff && this.#bytes[this.#at + 1] !== 0) throw new PictureError('a marker came too early')
      this.#at += byte === 0xff ? 2 : 1
      this.#bits = byte
      this.#left = 8
    }
    this.#left--
    return (this.#bits >> this.#left) & 1
  }

  /** F.2.2.3, by the canonical code: the first code of a length is that of the length before, and one bit more. */
  symbol({ counts, symbols }: HuffmanTable): number {
    let code = 0
    let first = 0
    let index = 0
    for (let length = 1; length <= 16; length++) {
      code |= this.bit()
      const count = counts[length - 1] ?? 0
      if (code - first < count) return symbols[index + code - first] ?? 0
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new PictureError('no such code')
  }

  /** F.2.2.1: a number of so many bits, of which the half that begins with a zero is negative. */
  signed(bits: number): number {
    let value = 0
    for (let i = 0; i < bits; i++) value = (value << 1) | this.bit()
    return bits > 0 && value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value
  }

  drop(bits: number): void {
    for (let i = 0; i < bits; i++) this.bit()
  }

  /** The rest of the byte is filler; then stands `RSTn`. */
  restart(): void {
    this.#left = 0
    const marker = this.#bytes[this.#at + 1] ?? 0
    if (this.#bytes[this.#at] !== 0xff || marker < 0xd0 || marker > 0xd7) throw new PictureError('no restart marker')
    this.#at += 2
  }
}
