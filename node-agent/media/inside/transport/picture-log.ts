/** What is noted of pictures while a transport stream is read through: where decoding can begin, and whether all is regular. */
import type { NalCodec } from '../keyframe-kind.ts'
import { countPictures, pictureHead } from './annex-b.ts'
import { isCodedInFrames } from './coded-in-frames.ts'
import { beginsUnit, isBroken, isScrambled, PACKET_BYTES, payloadAt, saysRandomAccess } from './packets.ts'
import { firstTicksOf, nearTo, readPesHead, TICKS_PER_SECOND } from './pes.ts'

/** Parameter sets and messages come first, the picture's kind is behind them. */
const HEAD_BYTES = 8 * 1024
/** So many pictures are looked at whole: each packet must hold one, and one only. */
const LOOKED_AT_WHOLE = 48
const MOST_PICTURE_BYTES = 4 * 1024 * 1024
/** Pictures are sent in another order than they are shown in, but not in such another. */
const BACK_TICKS = 10 * TICKS_PER_SECOND
/** Closer ones are no use: films of keyframes alone have hundreds of thousands. */
const APART_TICKS = 0.4 * TICKS_PER_SECOND
const MOST_KEYFRAMES = 200_000

export type KeyPicture = { ticks: number; byte: number; isIdr: boolean }

export type PictureLog = {
  /** The packet of this stream at `at`, which is byte `byte` of the file. False: not a stream to copy from. */
  take(bytes: Uint8Array, at: number, byte: number): boolean
  keys: KeyPicture[]
  /** Of the first pictures, in the order they are sent. */
  firstTicks: number[]
  lastTicks(): number
  /** Near the last picture: what other streams' times are unwrapped by. */
  nearTicks(): number | undefined
}

export function createPictureLog(codec: NalCodec): PictureLog {
  const head = Buffer.allocUnsafe(MOST_PICTURE_BYTES)
  const keys: KeyPicture[] = []
  const firstTicks: number[] = []
  let picture: { ticks: number; byte: number; saysRandomAccess: boolean; isKnown: boolean; used: number } | undefined
  let parameters: Buffer | undefined
  let [count, last, latest] = [0, undefined as number | undefined, Number.NEGATIVE_INFINITY]

  /** False when its parameters are others than the film began with, or may hold fields. */
  const know = (data: Uint8Array): boolean => {
    if (!picture || picture.isKnown) return true
    const found = pictureHead(codec, data, picture.saysRandomAccess)
    if (!found) return true
    picture.isKnown = true
    if (found.parameters) {
      parameters ??= Buffer.from(found.parameters)
      if (!parameters.equals(found.parameters)) return false
      if (codec === 'h264' && !isCodedInFrames(parameters)) return false
    }
    const before = keys.at(-1)
    const { ticks, byte } = picture
    if (found.kind === 'other' || keys.length >= MOST_KEYFRAMES) return true
    if (before && ticks <= before.ticks) return false
    const isIdr = found.kind === 'idr'
    if (!before || ticks - before.ticks >= APART_TICKS || (isIdr && !before.isIdr)) keys.push({ ticks, byte, isIdr })
    return true
  }
  const begin = (bytes: Uint8Array, at: number, byte: number): boolean => {
    if (picture && picture.used > 0 && count <= LOOKED_AT_WHOLE) {
      if (countPictures(codec, head.subarray(0, picture.used)) !== 1) return false
    }
    const start = payloadAt(bytes, at)
    const pes = readPesHead(bytes.subarray(start, at + PACKET_BYTES))
    const data = start + (pes?.dataStart ?? PACKET_BYTES)
    if (pes?.ticks === undefined || data + 4 > at + PACKET_BYTES || !isStartCode(bytes, data)) return false
    const ticks = last === undefined ? firstTicksOf(pes.ticks) : nearTo(last, pes.ticks)
    if (ticks < latest - BACK_TICKS) return false
    picture = { ticks, byte, saysRandomAccess: saysRandomAccess(bytes, at), isKnown: false, used: 0 }
    ;[last, latest] = [ticks, Math.max(latest, ticks)]
    count++
    if (firstTicks.length < 120) firstTicks.push(ticks)
    return collect(bytes, data, at + PACKET_BYTES)
  }
  const collect = (bytes: Uint8Array, from: number, to: number): boolean => {
    const isWanted = count <= LOOKED_AT_WHOLE || (picture && !picture.isKnown && picture.used < HEAD_BYTES)
    if (!picture || !isWanted) return true
    // More than any picture is no picture.
    if (picture.used + to - from > MOST_PICTURE_BYTES) return false
    head.set(bytes.subarray(from, to), picture.used)
    // What has no slice by then is not looked at from its beginning again with every packet.
    const isHead = picture.used < HEAD_BYTES
    picture.used += to - from
    return isHead ? know(head.subarray(0, picture.used)) : true
  }
  return {
    take(bytes, at, byte) {
      if (isScrambled(bytes, at)) return false
      if (isBroken(bytes, at)) return true
      return beginsUnit(bytes, at) ? begin(bytes, at, byte) : collect(bytes, payloadAt(bytes, at), at + PACKET_BYTES)
    },
    ...{ keys, firstTicks, lastTicks: () => latest, nearTicks: () => last },
  }
}

const isStartCode = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0 && bytes[at + 1] === 0 && (bytes[at + 2] === 1 || (bytes[at + 2] === 0 && bytes[at + 3] === 1))
