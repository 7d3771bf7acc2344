/** Which samples of an MP4 a segment holds, and the runs of bytes they stand in. Pure. */
import type { SampleTable } from '../inside/mp4-table.ts'

/** Samples this near to one another are read at once: what lies between costs less than another read. */
const GAP_BYTES = 128 * 1024

export type Run = { start: number; end: number }

/**
 * First and last sample (exclusive) that are cut between two times of the file. Pictures are cut in decode order, before
 * keyframes, sound anywhere. Undefined ends are the film's own.
 */
export function samplesBetween(
  table: SampleTable,
  fromSeconds: number | undefined,
  toSeconds: number | undefined,
  isVideo: boolean,
): readonly [number, number] {
  const cutAt = (seconds: number, first: number) => {
    let n = first
    while (n < table.count && ((table.seconds[n] ?? 0) < seconds || (isVideo && !table.isKey(n)))) n++
    return n
  }
  const first = fromSeconds === undefined ? 0 : cutAt(fromSeconds, 0)
  return [first, toSeconds === undefined ? table.count : cutAt(toSeconds, first)]
}

/** Ascending, for samples `first` to `last` (exclusive). */
export function runsOf({ offsets, sizes }: SampleTable, first: number, last: number): Run[] {
  const each = Array.from({ length: last - first }, (_, n) => {
    const start = offsets[first + n] ?? 0
    return { start, end: start + (sizes[first + n] ?? 0) }
  }).sort((a, b) => a.start - b.start)
  const runs: Run[] = []
  for (const { start, end } of each) {
    const before = runs.at(-1)
    if (before && start <= before.end + GAP_BYTES) before.end = Math.max(before.end, end)
    else runs.push({ start, end })
  }
  return runs
}
