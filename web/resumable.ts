/** Pure: whether there is something to resume, neither the first seconds nor the end credits. */

/** The share after which a film counts as finished; the edge leaves it out of continue watching from here. */
const FINISHED_SHARE = 0.9
const BARELY_BEGUN_SECONDS = 5

export const isResumable = (at: { positionSeconds: number; durationSeconds: number }): boolean =>
  at.positionSeconds >= BARELY_BEGUN_SECONDS &&
  (at.durationSeconds === 0 || at.positionSeconds < at.durationSeconds * FINISHED_SHARE)
