/** Decoded sound laid onto a segment's own samples, in as many channels as are wanted. Pure. */
import { AUDIO_TICKS_PER_SECOND } from '../ffmpeg/making-arguments.ts'

/** One frame as a decoder gives it out. */
export type DecodedSound = {
  /** When its first sample is heard, film seconds. */
  seconds: number
  sampleRate: number
  /** One array a channel, in the order of ITU-R BS.775 as FFmpeg writes it: L R C LFE Ls Rs (rear, then side). */
  planes: readonly Float32Array[]
}

/** -3 dB. */
const HALF_POWER = Math.SQRT1_2
/** Above this a sum is bent towards full scale, and never clips. */
const KNEE = 0.9

/**
 * Interleaved, from `firstSample` on (film time at 48 kHz); silence where nothing was decoded. Channels that are left
 * out go to those that stay: centre and surrounds at -3 dB onto left and right, all 3 dB lower (as with ffmpeg).
 */
export function mixOnto(
  sounds: readonly DecodedSound[],
  firstSample: number,
  sampleCount: number,
  channels: 2 | 6,
): Float32Array {
  const mixed = new Float32Array(sampleCount * channels)
  for (const { seconds, sampleRate, planes } of sounds) {
    const gains = gainsOf(planes.length, channels)
    const [first = 0, step] = [seconds * AUDIO_TICKS_PER_SECOND, sampleRate / AUDIO_TICKS_PER_SECOND]
    const length = planes[0]?.length ?? 0
    const from = Math.max(firstSample, Math.round(first))
    const to = Math.min(firstSample + sampleCount, Math.round(first + length / step))
    for (const { plane: p, channel, gain } of gains) {
      const plane = planes[p] ?? new Float32Array()
      for (let sample = from; sample < to; sample++) {
        const at = (sample - Math.round(first)) * step
        const value = step === 1 ? (plane[at] ?? 0) : between(plane, at)
        const place = (sample - firstSample) * channels + channel
        mixed[place] = (mixed[place] ?? 0) + gain * value
      }
    }
  }
  for (let n = 0; n < mixed.length; n++) mixed[n] = bent(mixed[n] ?? 0)
  return mixed
}

function between(plane: Float32Array, at: number): number {
  const before = Math.floor(at)
  const [a, b] = [plane[before] ?? 0, plane[Math.min(plane.length - 1, before + 1)] ?? 0]
  return a + (b - a) * (at - before)
}

function bent(value: number): number {
  const size = Math.abs(value)
  if (size <= KNEE) return value
  return Math.sign(value) * (KNEE + (1 - KNEE) * Math.tanh((size - KNEE) / (1 - KNEE)))
}

type Gain = { plane: number; channel: number; gain: number }

/** Which decoded channel is heard where, and how loud. */
export function gainsOf(planes: number, channels: 2 | 6): Gain[] {
  const straight = (plane: number, channel = plane, gain = 1): Gain => ({ plane, channel, gain })
  if (planes === 1) return channels === 6 ? [straight(0, 2)] : [straight(0, 0), straight(0, 1)]
  if (channels === 6) {
    // Without the low channel the surrounds stand where it would: they move on.
    if (planes <= 3) return Array.from({ length: planes }, (_, n) => straight(n))
    if (planes < 6) return [0, 1, 2, ...(planes === 5 ? [3, 4] : [3])].map((n) => straight(n, n > 2 ? n + 1 : n))
    return Array.from({ length: planes }, (_, n) =>
      straight(n, n < 6 ? n : n - 2, n < 4 || planes === 6 ? 1 : HALF_POWER),
    )
  }
  if (planes === 2) return [straight(0), straight(1)]
  const low = planes >= 6 ? 3 : -1
  const sides = Array.from({ length: planes }, (_, n) => n).filter((n) => n > 2 && n !== low)
  const both = planes === 4 ? [2, 3] : [2]
  const lower = HALF_POWER
  return [
    ...[straight(0, 0, lower), straight(1, 1, lower)],
    ...both.flatMap((n) => [straight(n, 0, lower * HALF_POWER), straight(n, 1, lower * HALF_POWER)]),
    ...(planes === 4 ? [] : sides.map((n, place) => straight(n, place % 2, lower * HALF_POWER))),
  ]
}
