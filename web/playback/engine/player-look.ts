/** What the player holds of the film and needs of it, by which its way home is judged. */
import type { PlayerLook } from '../transports/way-waits.ts'
import type { Screen } from './screen.ts'
import type { ViewingState } from './viewing-state.ts'

export function playerLook({ video, source }: Screen, { stream, status }: ViewingState): PlayerLook {
  const bitsPerSecond = source?.bitsPerSecond()
  const { sizeBytes, durationSeconds, plan } = stream ?? { sizeBytes: 0, durationSeconds: null, plan: undefined }
  const ofFile = durationSeconds ? sizeBytes / durationSeconds : undefined
  return {
    aheadSeconds: aheadSeconds(video),
    filmBytesPerSecond: bitsPerSecond === undefined ? ofFile : bitsPerSecond / 8,
    // What still arrives, or is being made, is as slow by every other way.
    isLinesPace: status?.state === 'complete' && (plan?.mode === 'direct' || plan?.mode === 'remux'),
  }
}

/** Seconds of film behind this moment that the element holds. */
export function aheadSeconds({ buffered, currentTime }: HTMLVideoElement): number {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i)) return buffered.end(i) - currentTime
  return 0
}
