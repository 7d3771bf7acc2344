/** Sorts samples, as an encoder gives them out, into the segments of a grid. Pure: no clock, no I/O. */
import type { Segment } from '../../hls/segment-grid.ts'
import type { Sample } from './read-fragments.ts'
import type { SegmentToWrite } from './write-segment.ts'

/** Times of a grid come from other clocks (milliseconds in Matroska): what is this near to a cut is at it. */
const NEAR_SECONDS = 0.002

export type Cutter = {
  /** Gives the segments that this sample completes, ascending. */
  push(sample: Sample): SegmentToWrite[]
  /**
   * A fragment of ffmpeg's is over, which says how long its last sample lasts: the segment that it completes, before the
   * sample comes that opens the next one. Whoever watches need not wait until that one is made too.
   */
  endFragment(): SegmentToWrite[]
  /** No more samples come: all segments that are left, empty ones too. */
  end(): SegmentToWrite[]
}

/**
 * A sample that decoding can begin at opens the segment it falls in; the others belong to the one that is open. What
 * falls before `firstIndex` or after the grid is dropped. Segments without a sample are given too: a playlist has promised them.
 */
export function cutAtGrid(grid: readonly Segment[], firstIndex: number, ticksPerSecond: number): Cutter {
  const startTicks = (index: number) =>
    Math.round((grid[index]?.startSeconds ?? grid.at(-1)?.endSeconds ?? 0) * ticksPerSecond)
  const nearTicks = Math.round(NEAR_SECONDS * ticksPerSecond)
  let index = firstIndex
  let samples: Sample[] | undefined
  const indexOf = (time: number) => {
    let found = index
    while (found < grid.length && time >= startTicks(found + 1) - nearTicks) found++
    return found
  }
  const complete = (endTicks: number): SegmentToWrite => {
    const written = samples ?? []
    const done = { samples: written, startTicks: firstTime(written) ?? startTicks(index), endTicks, index }
    samples = undefined
    index++
    return done
  }
  return {
    endFragment() {
      if (!samples || index === grid.length) return []
      const nextTime = lastEnd(samples)
      // Into the segment after it, and no further: over a longer gap only the next sample says where it is.
      return nextTime !== undefined && indexOf(nextTime) === index + 1 ? [complete(nextTime)] : []
    },
    push(sample) {
      const done: SegmentToWrite[] = []
      if (sample.isSync && sample.time >= startTicks(firstIndex) - nearTicks) {
        const opened = indexOf(sample.time)
        while (index < opened) done.push(complete(index + 1 === opened ? sample.time : startTicks(index + 1)))
        samples ??= []
      }
      if (index === grid.length) return done
      samples?.push(sample)
      return done
    },
    end() {
      if (index === grid.length) return []
      const done: SegmentToWrite[] = []
      const endTicks = samples && lastEnd(samples)
      if (endTicks !== undefined) done.push(complete(endTicks))
      while (index < grid.length) done.push(complete(startTicks(index + 1)))
      return done
    },
  }
}

const firstTime = (samples: readonly Sample[]) =>
  samples.length === 0
    ? undefined
    : samples.reduce((first, { time }) => Math.min(first, time), Number.POSITIVE_INFINITY)

function lastEnd(samples: readonly Sample[]): number | undefined {
  if (samples.length === 0) return undefined
  const last = samples.reduce((latest, sample) => (sample.time > latest.time ? sample : latest))
  return last.time + last.durationTicks
}
