/** Coded frames into one fMP4 segment: when each is decoded, shown, and over. */
import type { CodedFrame } from './coded-frame.ts'
import { VIDEO_TIMESCALE } from './copied-init.ts'
import { type Sample, writeFragment } from './fragment.ts'
import type { MemoryPool } from './memory-pool.ts'
import { frameSamplesOf, soundTimes } from './sample-times.ts'

/** `endSeconds`: when the next segment begins, where it is known. */
export function writePictures(
  memory: MemoryPool,
  frames: readonly CodedFrame[],
  endSeconds: number | undefined,
  isClosed: boolean,
  index: number,
): Uint8Array {
  const inUnits = (seconds: number) => Math.round(seconds * VIDEO_TIMESCALE)
  const samples: Sample[] = frames.map(({ data, isKey, seconds }) => ({ data, isKey, presentation: inUnits(seconds) }))
  const shown = frames.map(({ seconds }) => seconds).sort((a, b) => a - b)
  const last = shown.at(-1) ?? 0
  // In an open group pictures of the next segment are shown before its keyframe: the usual step is a better guess.
  const step = shown.length > 1 ? (last - (shown[0] ?? 0)) / (shown.length - 1) : 1 / 24
  const end = endSeconds !== undefined && isClosed && endSeconds > last ? endSeconds : last + step
  return writeFragment(memory, samples, inUnits(end), index + 1)
}

/** `rate`: samples a second. */
export function writeSound(
  memory: MemoryPool,
  frames: readonly CodedFrame[],
  rate: number,
  codec: string,
  index: number,
): Uint8Array {
  const { starts, end } = soundTimes(
    frames.map(({ seconds }) => seconds),
    rate,
    frameSamplesOf(codec),
  )
  const samples = frames.map(({ data }, n) => ({ data, isKey: true, presentation: starts[n] ?? 0 }))
  return writeFragment(memory, samples, end, index + 1)
}
