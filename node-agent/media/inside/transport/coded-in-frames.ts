/** Whether H.264 is coded in frames alone, out of its sequence parameters (H.264 §7.3.2.1.1). Pure. */

const WITH_CHROMA = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]

/**
 * `parameters`: the NAL unit, its first byte included. False for what may hold fields: two pictures then make one frame,
 * and they are better put together by whoever makes the picture anew. False, too, for what cannot be read.
 */
export function isCodedInFrames(parameters: Uint8Array): boolean {
  const bits = bitsOf(withoutEmulation(parameters.subarray(1)))
  const profile = bits.read(8)
  bits.read(16)
  bits.golomb()
  if (WITH_CHROMA.includes(profile)) {
    const chroma = bits.golomb()
    if (chroma === 3) bits.read(1)
    bits.golomb()
    bits.golomb()
    bits.read(1)
    const lists = bits.read(1) === 1 ? (chroma === 3 ? 12 : 8) : 0
    for (let n = 0; n < lists; n++) if (bits.read(1)) skipScalingList(bits, n < 6 ? 16 : 64)
  }
  bits.golomb()
  const orderType = bits.golomb()
  if (orderType === 0) bits.golomb()
  else if (orderType === 1) {
    bits.read(1)
    bits.golomb()
    bits.golomb()
    for (let left = Math.min(255, bits.golomb()); left > 0; left--) bits.golomb()
  }
  bits.golomb()
  bits.read(1)
  bits.golomb()
  bits.golomb()
  return bits.read(1) === 1 && bits.isInside()
}

type Bits = ReturnType<typeof bitsOf>

function bitsOf(bytes: Uint8Array) {
  let at = 0
  const read = (count: number): number => {
    let value = 0
    for (let n = 0; n < count; n++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
  return {
    read,
    /** ue(v), §9.1. */
    golomb(): number {
      let zeros = 0
      while (zeros < 32 && read(1) === 0) zeros++
      return 2 ** zeros - 1 + read(zeros)
    },
    isInside: () => at <= bytes.length * 8,
  }
}

/** §7.3.2.1.1.1 */
function skipScalingList(bits: Bits, size: number): void {
  let [last, next] = [8, 8]
  for (let n = 0; n < size && next !== 0; n++) {
    const code = bits.golomb()
    next = (last + (code % 2 === 1 ? (code + 1) / 2 : -code / 2) + 256) % 256
    if (next !== 0) last = next
  }
}

/** §7.4.1.1: the third of 0, 0, 3 is not part of it. */
const withoutEmulation = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte, n) => !(byte === 3 && n >= 2 && bytes[n - 1] === 0 && bytes[n - 2] === 0))
