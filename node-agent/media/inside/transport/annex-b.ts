/** Pictures as transport streams hold them: NAL units behind start codes (H.264 and H.265, Annex B). Pure. */
import type { NalCodec } from '../keyframe-kind.ts'

const START_CODE = Buffer.from([0, 0, 1])

/** Each without its start code, and without the zeros that may follow it. */
export function* nalUnits(data: Uint8Array): Generator<Uint8Array> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  let at = bytes.indexOf(START_CODE)
  while (at >= 0) {
    const next = bytes.indexOf(START_CODE, at + 3)
    let end = next < 0 ? bytes.length : next
    while (end > at + 3 && bytes[end - 1] === 0) end--
    if (end > at + 3) yield data.subarray(at + 3, end)
    at = next
  }
}

export const nalType = (codec: NalCodec, nal: Uint8Array): number =>
  codec === 'h264' ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f

/** Marks between pictures, the stream's end, and filler say nothing inside a file (ISO/IEC 14496-15 §5.2, §8.2). */
const LEFT_OUT: Record<NalCodec, readonly number[]> = { h264: [9, 10, 11, 12], hevc: [35, 36, 37, 38] }

/** As MP4 holds them, each behind its length in four bytes. */
export function lengthPrefixed(codec: NalCodec, data: Uint8Array): Uint8Array {
  const kept = [...nalUnits(data)].filter((nal) => !LEFT_OUT[codec].includes(nalType(codec, nal)))
  const whole = Buffer.allocUnsafe(kept.reduce((sum, nal) => sum + 4 + nal.length, 0))
  let at = 0
  for (const nal of kept) {
    at = whole.writeUInt32BE(nal.length, at)
    whole.set(nal, at)
    at += nal.length
  }
  return whole
}

/** How many pictures begin in it: slices that hold their picture's first block. Fields count one each. */
export function countPictures(codec: NalCodec, data: Uint8Array): number {
  let count = 0
  for (const nal of nalUnits(data))
    if (isSlice(codec, nal) && ((nal[codec === 'h264' ? 1 : 2] ?? 0) & 0x80) !== 0) count++
  return count
}

const isSlice = (codec: NalCodec, nal: Uint8Array): boolean => {
  const type = nalType(codec, nal)
  return codec === 'h264' ? type === 1 || type === 2 || type === 5 : type < 32
}

/** `parameters`: the sequence's, as far as they stand before the first slice. */
export type PictureHead = { kind: 'idr' | 'recovery' | 'other'; parameters: Uint8Array | undefined }

/**
 * `idr`: nothing after it needs what came before. `recovery`: decoding can begin, but what is shown before it may be
 * missing. Undefined when the first slice is not among these bytes. `saysRandomAccess`: what the packet said.
 */
export function pictureHead(codec: NalCodec, data: Uint8Array, saysRandomAccess: boolean): PictureHead | undefined {
  let parameters: Uint8Array | undefined
  let isRecovery = saysRandomAccess
  for (const nal of nalUnits(data)) {
    const type = nalType(codec, nal)
    if (type === (codec === 'h264' ? 7 : 33)) parameters = nal
    if (codec === 'h264' && type === 6 && nal[1] === RECOVERY_POINT) isRecovery = true
    if (!isSlice(codec, nal)) continue
    const isIdr = codec === 'h264' ? type === 5 : type >= 16 && type <= 20
    const canBegin = codec === 'h264' ? isRecovery || parameters !== undefined : type === 21
    return { kind: isIdr ? 'idr' : canBegin ? 'recovery' : 'other', parameters }
  }
  return undefined
}

/** The message that says a recovery point (H.264 §D.1.1). */
const RECOVERY_POINT = 6
