/** Pure: whether bytes that a player waits for come too slowly by the way they take, given what it holds of the film. */

/**
 * One look at a request under way, about twice a second. `silentMs`: the player wants bytes, and none has come for so
 * long. `bytesPerSecond` is what came while they were wanted; undefined while too little has come to tell.
 */
export type WayLook = {
  aheadSeconds: number
  silentMs: number
  bytesPerSecond: number | undefined
  /** What a second of the film takes; undefined where nobody knows. */
  filmBytesPerSecond: number | undefined
  /** Only then is the pace of bytes the line's: a swarm, or home's own work, is as slow by any other way. */
  isLinesPace: boolean
  /** What another way is known to carry; undefined: another way is there, but was not measured. */
  spare: { bytesPerSecond: number | undefined } | undefined
}

/** `ask`: see whether home still answers by this way. `leave`: go on by another. */
export type WayVerdict = 'stay' | 'ask' | 'leave'

const LEAST_PATIENCE_MS = 1000
const MOST_PATIENCE_MS = 4000
/** A film that would stand still within this is in danger. */
const DRY_WITHIN_SECONDS = 20
/** Another way that carries hardly more is not worth the change. */
const BETTER_BY = 1.3

export function judgeWay(look: WayLook): WayVerdict {
  if (!look.spare) return 'stay'
  if (look.silentMs >= patienceMs(look.aheadSeconds)) return 'ask'
  const { bytesPerSecond: rate, filmBytesPerSecond: need, spare } = look
  if (!look.isLinesPace || rate === undefined || need === undefined || rate >= need) return 'stay'
  const drySeconds = (look.aheadSeconds * need) / (need - rate)
  if (drySeconds > DRY_WITHIN_SECONDS) return 'stay'
  const isBetter = spare.bytesPerSecond === undefined || spare.bytesPerSecond > rate * BETTER_BY
  return isBetter ? 'leave' : 'stay'
}

/** Who holds much of the film can wait; who holds none is asked about at once. */
export const patienceMs = (aheadSeconds: number): number =>
  Math.min(MOST_PATIENCE_MS, LEAST_PATIENCE_MS + Math.max(0, aheadSeconds) * 200)
