/** Writes one fMP4 segment (ISO/IEC 14496-12 §8.8, CMAF ISO/IEC 23000-19) of frames that are already coded. Pure. */

import type { MemoryPool } from './memory-pool.ts'

export type Sample = {
  data: Uint8Array
  /** When it is shown, in the track's timescale. */
  presentation: number
  isKey: boolean
}

/** The only track of a segment; the init segment says the same. */
const TRACK_ID = 1
const KEY_FLAGS = 0x02000000
const DELTA_FLAGS = 0x01010000
const TFHD_DEFAULT_BASE_IS_MOOF = 0x020000
/** Data offset, and for each sample its duration, size, flags and composition offset. */
const TRUN_FLAGS = 0x1 | 0x100 | 0x200 | 0x400 | 0x800
const SAMPLE_BYTES = 16

/**
 * `samples` in decode order; `end`: when the first sample after them is decoded, so that the next segment begins
 * where this one ends. Decode times are the presentation times in order, which every decoder can live with and which
 * any agent finds alike, whatever the container stored.
 */
export function writeFragment(
  memory: MemoryPool,
  samples: readonly Sample[],
  end: number,
  sequenceNumber: number,
): Uint8Array {
  const decode = samples.map(({ presentation }) => presentation).sort((a, b) => a - b)
  const mediaBytes = samples.reduce((sum, { data }) => sum + data.length, 0)
  const trunBytes = 20 + samples.length * SAMPLE_BYTES
  const trafBytes = 8 + 16 + 20 + trunBytes
  const moofBytes = 8 + 16 + trafBytes
  const stypBytes = 24
  const taken = memory.take(stypBytes + moofBytes + 8 + mediaBytes)
  const bytes = Buffer.from(taken.buffer, taken.byteOffset, taken.byteLength)
  let at = 0
  const word = (value: number) => {
    at = bytes.writeUInt32BE(value, at)
  }
  const name = (text: string) => {
    at += bytes.write(text, at, 'latin1')
  }
  const box = (sizeBytes: number, type: string) => {
    word(sizeBytes)
    name(type)
  }
  box(stypBytes, 'styp')
  name('cmfs')
  word(0)
  name('cmfsmsdh')
  box(moofBytes, 'moof')
  box(16, 'mfhd')
  word(0)
  word(sequenceNumber)
  box(trafBytes, 'traf')
  box(16, 'tfhd')
  word(TFHD_DEFAULT_BASE_IS_MOOF)
  word(TRACK_ID)
  box(20, 'tfdt')
  word(0x01000000)
  at = bytes.writeBigUInt64BE(BigInt(Math.max(0, decode[0] ?? 0)), at)
  box(trunBytes, 'trun')
  word(0x01000000 | TRUN_FLAGS)
  word(samples.length)
  word(moofBytes + 8)
  for (const [n, { data, presentation, isKey }] of samples.entries()) {
    const decoded = decode[n] ?? 0
    word(Math.max(0, (decode[n + 1] ?? end) - decoded))
    word(data.length)
    word(isKey ? KEY_FLAGS : DELTA_FLAGS)
    at = bytes.writeInt32BE(presentation - decoded, at)
  }
  box(8 + mediaBytes, 'mdat')
  for (const { data } of samples) {
    bytes.set(data, at)
    at += data.length
  }
  return bytes
}
