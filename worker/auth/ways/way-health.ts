/** A circuit breaker for each way in: three failures in a row and it rests for half a minute, then one may try. */

export const FAILURES_TO_OPEN = 3
export const REST_MS = 30_000

type Circuit = { failures: number; lastFailureMs: number }

/**
 * Of this isolate, by way id. Not in D1: a provider that is down would cost a write for everybody who tries, and one
 * isolate that learns it half a minute late asks three times more.
 */
const circuits = new Map<string, Circuit>()

/** Pure: false while it rests. After that it is open again, and the next failure sends it back to rest at once. */
export const isClosed = (circuit: Circuit | undefined, nowMs: number): boolean =>
  circuit === undefined || circuit.failures < FAILURES_TO_OPEN || nowMs - circuit.lastFailureMs >= REST_MS

/** Pure. */
export const afterFailure = (circuit: Circuit | undefined, nowMs: number): Circuit => ({
  failures: (circuit?.failures ?? 0) + 1,
  lastFailureMs: nowMs,
})

export const isHealthy = (wayId: string, nowMs: number): boolean => isClosed(circuits.get(wayId), nowMs)

/** A person's mistake is an answer too: only a provider that does not answer properly counts against it. */
export function noteAnswer(wayId: string, isAnswered: boolean, nowMs: number): void {
  if (isAnswered) circuits.delete(wayId)
  else circuits.set(wayId, afterFailure(circuits.get(wayId), nowMs))
}
