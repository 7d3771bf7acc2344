/** Pure: which parts of the film home has, as times. Bytes become seconds by proportion; a film's bitrate wanders, the bar is a hint. */
import type { StreamStatus } from '#protocol/stream-status.ts'
import type { TimeRange } from '../player/player-state.ts'

export function downloadedTimes(status: StreamStatus | undefined, durationSeconds: number): TimeRange[] {
  if (!status || status.sizeBytes === 0 || durationSeconds === 0) return []
  const toSeconds = (bytes: number) => (Math.min(bytes, status.sizeBytes) / status.sizeBytes) * durationSeconds
  return status.buffered
    .filter(([start, end]) => end > start)
    .map(([start, end]) => ({ start: toSeconds(start), end: toSeconds(end) }))
}
