/** Pure: display sets of PGS windows (Blu-ray "PG" segments) put together for libpgs: in order, each once, and ended. */

const HEADER_BYTES = 13
const COMPOSITION = 0x16
const END = 0x80

type DisplaySet = { pts: number; bytes: Uint8Array; composition: Uint8Array | undefined }

/** `endSeconds`: where the last picture goes at the latest, because libpgs shows nothing after the last display set. */
export function mergeSup(windows: readonly Uint8Array[], endSeconds: number): Uint8Array<ArrayBuffer> {
  const byPts = new Map<number, DisplaySet>()
  for (const window of windows) for (const set of readSets(window)) if (!byPts.has(set.pts)) byPts.set(set.pts, set)
  const sets = [...byPts.values()].sort((a, b) => a.pts - b.pts)
  const last = sets.at(-1)
  const parts = sets.map(({ bytes }) => bytes)
  if (last?.composition) parts.push(emptySet(last.composition, Math.max(last.pts + 1, Math.round(endSeconds * 90_000))))
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Stops at the first thing that is no segment. A set without its end is left out: libpgs would read on forever. */
export function readSets(bytes: Uint8Array): DisplaySet[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sets: DisplaySet[] = []
  let [at, start] = [0, 0]
  let composition: Uint8Array | undefined
  while (at + HEADER_BYTES <= bytes.length && view.getUint16(at) === 0x5047) {
    const [type, size] = [bytes[at + 10], view.getUint16(at + 11)]
    const end = at + HEADER_BYTES + size
    if (end > bytes.length) break
    if (type === COMPOSITION) composition = bytes.subarray(at + HEADER_BYTES, end)
    if (type === END) {
      sets.push({ pts: view.getUint32(start + 2), bytes: bytes.subarray(start, end), composition })
      start = end
      composition = undefined
    }
    at = end
  }
  return sets
}

/** The same screen with nothing on it. */
function emptySet(composition: Uint8Array, pts: number): Uint8Array {
  const body = composition.slice(0, 11)
  // State "epoch start", no palette update, no objects.
  body.set([0x80, 0, 0, 0], 7)
  return new Uint8Array([...segment(COMPOSITION, pts, body), ...segment(END, pts, new Uint8Array())])
}

function segment(type: number, pts: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0x5047)
  view.setUint32(2, pts)
  bytes[10] = type
  view.setUint16(11, body.length)
  bytes.set(body, HEADER_BYTES)
  return bytes
}
