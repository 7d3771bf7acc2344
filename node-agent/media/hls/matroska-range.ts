/** Which bytes of a Matroska file hold a segment. */
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../film.ts'
import { children, readElement, readUint } from '../inside/ebml.ts'
import { id } from '../inside/matroska-ids.ts'
import type { Segment } from './segment-grid.ts'

/** A cluster's head and its timestamp. */
const HEAD_BYTES = 64

/** Where a segment begins: a block of a cluster, and that cluster's timestamp. */
type Cut = { byte: number; clusterTicks: number }

/** Which bytes lie between the cuts that begin and end the segment, and the timestamp of the cluster they begin in. */
export async function matroskaRange(
  film: Film,
  grid: readonly Segment[],
  index: number,
  signal: AbortSignal,
): Promise<{ range: readonly [number, number]; clusterTicks: number }> {
  const from = await cutAt(film, grid, index, signal)
  const to = await cutAt(film, grid, index + 1, signal)
  return { range: [from.byte, Math.max(from.byte + 1, to.byte)], clusterTicks: from.clusterTicks }
}

async function cutAt(film: Film, grid: readonly Segment[], index: number, signal: AbortSignal): Promise<Cut> {
  const { clusters, keyframes } = film.inside
  if (!clusters || !keyframes?.positions) throw noIndex()
  if (index === 0) return { byte: clusters.firstByte, clusterTicks: 0 }
  const segment = grid[index]
  if (!segment) return { byte: clusters.endByte, clusterTicks: 0 }
  const position = keyframes.positions[keyframes.timesSeconds.indexOf(segment.startSeconds)]
  if (!position) throw noIndex()
  const { clusterByte, relativeByte } = position
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
