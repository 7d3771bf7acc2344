/** Pure: which of two memories of a film is kept, and what is made of a viewer's clock. */
import type { Progress, SaveProgress } from './answers.ts'

/** From here on a film counts as finished: the rest is credits. */
export const FINISHED_PART = 0.9
/** A viewer's clock may run ahead by this much before we stop believing it. */
export const CLOCK_AHEAD_MS = 60_000

/** What is stored of what was sent: a position inside the film, at a time that is not in the future. */
export function acceptProgress<Sent extends Progress>(sent: Sent, nowMs: number): Sent {
  return {
    ...sent,
    positionSeconds: Math.min(sent.positionSeconds, sent.durationSeconds),
    // A clock set to next year would otherwise win over every save until then.
    watchedAtMs: Math.min(sent.watchedAtMs, nowMs + CLOCK_AHEAD_MS),
  }
}

/** Credits do not begin before this part of a film; who says so is not believed. */
const EARLIEST_CREDITS_PART = 0.75

/** Whether a film counts as watched from here: nearly at its end, or at its credits. */
export function isWatchedAt({ positionSeconds, durationSeconds, creditsAtSeconds }: SaveProgress): boolean {
  if (durationSeconds <= 0) return false
  const isCredits = creditsAtSeconds !== undefined && creditsAtSeconds >= EARLIEST_CREDITS_PART * durationSeconds
  const watchedFrom = isCredits ? creditsAtSeconds : FINISHED_PART * durationSeconds
  return positionSeconds >= Math.min(watchedFrom, FINISHED_PART * durationSeconds)
}

/** The last one to watch wins; a save that arrives late never goes backwards. */
export const mergeProgress = (stored: Progress | undefined, sent: Progress): Progress =>
  stored !== undefined && sent.watchedAtMs <= stored.watchedAtMs ? stored : sent
