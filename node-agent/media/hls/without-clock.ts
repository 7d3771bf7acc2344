/** Takes the time of writing out of an init segment: made again anywhere else, it is then the same bytes. Pure. */

const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia'])
/** Boxes that begin with when they were made and changed (ISO/IEC 14496-12 §8.2.2, §8.3.2, §8.4.2). */
const DATED: ReadonlySet<string> = new Set(['mvhd', 'tkhd', 'mdhd'])

/** Changes `bytes` in place, and gives them back. */
export function withoutClock(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  blank(bytes, view, 0, bytes.length)
  return bytes
}

function blank(bytes: Uint8Array, view: DataView, from: number, end: number): void {
  for (let at = from; at + 8 <= end; ) {
    const size = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (size < 8 || at + size > end) return
    if (CONTAINERS.has(type)) blank(bytes, view, at + 8, at + size)
    // Version and flags, then two times of four bytes, or of eight in version 1.
    if (DATED.has(type)) bytes.fill(0, at + 12, Math.min(at + size, at + 12 + (bytes[at + 8] === 1 ? 16 : 8)))
    at += size
  }
}
