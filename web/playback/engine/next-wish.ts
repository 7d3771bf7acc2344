/** Pure: what to ask of home when this screen fails at what it was given: one rung lower, or a smaller picture. */
import type { PlayMode, PlayPlan, PlayWish } from '#protocol/play-plan.ts'
import { MADE_HEIGHTS } from '#protocol/rendition.ts'

/** `decode`: no picture. `silent`: a picture without its sound. `slow`: too many frames dropped. */
export type ScreenTrouble = 'decode' | 'silent' | 'slow'

/** A picture that is too much for this device is so on every rung that copies it. */
const copied: readonly PlayMode[] = ['direct', 'remux', 'audio']

/** Undefined when there is nothing left to ask for. */
export function nextWish(wish: PlayWish, plan: PlayPlan, trouble: ScreenTrouble): PlayWish | undefined {
  const failed = wish.failedModes ?? []
  if (trouble === 'slow' && plan.mode === 'transcode') {
    const lower = MADE_HEIGHTS.find((height) => height < (plan.heightPixels ?? MADE_HEIGHTS[0] + 1))
    return lower === undefined ? undefined : { ...wish, mostHeightPixels: lower }
  }
  const more = trouble === 'slow' ? copied : [plan.mode]
  if (more.every((mode) => failed.includes(mode))) return undefined
  return { ...wish, failedModes: [...new Set([...failed, ...more])] }
}
