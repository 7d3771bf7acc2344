/** Pure: what a tap on the picture means: one shows or hides the controls, two at a side jump, more jump further. */

export type Tap = { atMs: number; share: number }
/** `side` is where the last tap fell; `jumps` counts the tens of seconds of the burst under way. */
export type TapBurst = { last: Tap; jumps: number; side: 'start' | 'middle' | 'end' }
export type TapMeaning = { burst: TapBurst; meaning: 'toggle-controls' | 'jump' | 'toggle-fullscreen' }

const DOUBLE_WITHIN_MS = 300
const NEXT_WITHIN_MS = 600

const sideOf = (share: number): TapBurst['side'] => (share < 0.35 ? 'start' : share > 0.65 ? 'end' : 'middle')

/** `share` is how far across the picture the tap fell, 0 to 1. */
export function readTap(before: TapBurst | undefined, tap: Tap): TapMeaning {
  const side = sideOf(tap.share)
  const isSameBurst =
    before !== undefined &&
    before.side === side &&
    tap.atMs - before.last.atMs <= (before.jumps > 0 ? NEXT_WITHIN_MS : DOUBLE_WITHIN_MS)
  if (!isSameBurst) return { burst: { last: tap, jumps: 0, side }, meaning: 'toggle-controls' }
  if (side === 'middle') return { burst: { last: tap, jumps: 0, side }, meaning: 'toggle-fullscreen' }
  return { burst: { last: tap, jumps: before.jumps + 1, side }, meaning: 'jump' }
}
