/** Pure: when a person's place in a film is worth saving. */

export type SaveReason = 'tick' | 'pause' | 'seek' | 'hide' | 'end'

const EVERY_MS = 10_000
/** Less than this far from the last save is nothing new. */
const SAME_SECONDS = 0.5

export type LastSave = { atMs: number; positionSeconds: number } | undefined

/** Whether this moment is worth a request. While playing at most every ten seconds. */
export function shouldSave(
  last: LastSave,
  now: { reason: SaveReason; nowMs: number; positionSeconds: number },
): boolean {
  if (!last) return now.reason === 'end' || now.positionSeconds > SAME_SECONDS
  if (Math.abs(now.positionSeconds - last.positionSeconds) < SAME_SECONDS) return false
  return now.reason === 'tick' ? now.nowMs - last.atMs >= EVERY_MS : true
}

/** What the viewer did, for whoever follows along: that it plays is said with the first save of playing, not with each. */
export function momentOf(reason: SaveReason, isPlayingTold: boolean): 'playing' | 'paused' | 'ended' | undefined {
  if (reason === 'pause') return 'paused'
  if (reason === 'end' || reason === 'hide') return 'ended'
  return reason === 'tick' && !isPlayingTold ? 'playing' : undefined
}
