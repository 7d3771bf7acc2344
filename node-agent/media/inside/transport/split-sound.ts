/** A stream of sound out of PES packets, split into its frames, each with its time. Pure. */
import { nearTo, TICKS_PER_SECOND, type Unit } from './pes.ts'
import type { ReadSoundFrame, SoundFrame } from './sound-frames.ts'

/** `seconds`: the file's own. `data`: as MP4 holds it. */
export type TimedFrame = { seconds: number; data: Uint8Array }

/** One frame of sound may go on in so many more (ETSI TS 102 366 §E.1.3.1.2). */
const MOST_CONTINUED = 8
/** That of AAC, without a checksum. */
const MOST_HEADER_BYTES = 7
/** Minutes of the shortest: a segment has seconds. */
const MOST_FRAMES = 100_000

/**
 * The time of a packet is that of the first frame that begins in it (ISO/IEC 13818-1 §2.7.5); those after it follow one
 * another. A frame that is not whole at either end, and what is no frame, is left out. `nearTicks`: a time near all of these.
 */
export function splitSound(units: readonly Unit[], read: ReadSoundFrame, nearTicks: number): TimedFrame[] {
  const bytes = Buffer.concat(units.map(({ data }) => data))
  const times = beginningsOf(units)
  const frames: TimedFrame[] = []
  let ticks: number | undefined
  let at = 0
  let unit = -1
  let continued = 0
  while (at < bytes.length && frames.length < MOST_FRAMES) {
    const frame = wholeFrame(bytes, at, read)
    if (!frame) {
      at++
      continue
    }
    let begun = unit
    while ((times[begun + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) begun++
    const told = begun > unit ? times[begun]?.ticks : undefined
    unit = begun
    if (told !== undefined) ticks = nearTo(nearTicks, told)
    const last = frames.at(-1)
    const whole = bytes.subarray(at, at + frame.sizeBytes)
    if (frame.continuesLast) {
      if (last && ++continued <= MOST_CONTINUED) last.data = Buffer.concat([last.data, whole])
    } else if (ticks !== undefined) {
      continued = 0
      frames.push({ seconds: ticks / TICKS_PER_SECOND, data: whole.subarray(frame.headerBytes) })
      ticks += (frame.samples * TICKS_PER_SECOND) / frame.rate
    }
    at += frame.sizeBytes
  }
  return frames
}

/** What looks like a frame is one when another follows it, or too little to tell. */
function wholeFrame(bytes: Uint8Array, at: number, read: ReadSoundFrame): SoundFrame | undefined {
  const frame = read(bytes, at)
  const end = at + (frame?.sizeBytes ?? 0)
  if (!frame || end > bytes.length) return undefined
  return bytes.length - end < MOST_HEADER_BYTES || read(bytes, end) ? frame : undefined
}

/** Where each packet's bytes begin among those of all. */
function beginningsOf(units: readonly Unit[]): { at: number; ticks: number | undefined }[] {
  let at = 0
  return units.map(({ data, ticks }) => {
    at += data.length
    return { at: at - data.length, ticks }
  })
}
