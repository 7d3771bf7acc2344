/** Pure: how long whoever guesses has to wait, and how many may try at once. */

/** `free` wrong guesses cost nothing; then each doubles the wait, from `firstWaitSeconds` to `mostWaitSeconds`. */
export type ThrottleRule = {
  free: number
  firstWaitSeconds: number
  mostWaitSeconds: number
  /** After this long without a wrong guess all is forgotten. */
  forgetSeconds: number
}

/** What is remembered of one key. Times are epoch milliseconds. */
export type Bucket = { failures: number; failedAtMs: number; pending: number }

export const emptyBucket: Bucket = { failures: 0, failedAtMs: 0, pending: 0 }

export type Admission = { admitted: true } | { admitted: false; retryAfterSeconds: number }

/**
 * Guesses under way count as if they were wrong: a hundred at once get no further than one after another. Past the
 * free ones there is one at a time.
 */
export function admit(bucket: Bucket, rule: ThrottleRule, nowMs: number): Admission {
  const { failures, failedAtMs, pending } = remembered(bucket, rule, nowMs)
  const isPatient = nowMs >= failedAtMs + waitSeconds(failures, rule) * 1000
  if (!isPatient) {
    return {
      admitted: false,
      retryAfterSeconds: Math.ceil(failedAtMs / 1000 + waitSeconds(failures, rule) - nowMs / 1000),
    }
  }
  const room = Math.max(1, rule.free - failures)
  return pending < room ? { admitted: true } : { admitted: false, retryAfterSeconds: 1 }
}

export const begun = (bucket: Bucket): Bucket => ({ ...bucket, pending: bucket.pending + 1 })

/** `abandoned`: it could not be checked at all, which says nothing of whoever asked. */
export type Outcome = 'succeeded' | 'failed' | 'abandoned'

export function ended(bucket: Bucket, outcome: Outcome, rule: ThrottleRule, nowMs: number): Bucket {
  const { failures, failedAtMs, pending } = remembered(bucket, rule, nowMs)
  const left = Math.max(0, pending - 1)
  if (outcome === 'succeeded') return { failures: 0, failedAtMs: 0, pending: left }
  if (outcome === 'abandoned') return { failures, failedAtMs, pending: left }
  return { failures: failures + 1, failedAtMs: nowMs, pending: left }
}

/** Of the guess that comes after `failures` wrong ones. */
export function waitSeconds(failures: number, { free, firstWaitSeconds, mostWaitSeconds }: ThrottleRule): number {
  return failures < free ? 0 : Math.min(mostWaitSeconds, firstWaitSeconds * 2 ** Math.min(30, failures - free))
}

const remembered = (bucket: Bucket, { forgetSeconds }: ThrottleRule, nowMs: number): Bucket =>
  nowMs - bucket.failedAtMs > forgetSeconds * 1000 ? { ...bucket, failures: 0, failedAtMs: 0 } : bucket
