/** Pure decisions about the access token in memory: when to get a new one, and what a refused refresh means. */
import type { FailureCode } from '../failure.ts'

/** An access token and until when this device's clock should use it (milliseconds). */
export type HeldToken = { accessToken: string; goodUntilMs: number }

/** A token is renewed this long before it runs out, so that no request meets an expired one. */
const REFRESH_AHEAD_MS = 60_000
/** The shortest wait between two refreshes on the clock, whatever the clocks say. */
const SHORTEST_WAIT_MS = 30_000

/**
 * Until when a token is good by this device's clock. The edge's `Date` header (RFC 9110 §6.6.1) takes a wrong
 * clock out of the sum; without it the device's own clock has to do.
 */
export function goodUntil(expiresAtSeconds: number, edgeDate: string | null, nowMs: number): number {
  const edgeNowMs = edgeDate === null ? Number.NaN : Date.parse(edgeDate)
  return nowMs + (expiresAtSeconds * 1000 - (Number.isNaN(edgeNowMs) ? nowMs : edgeNowMs))
}

/** True when a request should first get a new token: none held, nearly over, or the very one just refused. */
export function needsRefresh(held: HeldToken | undefined, nowMs: number, refusedToken?: string): boolean {
  if (!held || held.accessToken === refusedToken) return true
  return held.goodUntilMs - nowMs <= 5_000
}

/**
 * Asked again once the lock over all tabs is held: true when the refresh is still worth making, because no other
 * tab brought a token that outlives the next minute (or, after a refusal, any other token).
 */
export function isRefreshDue(held: HeldToken | undefined, nowMs: number, refusedToken?: string): boolean {
  if (refusedToken !== undefined) return needsRefresh(held, nowMs, refusedToken)
  return !held || held.goodUntilMs - nowMs <= REFRESH_AHEAD_MS + 1000
}

/** How long to wait before the refresh that comes by itself. */
export const nextRefreshInMs = (held: HeldToken, nowMs: number): number =>
  Math.max(SHORTEST_WAIT_MS, held.goodUntilMs - nowMs - REFRESH_AHEAD_MS)

/** Whether a refused refresh ends the sign-in. What passes by itself never does: a restart of the edge signs nobody out. */
export const endsSession = (code: FailureCode): boolean =>
  code === 'session_ended' || code === 'refresh_reused' || code === 'not_signed_in' || code === 'wrong_credentials'
