/** Which bytes of a Matroska file hold a segment. */
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../film.ts'
import { children, MOST_HEADER_BYTES, readElement, readUint } from '../inside/ebml.ts'
import { id } from '../inside/matroska-ids.ts'
import type { Segment } from './segment-grid.ts'

/** A cluster's head and its timestamp. */
const HEAD_BYTES = 64

/** Where a segment begins: a block of a cluster, and that cluster's timestamp. */
type Cut = { byte: number; clusterTicks: number }

/** `endOf` tells where the segment ends, once what has been read (from the range's beginning) tells it. */
export type MatroskaRange = {
  range: readonly [number, number]
  clusterTicks: number
  endOf: (bytes: Uint8Array) => number | undefined
}

/**
 * Which bytes hold the segment, and the timestamp of the cluster they begin in. A segment that ends inside a cluster ends
 * where that cluster's own head says, which stands among its bytes: to read it beforehand would fetch a piece from the
 * segment's end before its beginning.
 */
export async function matroskaRange(
  film: Film,
  grid: readonly Segment[],
  index: number,
  signal: AbortSignal,
): Promise<MatroskaRange> {
  const from = await cutAt(film, grid, index, signal)
  const to = placeOf(film, grid, index + 1)
  const lastByte = Math.max(from.byte + 1, to.clusterByte + to.relativeByte)
  if (to.relativeByte === 0) return { ...inBytes(from.byte, lastByte), clusterTicks: from.clusterTicks }
  const headAt = to.clusterByte - from.byte
  // Both cuts in one cluster: its head stands before the range, and is as long as it was there.
  if (headAt < 0) {
    const { byte } = await cutAt(film, grid, index + 1, signal)
    return { ...inBytes(from.byte, Math.max(from.byte + 1, byte)), clusterTicks: from.clusterTicks }
  }
  return {
    range: [from.byte, Math.min(film.sizeBytes, lastByte + MOST_HEADER_BYTES)],
    clusterTicks: from.clusterTicks,
    endOf(bytes) {
      if (bytes.length < headAt + MOST_HEADER_BYTES) return undefined
      const cluster = readElement(bytes, headAt)
      // Of a damaged cluster nothing is shown, and all that stands before it.
      return cluster?.id === id.cluster ? cluster.dataStart + to.relativeByte : headAt
    },
  }
}

const inBytes = (from: number, to: number): Pick<MatroskaRange, 'range' | 'endOf'> => ({
  range: [from, to],
  endOf: () => to - from,
})

/** Where a segment begins, as Cues have it; the end of the last cluster after the last. */
function placeOf(
  { inside }: Film,
  grid: readonly Segment[],
  index: number,
): { clusterByte: number; relativeByte: number } {
  const { clusters, keyframes } = inside
  if (!clusters || !keyframes?.positions) throw noIndex()
  if (index === 0) return { clusterByte: clusters.firstByte, relativeByte: 0 }
  const segment = grid[index]
  if (!segment) return { clusterByte: clusters.endByte, relativeByte: 0 }
  const position = keyframes.positions[keyframes.timesSeconds.indexOf(segment.startSeconds)]
  if (!position) throw noIndex()
  return position
}

async function cutAt(film: Film, grid: readonly Segment[], index: number, signal: AbortSignal): Promise<Cut> {
  const { clusterByte, relativeByte } = placeOf(film, grid, index)
  if (relativeByte === 0) return { byte: clusterByte, clusterTicks: 0 }
  const head = await film.read(clusterByte, Math.min(film.sizeBytes, clusterByte + HEAD_BYTES), signal)
  const cluster = readElement(head, 0)
  if (cluster?.id !== id.cluster) throw damaged()
  const timestamp = [...children(head, cluster.dataStart)].find((child) => child.id === id.clusterTimestamp)
  const clusterTicks = timestamp && readUint(head, timestamp)
  if (clusterTicks === undefined) throw damaged()
  return { byte: clusterByte + cluster.dataStart + relativeByte, clusterTicks }
}

const noIndex = () => new AppError('not_playable', 'This film has no index to cut it by. Try another source.')
export const damaged = () =>
  new AppError('not_playable', 'The film is damaged at this place. Skip ahead, or try another source.')
