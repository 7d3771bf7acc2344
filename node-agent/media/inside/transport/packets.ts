/** The packets of a transport stream (ISO/IEC 13818-1 §2.4.3): where they stand, whose they are, what they carry. Pure. */

import type { Packets } from '../../../state/probe.ts'

export const PACKET_BYTES = 188
const SYNC = 0x47

/** `firstByte`: where the first sync byte stands; `strideBytes`: from each to the next. */
export type Layout = Packets

/** Plain; Blu-ray's, with four bytes of time before each; broadcast's, with sixteen of error correction behind. */
const LAYOUTS: readonly Layout[] = [
  { firstByte: 0, strideBytes: 188 },
  { firstByte: 4, strideBytes: 192 },
  { firstByte: 0, strideBytes: 204 },
]
const SYNCS_SEEN = 5
export const LAYOUT_BYTES = SYNCS_SEEN * 204 + 4

/** Out of the first `LAYOUT_BYTES` of a file, or all of a smaller one. Undefined: these are no packets. */
export function layoutOf(head: Uint8Array): Layout | undefined {
  return LAYOUTS.find(({ firstByte, strideBytes }) => {
    const count = Math.min(SYNCS_SEEN, Math.floor((head.length - firstByte) / strideBytes))
    return (
      count > 0 && Array.from({ length: count }, (_, n) => firstByte + n * strideBytes).every((at) => isSync(head, at))
    )
  })
}

// All of these look at the packet whose sync byte stands at `at`.

export const isSync = (bytes: Uint8Array, at: number): boolean => bytes[at] === SYNC

export const pidAt = (bytes: Uint8Array, at: number): number =>
  (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)

/** A PES packet begins in it. */
export const beginsUnit = (bytes: Uint8Array, at: number): boolean => ((bytes[at + 1] ?? 0) & 0x40) !== 0

/** Received with errors that could not be corrected. */
export const isBroken = (bytes: Uint8Array, at: number): boolean => ((bytes[at + 1] ?? 0) & 0x80) !== 0

export const isScrambled = (bytes: Uint8Array, at: number): boolean => ((bytes[at + 3] ?? 0) & 0xc0) !== 0

/** Where its payload begins; its end when it carries none. */
export function payloadAt(bytes: Uint8Array, at: number): number {
  const flags = bytes[at + 3] ?? 0
  if ((flags & 0x10) === 0) return at + PACKET_BYTES
  const start = (flags & 0x20) === 0 ? at + 4 : at + 5 + (bytes[at + 4] ?? 0)
  return Math.min(start, at + PACKET_BYTES)
}

/** Its sender says that decoding can begin here (§2.4.3.5, random_access_indicator). */
export const saysRandomAccess = (bytes: Uint8Array, at: number): boolean =>
  ((bytes[at + 3] ?? 0) & 0x20) !== 0 && (bytes[at + 4] ?? 0) > 0 && ((bytes[at + 5] ?? 0) & 0x40) !== 0
