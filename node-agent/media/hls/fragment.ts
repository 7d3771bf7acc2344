/** Writes fMP4 segments (ISO/IEC 14496-12 §8.8, CMAF ISO/IEC 23000-19) of frames that are already coded. Pure. */

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

/** Frames that stand in one `moof` with its `mdat`. */
export type Run = {
  /** In decode order. */
  samples: readonly Sample[]
  /** When each is decoded, ascending. */
  decode: readonly number[]
  /** When the first sample after them is decoded, so that the next run begins where this one ends. */
  end: number
  sequenceNumber: number
  /** A segment says once what it is. */
  isFirst: boolean
}

const STYP_BYTES = 24
const moofBytesOf = (samples: readonly Sample[]) => 8 + 16 + 8 + 16 + 20 + 20 + samples.length * SAMPLE_BYTES
const mediaBytesOf = (samples: readonly Sample[]) => samples.reduce((sum, { data }) => sum + data.length, 0)

/** How long `writeRuns` makes it. */
export const sizeOfRun = ({ samples, isFirst }: Run): number =>
  (isFirst ? STYP_BYTES : 0) + moofBytesOf(samples) + 8 + mediaBytesOf(samples)

/** One segment of one run. `samples` in decode order; `end`: when the first sample after them is decoded. */
export const writeFragment = (
  memory: MemoryPool,
  samples: readonly Sample[],
  end: number,
  sequenceNumber: number,
): Uint8Array => writeRuns(memory, [{ samples, decode: decodeTimes(samples), end, sequenceNumber, isFirst: true }])

/**
 * Decode times are the presentation times in order, which every decoder can live with and which any agent finds alike,
 * whatever the container stored.
 */
export const decodeTimes = (samples: readonly Sample[]): number[] =>
  samples.map(({ presentation }) => presentation).sort((a, b) => a - b)

export function writeRuns(memory: MemoryPool, runs: readonly Run[]): Uint8Array {
  const taken = memory.take(runs.reduce((sum, run) => sum + sizeOfRun(run), 0))
  const bytes = Buffer.from(taken.buffer, taken.byteOffset, taken.byteLength)
  let at = 0
  for (const run of runs) at = writeRun(bytes, at, run)
  return bytes
}

function writeRun(bytes: Buffer, from: number, { samples, decode, end, sequenceNumber, isFirst }: Run): number {
  const moofBytes = moofBytesOf(samples)
  let at = from
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
  if (isFirst) {
    box(STYP_BYTES, 'styp')
    name('cmfs')
    word(0)
    name('cmfsmsdh')
  }
  box(moofBytes, 'moof')
  box(16, 'mfhd')
  word(0)
  word(sequenceNumber)
  box(moofBytes - 24, 'traf')
  box(16, 'tfhd')
  word(TFHD_DEFAULT_BASE_IS_MOOF)
  word(TRACK_ID)
  box(20, 'tfdt')
  word(0x01000000)
  at = bytes.writeBigUInt64BE(BigInt(Math.max(0, decode[0] ?? 0)), at)
  box(20 + samples.length * SAMPLE_BYTES, 'trun')
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
  box(8 + mediaBytesOf(samples), 'mdat')
  for (const { data } of samples) {
    bytes.set(data, at)
    at += data.length
  }
  return at
}
