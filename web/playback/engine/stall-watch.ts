/** Pure: what to do when the film wants to play and does not move: wait for peers, ask home, or start over. */

/**
 * One look at the player, about once a second. `heardMs` is when home was last known to answer; `isSilent` when its
 * status feed has just broken off, which makes a stall suspicious at once.
 */
export type Look = { nowMs: number; positionSeconds: number; wantsToPlay: boolean; heardMs: number; isSilent: boolean }

/** `movedMs` is when the position last changed; `asked`, `reloaded` and `moved` are what this stall has cost so far. */
export type Stall = {
  positionSeconds: number
  movedMs: number
  askedMs: number
  hasReloaded: boolean
  /** Home was away and is back, and the element was left to go on by itself: it gets a short while for that. */
  isResuming: boolean
  hasMoved: boolean
  /** When the position began to move without a break, to know that a repair has held. */
  runningSinceMs: number | undefined
}

export type StallAction = 'none' | 'ask' | 'reload' | 'move'

/** A new source may land a hair beside the old position; that is not playing. */
const STILL_SECONDS = 0.1
/** A silent home is asked after this long; a home that answers gets more patience, because peers may be slow. */
const ASK_AFTER_MS = 5000
const ASK_SILENT_AFTER_MS = 1500
const RELOAD_AFTER_MS = 20_000
const RESUME_WITHIN_MS = 5000
const MOVE_AFTER_MS = 45_000

export const noStall = (nowMs: number): Stall => ({
  positionSeconds: -1,
  movedMs: nowMs,
  askedMs: nowMs,
  hasReloaded: false,
  isResuming: false,
  hasMoved: false,
  runningSinceMs: undefined,
})

/** After a new source: the clock starts again, what was tried stays tried. */
export const afterRepair = (stall: Stall, nowMs: number, isResuming: boolean): Stall => ({
  ...stall,
  movedMs: nowMs,
  askedMs: nowMs,
  isResuming,
})

export function watchStall(stall: Stall, look: Look): { stall: Stall; action: StallAction } {
  const { nowMs } = look
  if (!look.wantsToPlay) return { stall: { ...noStall(nowMs), positionSeconds: look.positionSeconds }, action: 'none' }
  if (Math.abs(look.positionSeconds - stall.positionSeconds) > STILL_SECONDS) {
    const runningSinceMs = stall.runningSinceMs ?? nowMs
    return { stall: { ...noStall(nowMs), positionSeconds: look.positionSeconds, runningSinceMs }, action: 'none' }
  }
  const still = { ...stall, runningSinceMs: undefined }
  const forMs = nowMs - stall.movedMs
  if (forMs >= MOVE_AFTER_MS && !stall.hasMoved) return { stall: { ...still, hasMoved: true }, action: 'move' }
  const reloadAfterMs = stall.isResuming ? RESUME_WITHIN_MS : RELOAD_AFTER_MS
  if (forMs >= reloadAfterMs && !stall.hasReloaded) return { stall: { ...still, hasReloaded: true }, action: 'reload' }
  const silentMs = nowMs - Math.max(look.heardMs, stall.askedMs)
  const askAfterMs = look.isSilent ? ASK_SILENT_AFTER_MS : ASK_AFTER_MS
  if (forMs >= askAfterMs && silentMs >= askAfterMs) return { stall: { ...still, askedMs: nowMs }, action: 'ask' }
  return { stall: still, action: 'none' }
}
