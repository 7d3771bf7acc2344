/** How fast bytes may pass: a bucket that fills at a rate, and may be overdrawn. Pure; times are epoch milliseconds. */

/** `level`: bytes that may pass at once; below zero, somebody has to wait until it is filled again. */
export type Bucket = { level: number; atMs: number }

/** A bucket holds this long of its rate, so that a player that asks now and then gets a segment in one go. */
const BURST_SECONDS = 2

export const fullBucket = (bytesPerSecond: number, nowMs: number): Bucket => ({
  level: bytesPerSecond * BURST_SECONDS,
  atMs: nowMs,
})

/**
 * Takes `bytes`, at once or on credit, and says how long whoever took them waits before they pass. A limit that
 * changed counts from now on; a clock that went back fills nothing.
 */
export function take(
  bucket: Bucket,
  bytesPerSecond: number,
  bytes: number,
  nowMs: number,
): { bucket: Bucket; waitMs: number } {
  const filled = bucket.level + (Math.max(0, nowMs - bucket.atMs) / 1000) * bytesPerSecond
  const level = Math.min(filled, bytesPerSecond * BURST_SECONDS) - bytes
  return { bucket: { level, atMs: nowMs }, waitMs: level >= 0 ? 0 : Math.ceil((-level / bytesPerSecond) * 1000) }
}

/** Below this no film plays, in no quality: a viewer more would spoil it for all. */
export const LEAST_SHARE = 125_000

/** May one more viewer come in, beside those who watch through the relay now? */
export const hasRoom = (viewersNow: number, householdLimit: number | undefined): boolean =>
  householdLimit === undefined || viewersNow === 0 || householdLimit / (viewersNow + 1) >= LEAST_SHARE
