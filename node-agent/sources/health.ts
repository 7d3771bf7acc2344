/** Pure: whether a provider may be asked. One that fails sits on the bench, longer each time, and comes back by itself. */

export type Health = {
  /** In a row. */
  failures: number
  /** Epoch milliseconds; it is not asked before. */
  benchedUntilMs: number
  /** For the operator's eyes: when it answered and failed last, and a word for why. */
  answeredAtMs?: number
  failedAtMs?: number
  reason?: string
}

export type Outcome = { ok: true } | { ok: false; retryAfterSeconds?: number | undefined }

export const healthy: Health = { failures: 0, benchedUntilMs: 0 }

/** One failure may be anybody's; the second in a row is the provider's. */
const PATIENCE = 2
const FIRST_BENCH_SECONDS = 30
const LONGEST_BENCH_SECONDS = 30 * 60
/** However long it asks for. */
const LONGEST_WISH_SECONDS = 6 * 60 * 60

/** `chance` from 0 to 1 spreads the return by a fifth, so that agents do not come back together. */
export function afterOutcome(before: Health, outcome: Outcome, nowMs: number, chance: number): Health {
  if (outcome.ok) return healthy
  const failures = before.failures + 1
  const { retryAfterSeconds } = outcome
  const wished = retryAfterSeconds === undefined ? 0 : Math.min(retryAfterSeconds, LONGEST_WISH_SECONDS)
  const doubled = FIRST_BENCH_SECONDS * 2 ** Math.min(failures - PATIENCE, 10)
  const own = failures < PATIENCE ? 0 : Math.min(doubled, LONGEST_BENCH_SECONDS)
  const benchSeconds = Math.max(wished, own) * (1 + chance / 5)
  return { failures, benchedUntilMs: benchSeconds === 0 ? 0 : nowMs + benchSeconds * 1000 }
}

export const isBenched = ({ benchedUntilMs }: Health, nowMs: number): boolean => nowMs < benchedUntilMs
