/** When the frames of sound are heard, exactly, out of the rounded times that containers keep. Pure. */

/** Matroska rounds to milliseconds: a time this near to where a frame should be is that frame's. */
const ROUNDING_SECONDS = 0.0011

/**
 * Presentation times in samples. When frames are all equally long (`frameSamples`) and each stands where the
 * film's own grid of such frames has it, that grid's times are taken: what two segments say of their border then
 * agrees to the sample. Otherwise an even spread over the segment, and where sound really has gaps, what is written.
 */
export function soundTimes(
  seconds: readonly number[],
  sampleRate: number,
  frameSamples: number | undefined,
  follows?: number,
): { starts: number[]; end: number } {
  const [first = 0, last = 0] = [seconds[0], seconds.at(-1)]
  const spread = seconds.length > 1 ? (last - first) / (seconds.length - 1) : 0
  const frame = frameSamples ?? Math.round(spread * sampleRate)
  const isNear = (samples: number, n: number) => Math.abs(samples / sampleRate - (seconds[n] ?? 0)) <= ROUNDING_SECONDS
  if (frame > 0) {
    const firstFrame = Math.round((first * sampleRate) / frame)
    const onGrid = seconds.map((_at, n) => (firstFrame + n) * frame)
    if (onGrid.every(isNear)) return { starts: onGrid, end: (firstFrame + seconds.length) * frame }
    const from = follows !== undefined && isNear(follows, 0) ? follows : Math.round(first * sampleRate)
    const even = seconds.map((_at, n) => from + n * frame)
    if (even.every(isNear)) return { starts: even, end: from + seconds.length * frame }
  }
  const starts = seconds.map((at) => Math.round(at * sampleRate))
  return { starts, end: (starts.at(-1) ?? 0) + Math.max(1, frame) }
}

/** Samples of one frame, of codecs where it is always the same. */
export function frameSamplesOf(codec: string): number | undefined {
  if (codec === 'mp4a.40.2') return 1024
  if (codec === 'ac-3' || codec === 'ec-3') return 1536
  return codec === 'mp4a.69' || codec === 'mp4a.6b' || codec === 'mp3' ? 1152 : undefined
}
