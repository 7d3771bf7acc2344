/** Frames of sound, told apart in a stream of their bytes by their own headers. Pure. */

/** `headerBytes`: what MP4 leaves off. `continuesLast`: more channels of the frame before it. */
export type SoundFrame = { sizeBytes: number; headerBytes: number; samples: number; rate: number; continuesLast?: true }
export type ReadSoundFrame = (bytes: Uint8Array, at: number) => SoundFrame | undefined

/** Undefined for codecs that are not told apart here. By the RFC 6381 string of a track. */
export function soundReader(codec: string): ReadSoundFrame | undefined {
  if (/^mp4a\.40\./.test(codec)) return readAdts
  if (codec === 'ac-3' || codec === 'ec-3') return readDolby
  return codec === 'mp3' || /^mp4a\.6[9b]$/i.test(codec) ? readMp3 : undefined
}

/** Readers are asked at every byte of noise: a view of it each time would cost more than reading. */
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0

const AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]

/** AAC behind ADTS headers (ISO/IEC 14496-3 §1.A.2.2.1), one block a frame, as everybody writes it. */
const readAdts: ReadSoundFrame = (bytes, at) => {
  const [a, b, c, d] = [byteAt(bytes, at), byteAt(bytes, at + 1), byteAt(bytes, at + 2), byteAt(bytes, at + 3)]
  const [e, f, g] = [byteAt(bytes, at + 4), byteAt(bytes, at + 5), byteAt(bytes, at + 6)]
  const rate = AAC_RATES[(c >> 2) & 15]
  if (a !== 0xff || (b & 0xf6) !== 0xf0 || rate === undefined || (g & 3) !== 0) return undefined
  const sizeBytes = ((d & 3) << 11) | (e << 3) | (f >> 5)
  const headerBytes = (b & 1) === 1 ? 7 : 9
  return sizeBytes > headerBytes ? { sizeBytes, headerBytes, samples: 1024, rate } : undefined
}

const DOLBY_RATES = [48000, 44100, 32000]
const AC3_KILOBITS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640]

/** AC-3 and E-AC-3 (ETSI TS 102 366 §4.4.1, §E.1.3.1). */
const readDolby: ReadSoundFrame = (bytes, at) => {
  const [a, b, c] = [byteAt(bytes, at), byteAt(bytes, at + 1), byteAt(bytes, at + 2)]
  const [d, e, f] = [byteAt(bytes, at + 3), byteAt(bytes, at + 4), byteAt(bytes, at + 5)]
  if (a !== 0x0b || b !== 0x77) return undefined
  const version = f >> 3
  if (version <= 8) {
    const [rate, kilobits] = [DOLBY_RATES[e >> 6], AC3_KILOBITS[(e & 63) >> 1]]
    if (!rate || !kilobits) return undefined
    // At 44.1 kHz some frames are a word longer.
    const words = Math.floor((kilobits * 96_000) / rate) + (rate === 44_100 ? e & 1 : 0)
    return { sizeBytes: words * 2, headerBytes: 0, samples: 1536, rate }
  }
  if (version < 11 || version > 16) return undefined
  const isHalf = e >> 6 === 3
  const rate = isHalf ? (DOLBY_RATES[(e >> 4) & 3] ?? 0) / 2 : DOLBY_RATES[e >> 6]
  const blocks = isHalf ? 6 : ([1, 2, 3, 6][(e >> 4) & 3] ?? 6)
  if (!rate) return undefined
  const sizeBytes = ((((c & 7) << 8) | d) + 1) * 2
  return { sizeBytes, headerBytes: 0, samples: blocks * 256, rate, ...(c >> 6 === 1 ? { continuesLast: true } : {}) }
}

const MP3_RATES = [44100, 48000, 32000]
const MP3_KILOBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const MP3_LOW_KILOBITS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

/** MPEG audio, layer III alone (ISO/IEC 11172-3 §2.4.1.3, 13818-3). */
const readMp3: ReadSoundFrame = (bytes, at) => {
  const [a, b, c] = [byteAt(bytes, at), byteAt(bytes, at + 1), byteAt(bytes, at + 2)]
  const version = (b >> 3) & 3
  if (a !== 0xff || (b & 0xe6) !== 0xe2 || version === 1) return undefined
  const isFull = version === 3
  const base = MP3_RATES[(c >> 2) & 3]
  const kilobits = (isFull ? MP3_KILOBITS : MP3_LOW_KILOBITS)[c >> 4]
  if (!base || !kilobits) return undefined
  const rate = base / (isFull ? 1 : version === 2 ? 2 : 4)
  const samples = isFull ? 1152 : 576
  return { sizeBytes: Math.floor((samples * kilobits * 125) / rate) + ((c >> 1) & 1), headerBytes: 0, samples, rate }
}
