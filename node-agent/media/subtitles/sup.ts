/** PGS pictures of Matroska blocks → the display sets of a .sup file, with the headers that blocks leave out. Pure. */

const PRESENTATION = 0x16
const SEGMENT_HEAD_BYTES = 3
/** `PG`, presentation time, decoding time. */
const SUP_HEAD_BYTES = 10

type Segment = { type: number; bytes: Uint8Array }
export type DisplaySet = { atSeconds: number; data: Uint8Array }

/** Type, length, and so many bytes, again and again; what is cut off is left out. */
function* segments(data: Uint8Array): Generator<Segment> {
  let at = 0
  while (at + SEGMENT_HEAD_BYTES <= data.length) {
    const end = at + SEGMENT_HEAD_BYTES + ((data[at + 1] ?? 0) << 8) + (data[at + 2] ?? 0)
    if (end > data.length) return
    yield { type: data[at] ?? 0, bytes: data.subarray(at, end) }
    at = end
  }
}

/** Begins anew (needs nothing from before), and shows nothing at all. */
export function kindOfSet(data: Uint8Array): { beginsEpoch: boolean; isClear: boolean } {
  for (const { type, bytes } of segments(data)) {
    if (type !== PRESENTATION) continue
    return { beginsEpoch: bytes[SEGMENT_HEAD_BYTES + 7] === 0x80, isClear: bytes[SEGMENT_HEAD_BYTES + 10] === 0 }
  }
  return { beginsEpoch: false, isClear: false }
}

/** Leaves out what comes before the window and does not stand in it any more. `sets` in order of time. */
export function setsOfWindow(sets: readonly DisplaySet[], startSeconds: number): DisplaySet[] {
  const before = sets.filter(({ atSeconds }) => atSeconds < startSeconds)
  const rest = sets.slice(before.length)
  const last = before.at(-1)
  if (!last || kindOfSet(last.data).isClear || rest[0]?.atSeconds === startSeconds) return rest
  const epoch = before.findLastIndex(({ data }) => kindOfSet(data).beginsEpoch)
  return epoch < 0 ? rest : [...before.slice(epoch), ...rest]
}

export function writeSup(sets: readonly DisplaySet[]): Uint8Array {
  const written: Uint8Array[] = []
  for (const { atSeconds, data } of sets) {
    const head = Buffer.alloc(SUP_HEAD_BYTES)
    head.write('PG', 'latin1')
    // 90 kHz, in 32 bits: enough for thirteen hours.
    head.writeUInt32BE(Math.round(Math.max(0, atSeconds) * 90_000) >>> 0, 2)
    for (const { bytes } of segments(data)) written.push(head, bytes)
  }
  return Buffer.concat(written)
}
