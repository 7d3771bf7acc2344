/** The bytes of a Matroska block as they were before its track's compression (RFC 9559 §5.1.4.1.31). Pure. */
import { inflateSync } from 'node:zlib'
import type { SubtitleEntry } from '../../state/probe.ts'

/** What a block may grow to: a full screen of pictures is a few hundred kB. */
export const MOST_UNPACKED_BYTES = 8 * 1024 * 1024

/** Undefined for what is damaged, or would be larger than any subtitle, or than `mostBytes`. */
export function unpackBlock(
  data: Uint8Array,
  compression: SubtitleEntry['compression'],
  mostBytes = MOST_UNPACKED_BYTES,
): Uint8Array | undefined {
  if (compression === undefined) return data
  if (compression !== 'zlib') return Buffer.concat([Buffer.from(compression.strip, 'base64'), data])
  try {
    return inflateSync(data, { maxOutputLength: Math.min(mostBytes, MOST_UNPACKED_BYTES) })
  } catch {
    return undefined
  }
}

/** Of each in its place; from the one on that would make all of them larger than `mostBytes`, undefined. */
export function unpackBlocks(
  blocks: readonly { data: Uint8Array }[],
  compression: SubtitleEntry['compression'],
  mostBytes: number,
): (Uint8Array | undefined)[] {
  let leftBytes = mostBytes
  return blocks.map(({ data }) => {
    const unpacked = leftBytes > 0 ? unpackBlock(data, compression, leftBytes) : undefined
    leftBytes -= unpacked?.length ?? 0
    return unpacked
  })
}
