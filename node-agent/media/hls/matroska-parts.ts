/** A copied segment out of Matroska, in parts, while its bytes are read or still arrive. */
import type { Film } from '../film.ts'
import { type Frame, type ReadSoFar, readFramesOn } from '../inside/matroska-blocks.ts'
import type { CodedFrame } from './coded-frame.ts'
import type { CutRuns } from './cut-runs.ts'
import { type Run, sizeOfRun, writeRuns } from './fragment.ts'
import { damaged, matroskaRange } from './matroska-range.ts'
import type { Copies } from './open-copies.ts'
import type { Segment } from './segment-grid.ts'
import type { Arriving } from './shared-ranges.ts'

/** As many whole runs as there were at a time; in memory of the pool, which is whoever's takes it. */
export type SegmentPart = { bytes: Uint8Array; isLast: boolean }

/** The first part goes out at once, and those after it when they are worth a write. */
const PART_BYTES = 1024 * 1024

/** How it is parted depends on what has arrived, its bytes do not. Throws `not_playable` when the film is damaged there. */
export async function* matroskaParts(
  { film, trackId, grid, index }: { film: Film; trackId: number; grid: readonly Segment[]; index: number },
  copies: Copies,
  cut: CutRuns,
  signal: AbortSignal,
): AsyncGenerator<SegmentPart, void, undefined> {
  const { range, clusterTicks, endOf } = await matroskaRange(film, grid, index, signal)
  const framesIn = readFilm(film, trackId, clusterTicks)
  let runs: Run[] = []
  let isBegun = false
  for await (const arriving of copies.ranges.follow(film, range, signal)) {
    runs.push(...cut.add(framesIn(upTo(arriving, endOf(arriving.bytes)))))
    if (arriving.isAll) runs.push(...cut.end())
    const sizeBytes = runs.reduce((sum, run) => sum + sizeOfRun(run), 0)
    if (!arriving.isAll && sizeBytes < (isBegun ? PART_BYTES : 1)) continue
    if (runs.length === 0) throw damaged()
    const bytes = writeRuns(copies.memory, runs)
    isBegun = true
    runs = []
    yield { bytes, isLast: arriving.isAll }
  }
}

/** What is past the segment's end is the next one's. */
const upTo = ({ bytes, isAll }: Arriving, end: number | undefined): Arriving => ({
  bytes: bytes.subarray(0, end),
  isAll,
})

/** Gives the frames that are new since it was asked last. */
function readFilm({ inside }: Film, trackId: number, clusterTicks: number): (arriving: Arriving) => CodedFrame[] {
  const { clusters, startSeconds } = inside
  const scale = (clusters?.timestampScale ?? 1_000_000) / 1e9
  const text = clusters?.stripped?.find(({ trackNumber }) => trackNumber === trackId)?.bytes
  const stripped = text === undefined ? undefined : Buffer.from(text, 'base64')
  const wanted = new Set([trackId])
  const soFar: ReadSoFar = { at: 0, ticks: clusterTicks }
  const blocks: Frame[] = []
  let given = 0
  return (arriving) => {
    // A block that the file's end cuts off is left out: a browser takes half a picture for a broken segment.
    blocks.push(...readFramesOn({ bytes: arriving.bytes, isAll: false }, soFar, wanted))
    // What the last block's frames share is told by the block after it.
    const upTo = arriving.isAll
      ? blocks.length
      : Math.max(
          given,
          blocks.findLastIndex(({ lace }) => lace === 0),
        )
    const frames = blocks.slice(given, upTo).map(({ isKey, data }, n) => ({
      seconds: Math.max(0, ticksOf(blocks, given + n) * scale - startSeconds),
      isKey,
      data: stripped ? Buffer.concat([stripped, data]) : data,
    }))
    given = upTo
    return frames
  }
}

/** Frames after the first of a block have no time of their own: they share the time until the next block. */
function ticksOf(blocks: readonly Frame[], n: number): number {
  const { ticks = 0, lace = 0, durationTicks } = blocks[n] ?? {}
  if (lace === 0) return ticks
  let next = n + 1
  while ((blocks[next]?.lace ?? 0) > 0) next++
  const count = next - (n - lace)
  const before = blocks[n - lace - 1]
  // The last block of a segment lasts as long as the one before it did.
  const span = durationTicks ?? (blocks[next]?.ticks ?? ticks + (before ? ticks - before.ticks : 0)) - ticks
  return ticks + (span * lace) / count
}
