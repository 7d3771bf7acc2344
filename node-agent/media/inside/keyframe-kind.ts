/** Can decoding begin at this frame without any before it? Read out of its NAL units (H.264 §7.4.1, H.265 §7.4.2). Pure. */

export type NalCodec = 'h264' | 'hevc'

/** `avc1.640028` → `h264`; undefined for codecs whose keyframes are always closed. */
export function nalCodecOf(codec: string | undefined): NalCodec | undefined {
  if (codec && /^avc[13]\./.test(codec)) return 'h264'
  return codec && /^(hvc1|hev1|dvh1|dvhe)\./.test(codec) ? 'hevc' : undefined
}

/** Bytes of a NAL unit's length, out of the codec's record (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1). */
export function nalLengthBytes(codec: NalCodec, description: Uint8Array | undefined): number {
  const byte = description?.[codec === 'h264' ? 4 : 21]
  return byte === undefined ? 4 : (byte & 3) + 1
}

/**
 * True for an IDR (H.264 5; HEVC 19, 20) and a broken link (HEVC 16 to 18), false for any other picture: a recovery
 * point (H.264 1) or a clean random access point (HEVC 21), whose leading pictures need what came before. Undefined
 * when no picture begins in these bytes, which may be only the first of the frame.
 */
export function isIdr(codec: NalCodec, frame: Uint8Array, lengthBytes: number): boolean | undefined {
  let at = 0
  while (at + lengthBytes < frame.length) {
    let size = 0
    for (let n = 0; n < lengthBytes; n++) size = size * 256 + (frame[at + n] ?? 0)
    const head = frame[at + lengthBytes] ?? 0
    if (codec === 'h264') {
      const type = head & 0x1f
      if (type >= 1 && type <= 5) return type === 5
    } else {
      const type = (head >> 1) & 0x3f
      if (type < 32) return type >= 16 && type <= 20
    }
    at += lengthBytes + size
  }
  return undefined
}

/** What x264 and x265 write of their settings into the first frame; undefined for other encoders. */
export function saysOpenGop(firstFrame: Uint8Array): boolean | undefined {
  const text = Buffer.from(firstFrame.buffer, firstFrame.byteOffset, firstFrame.length).toString('latin1')
  const h264 = / open_gop=([01])/.exec(text)
  if (h264) return h264[1] === '1'
  const hevc = / (no-)?open-gop\b/.exec(text)
  return hevc ? hevc[1] === undefined : undefined
}
