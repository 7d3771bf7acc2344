/** Pure: whether a service elsewhere is worth asking, after what it answered last. */

/** `pausedUntilMs`: what it asked for itself (Retry-After). `openUntilMs`: we leave it alone, after too many failures. */
export type Breaker = { failures: number; failedAtMs: number; openUntilMs: number; pausedUntilMs: number }

export const closedBreaker: Breaker = { failures: 0, failedAtMs: 0, openUntilMs: 0, pausedUntilMs: 0 }

const MOST_FAILURES = 5
/** Failures that lie further apart are not one trouble. */
const ONE_TROUBLE_MS = 60_000
const FIRST_REST_MS = 15_000
const LONGEST_REST_MS = 10 * 60_000
/** What a Retry-After may make us wait; a date in the next year would be the end of it. */
const LONGEST_PAUSE_MS = 3_600_000

/** `probe`: one request may go to see whether it is back. */
export type Permit = 'go' | 'probe' | 'away'

export function permitOf({ failures, openUntilMs, pausedUntilMs }: Breaker, nowMs: number): Permit {
  if (nowMs < pausedUntilMs || nowMs < openUntilMs) return 'away'
  return failures < MOST_FAILURES ? 'go' : 'probe'
}

/** Nobody else goes until the probe has been heard of, or this long: whoever sent it may be gone. */
export const probing = (breaker: Breaker, nowMs: number): Breaker => ({
  ...breaker,
  openUntilMs: nowMs + FIRST_REST_MS,
})

/** `paused`: it answers, and wants to be left alone for a while: no failure of its own. */
export type Outcome = { kind: 'answered' } | { kind: 'failed' } | { kind: 'paused'; seconds: number }

export function afterOutcome(breaker: Breaker, outcome: Outcome, nowMs: number): Breaker {
  if (outcome.kind === 'answered') return { ...closedBreaker, pausedUntilMs: breaker.pausedUntilMs }
  if (outcome.kind === 'paused') {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(1000, outcome.seconds * 1000))
    return { ...breaker, pausedUntilMs: Math.max(breaker.pausedUntilMs, nowMs + pauseMs) }
  }
  const isOldTrouble = breaker.failures < MOST_FAILURES && nowMs - breaker.failedAtMs > ONE_TROUBLE_MS
  const failures = (isOldTrouble ? 0 : breaker.failures) + 1
  const times = failures - MOST_FAILURES
  const restMs = times < 0 ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(20, times))
  return { ...breaker, failures, failedAtMs: nowMs, openUntilMs: Math.max(breaker.openUntilMs, nowMs + restMs) }
}

/** RFC 9110 §10.2.3: seconds, or a date; `otherwise` for anything else. */
export function retryAfterSeconds(header: string | null, nowMs: number, otherwise = 10): number {
  if (header === null) return otherwise
  if (/^\d{1,9}$/.test(header.trim())) return Number(header)
  // `-4` is a date too, to Date.parse.
  const atMs = /^[A-Z][a-z]{2,8},? /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(atMs) ? otherwise : Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}
