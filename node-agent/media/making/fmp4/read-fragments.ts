/** Reads what ffmpeg writes as fragmented MP4 into its samples, fragment by fragment (ISO/IEC 14496-12 §8.8). */

export type Sample = {
  /** When it is shown, in ticks of its track. */
  time: number
  durationTicks: number
  /** Decoding can begin at it. */
  isSync: boolean
  data: Uint8Array
}

/** Boxes of our own ffmpeg; one beyond this is a mistake somewhere. */
const MOST_BOX_BYTES = 512 * 1024 * 1024
const NON_SYNC = 0x0001_0000

/** What stands before the first fragment (`ftyp`, `moov`) is passed over. Throws on what is not such a stream. */
export async function* readFragments(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Sample[]> {
  let moof: DataView | undefined
  for await (const { type, box } of readBoxes(chunks)) {
    if (type === 'moof') moof = box
    if (type === 'mdat' && moof) yield samplesOf(moof, box)
  }
}

/** Top-level boxes, each whole. */
async function* readBoxes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ type: string; box: DataView }> {
  let waiting: Uint8Array[] = []
  let bytes = 0
  let needed = 8
  for await (const chunk of chunks) {
    waiting.push(chunk)
    bytes += chunk.length
    while (bytes >= needed) {
      const whole = Buffer.concat(waiting)
      const size = whole.readUInt32BE(0)
      if (size < 8 || size > MOST_BOX_BYTES) throw new Error(`ffmpeg wrote a box of ${size} bytes`)
      const isWhole = bytes >= size
      if (isWhole) yield { type: whole.toString('latin1', 4, 8), box: viewOf(whole, size) }
      waiting = [isWhole ? whole.subarray(size) : whole]
      bytes = isWhole ? bytes - size : bytes
      needed = isWhole ? 8 : size
    }
  }
}

const viewOf = (bytes: Uint8Array, size: number) => new DataView(bytes.buffer, bytes.byteOffset, size)

/** Boxes inside another; a full box's version and flags are the first four bytes of its body. */
function* childrenOf(box: DataView, from = 8): Generator<{ type: string; box: DataView }> {
  for (let at = from; at + 8 <= box.byteLength; ) {
    const size = box.getUint32(at)
    if (size < 8 || at + size > box.byteLength) throw new Error('ffmpeg wrote a box that ends outside its parent')
    const type = String.fromCharCode(...[4, 5, 6, 7].map((n) => box.getUint8(at + n)))
    yield { type, box: new DataView(box.buffer, box.byteOffset + at, size) }
    at += size
  }
}

function samplesOf(moof: DataView, mdat: DataView): Sample[] {
  const samples: Sample[] = []
  let dataAt = 8
  for (const traf of childrenOf(moof)) {
    if (traf.type !== 'traf') continue
    let defaults: Defaults = { durationTicks: 0, sizeBytes: 0, flags: 0 }
    let decodeTime = 0
    for (const { type, box } of childrenOf(traf.box)) {
      if (type === 'tfhd') defaults = readDefaults(box)
      if (type === 'tfdt') decodeTime = box.getUint8(8) === 1 ? Number(box.getBigUint64(12)) : box.getUint32(12)
      if (type !== 'trun') continue
      for (const { durationTicks, sizeBytes, flags, offsetTicks } of readRun(box, defaults)) {
        const data = new Uint8Array(mdat.buffer, mdat.byteOffset + dataAt, sizeBytes)
        samples.push({ time: decodeTime + offsetTicks, durationTicks, isSync: (flags & NON_SYNC) === 0, data })
        decodeTime += durationTicks
        dataAt += sizeBytes
      }
    }
  }
  return samples
}

type Defaults = { durationTicks: number; sizeBytes: number; flags: number }

/** `tfhd` (§8.8.7): each field is there when its flag is set, in this order. */
function readDefaults(box: DataView): Defaults {
  const flags = box.getUint32(8) & 0xff_ffff
  let at = 16
  const next = (flag: number, bytes = 4) => {
    if ((flags & flag) === 0) return 0
    at += bytes
    return box.getUint32(at - 4)
  }
  next(0x1, 8)
  next(0x2)
  return { durationTicks: next(0x8), sizeBytes: next(0x10), flags: next(0x20) }
}

/** `trun` (§8.8.8). */
function* readRun(box: DataView, defaults: Defaults): Generator<Defaults & { offsetTicks: number }> {
  const flags = box.getUint32(8) & 0xff_ffff
  const count = box.getUint32(12)
  let at = 16
  const next = (flag: number): number | undefined => {
    if ((flags & flag) === 0) return undefined
    at += 4
    return box.getUint32(at - 4)
  }
  next(0x1)
  const firstFlags = next(0x4)
  for (let n = 0; n < count; n++) {
    const durationTicks = next(0x100) ?? defaults.durationTicks
    const sizeBytes = next(0x200) ?? defaults.sizeBytes
    const sampleFlags = next(0x400) ?? (n === 0 ? firstFlags : undefined) ?? defaults.flags
    // Signed since version 1; ffmpeg writes version 0 where none is negative.
    const offsetTicks = (next(0x800) ?? 0) | 0
    yield { durationTicks, sizeBytes, flags: sampleFlags, offsetTicks }
  }
}
