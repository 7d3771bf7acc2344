/** Writes samples as one CMAF media segment: `styp`, `moof`, `mdat` (ISO/IEC 23000-19 §7.3.3, 14496-12 §8.8). */
import type { Sample } from './read-fragments.ts'

export type SegmentToWrite = {
  /** In decode order. */
  samples: readonly Sample[]
  /** When the first is shown; where the segment begins when there is none. */
  startTicks: number
  /** When the first sample of the next segment is shown. */
  endTicks: number
  index: number
}

/** Sync: depends on no other (§8.8.3.1). Others depend, and are not sync. */
const SYNC_FLAGS = 0x0200_0000
const OTHER_FLAGS = 0x0101_0000

/**
 * Decode times are made from the times of showing alone: the n-th sample that is decoded is given the n-th time that is
 * shown. So a segment is the same whatever was made before it, begins at `startTicks`, lasts until `endTicks`, and joins
 * without a gap. Offsets may be negative (`trun` version 1).
 */
export function writeSegment({ samples, startTicks, endTicks, index }: SegmentToWrite): Uint8Array {
  const times = samples.map(({ time }) => time).sort((a, b) => a - b)
  const run = Buffer.alloc(20 + 16 * samples.length)
  run.writeUInt32BE(run.length, 0)
  run.write('trun', 4, 'latin1')
  // Version 1; data offset, and duration, size, flags and composition offset of each.
  run.writeUInt32BE(0x0100_0f01, 8)
  run.writeUInt32BE(samples.length, 12)
  samples.forEach((sample, n) => {
    const decodeTime = times[n] ?? startTicks
    const at = 20 + 16 * n
    run.writeUInt32BE(Math.max(0, (times[n + 1] ?? endTicks) - decodeTime), at)
    run.writeUInt32BE(sample.data.length, at + 4)
    run.writeUInt32BE(sample.isSync ? SYNC_FLAGS : OTHER_FLAGS, at + 8)
    run.writeInt32BE(sample.time - decodeTime, at + 12)
  })
  const traf = box(
    'traf',
    // default-base-is-moof (§8.8.7.1), track 1.
    box('tfhd', words(0x0002_0000, 1)),
    box('tfdt', words(0x0100_0000), bigWord(times[0] ?? startTicks)),
    run,
  )
  const moof = box('moof', box('mfhd', words(0, index + 1)), traf)
  // Counted from the first byte of the moof.
  moof.writeUInt32BE(moof.length + 8, moof.length - run.length + 16)
  return Buffer.concat([
    box('styp', Buffer.from('msdh\0\0\0\0msdhcmfs', 'latin1')),
    moof,
    box('mdat', ...samples.map(({ data }) => data)),
  ])
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const sizeBytes = parts.reduce((sum, part) => sum + part.length, 8)
  return Buffer.concat([words(sizeBytes), Buffer.from(type, 'latin1'), ...parts], sizeBytes)
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, n) => {
    bytes.writeUInt32BE(value, 4 * n)
  })
  return bytes
}

function bigWord(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
