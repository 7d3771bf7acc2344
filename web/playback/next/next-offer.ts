/** Pure: when the episode after this one is offered, and when it begins by itself. */

/** Without a credits marker: this much before the end, but never more than a tenth of a short one. */
const BEFORE_END_SECONDS = 40
const MOST_OF_IT = 0.1
/** A chapter called credits in the first half is the opening's. */
const EARLIEST_CREDITS = 0.5

/** From which second on the next episode is offered; never while the length is not known. */
export function offerFromSeconds(durationSeconds: number, creditsAtSeconds: number | undefined): number {
  if (!(durationSeconds > 0)) return Number.POSITIVE_INFINITY
  const isMarked =
    creditsAtSeconds !== undefined &&
    creditsAtSeconds >= durationSeconds * EARLIEST_CREDITS &&
    creditsAtSeconds < durationSeconds
  if (isMarked) return creditsAtSeconds
  return durationSeconds - Math.min(BEFORE_END_SECONDS, durationSeconds * MOST_OF_IT)
}

/** `card`: over the picture. `counting`: at the end, and it begins by itself. `choice`: at the end, and it waits for a press. */
export type NextOffer = 'none' | 'card' | 'counting' | 'choice'

export type NextMoment = {
  /** Undefined: it is not known yet, or there is none. */
  next: { isAvailable: boolean } | undefined
  /** The film's last part has begun. */
  isNear: boolean
  isEnded: boolean
  /** The person said not now, at the card or at the end. */
  isRefused: boolean
}

export function nextOffer({ next, isNear, isEnded, isRefused }: NextMoment): NextOffer {
  if (!next) return 'none'
  if (isEnded) return next.isAvailable && !isRefused ? 'counting' : 'choice'
  return isNear && next.isAvailable && !isRefused ? 'card' : 'none'
}
