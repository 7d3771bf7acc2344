/** Blocks out of the bytes of Matroska clusters (RFC 9559 §10, §5.1.3): frames with their time and kind. Pure. */
import { children, type Element, readElement, readUint, readVint } from './ebml.ts'
import { id, topLevel } from './matroska-ids.ts'

export type Frame = {
  trackNumber: number
  /** In ticks of the file's timestamp scale; of the first frame when a block holds several. */
  ticks: number
  durationTicks?: number
  isKey: boolean
  /** Into the bytes that were given: not copied. Of blocks that are cut off, as much as is there. */
  data: Uint8Array
  /** Which frame of its block it is: those after the first have no time of their own. */
  lace: number
}

/**
 * Every frame of the clusters in `bytes`, in the order they are stored. `bytes` may begin inside a cluster, between
 * two blocks, when that cluster's timestamp is given. What cannot be read ends it quietly: the rest of a damaged
 * segment is shown rather than none of it.
 */
export const readFrames = (bytes: Uint8Array, clusterTicks = 0, wanted?: ReadonlySet<number>): Generator<Frame> =>
  readFramesOn({ bytes, isAll: true }, { at: 0, ticks: clusterTicks }, wanted)

/** How far somebody has read, and the timestamp of the cluster there. */
export type ReadSoFar = { at: number; ticks: number }

/** The same of bytes that are still arriving: blocks that are whole, from `soFar` on, which is moved. */
export function* readFramesOn(
  { bytes, isAll }: { bytes: Uint8Array; isAll: boolean },
  soFar: ReadSoFar,
  wanted?: ReadonlySet<number>,
): Generator<Frame> {
  while (soFar.at < bytes.length) {
    const element = readElement(bytes, soFar.at)
    if (!element) return
    // A cluster is walked into, so that one of unknown size, or one cut off, needs no care.
    if (element.id === id.cluster) {
      soFar.at = element.dataStart
      continue
    }
    if (!element.isWhole && !isAll) return
    const { ticks } = soFar
    if (element.id === id.clusterTimestamp) soFar.ticks = readUint(bytes, element) ?? ticks
    else if (element.id === id.simpleBlock) yield* readBlock(bytes, element, ticks, wanted)
    else if (element.id === id.blockGroup) yield* readGroup(bytes, element, ticks, wanted)
    else if (topLevel.has(element.id) && element.isUnknownSize) return
    if (!element.isWhole) return
    soFar.at = element.dataEnd
  }
}

function* readGroup(bytes: Uint8Array, group: Element, ticks: number, wanted?: ReadonlySet<number>): Generator<Frame> {
  let block: Element | undefined
  let durationTicks: number | undefined
  // A block that refers to no other can be decoded alone (§5.1.3.5.5).
  let isKey = true
  for (const child of children(bytes, group.dataStart, group.dataEnd)) {
    if (child.id === id.block) block = child
    else if (child.id === id.blockDuration) durationTicks = readUint(bytes, child)
    else if (child.id === id.referenceBlock) isKey = false
  }
  if (!block) return
  for (const frame of readBlock(bytes, block, ticks, wanted)) {
    yield { ...frame, isKey, ...(durationTicks === undefined ? {} : { durationTicks }) }
  }
}

function* readBlock(
  bytes: Uint8Array,
  { dataStart, dataEnd }: Element,
  clusterTicks: number,
  wanted?: ReadonlySet<number>,
): Generator<Frame> {
  const track = readVint(bytes, dataStart)
  if (!track || dataStart + track.length + 3 > dataEnd) return
  if (wanted && !wanted.has(track.value)) return
  const at = dataStart + track.length
  const relative = (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16)) >> 16
  const flags = bytes[at + 2] ?? 0
  const head = { trackNumber: track.value, ticks: clusterTicks + relative, isKey: (flags & 0x80) !== 0 }
  const lacing = (flags >> 1) & 3
  const frames = bytes.subarray(at + 3, dataEnd)
  if (lacing === 0) {
    yield { ...head, data: frames, lace: 0 }
    return
  }
  let [from, lace] = [0, 0]
  const laced = laceSizes(frames, lacing)
  if (!laced) return
  from = laced.start
  for (const size of laced.sizes) {
    yield { ...head, data: frames.subarray(from, from + size), lace: lace++ }
    from += size
  }
}

/** Sizes of laced frames (§10.3): 1 is Xiph's way, 2 fixed sizes, 3 EBML's. Undefined when they do not add up. */
function laceSizes(frames: Uint8Array, lacing: number): { start: number; sizes: number[] } | undefined {
  const count = (frames[0] ?? 0) + 1
  let at = 1
  const sizes: number[] = []
  if (lacing === 2) {
    const size = (frames.length - at) / count
    return Number.isInteger(size) ? { start: at, sizes: new Array<number>(count).fill(size) } : undefined
  }
  for (let n = 0; n < count - 1; n++) {
    let size = 0
    if (lacing === 1) {
      let byte = 255
      while (byte === 255 && at < frames.length) {
        byte = frames[at++] ?? 0
        size += byte
      }
    } else {
      const vint = readVint(frames, at)
      if (!vint) return undefined
      at += vint.length
      // The first is a size, those after it how much they differ, with a bias that makes them signed.
      size = n === 0 ? vint.value : (sizes[n - 1] ?? 0) + vint.value - (2 ** (7 * vint.length - 1) - 1)
    }
    if (size < 0) return undefined
    sizes.push(size)
  }
  const last = frames.length - at - sizes.reduce((sum, size) => sum + size, 0)
  return last < 0 ? undefined : { start: at, sizes: [...sizes, last] }
}
