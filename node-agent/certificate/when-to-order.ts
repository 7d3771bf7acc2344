/** When a certificate is ordered, and how long a failure rests. Pure; all times are epoch seconds. */

/** What is known of the certificate at hand. */
export type Held = { domain: string; notBefore: number; notAfter: number }

/** What is kept between two looks. `restUntil`: nothing is ordered before, whatever else is so. */
export type OrderMemory = { failures: number; restUntil: number; problem?: OrderProblem }

/**
 * Why there is no new certificate, in a word that the admin page has a sentence for. `names_refused`: the edge did not
 * publish what it was asked. `challenge_refused`: what stands in DNS is not what was expected, or is not seen.
 */
export type OrderProblem = 'rate_limited' | 'challenge_refused' | 'names_refused' | 'authority_away' | 'failed'

export type NextStep = { do: 'order'; because: 'none' | 'other_domain' | 'due' } | { do: 'rest'; until: number }

export const freshMemory: OrderMemory = { failures: 0, restUntil: 0 }

/**
 * At two thirds of its life, as Let's Encrypt advises, so that a third is left for what may go wrong. A machine whose
 * clock is before the certificate's beginning waits: it would order one at every start.
 */
export function nextStep(domain: string, held: Held | undefined, memory: OrderMemory, now: number): NextStep {
  if (memory.restUntil > now) return { do: 'rest', until: memory.restUntil }
  if (!held) return { do: 'order', because: 'none' }
  if (held.domain !== domain) return { do: 'order', because: 'other_domain' }
  const dueAt = held.notBefore + ((held.notAfter - held.notBefore) * 2) / 3
  return now >= dueAt ? { do: 'order', because: 'due' } : { do: 'rest', until: Math.ceil(dueAt) }
}

/** Let's Encrypt allows five failures an hour for one name: the first rests are shorter than what would reach that. */
const FIRST_REST_SECONDS = 15 * 60
const LONGEST_REST_SECONDS = 24 * 3600
/** However long an authority asks us to wait, we look again after this. */
const MOST_ASKED_SECONDS = 8 * 24 * 3600

/** `drawn` is in [0, 1): a household's agents do not all come back in the same minute. */
export function afterFailure(
  before: OrderMemory,
  failure: { problem: OrderProblem; retryAfterSeconds?: number | undefined },
  now: number,
  drawn: number,
): OrderMemory {
  const failures = before.failures + 1
  const full = Math.min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2 ** Math.min(20, failures - 1))
  const asked = Math.min(MOST_ASKED_SECONDS, failure.retryAfterSeconds ?? 0)
  const rest = Math.max(asked, full) * (1 + drawn / 10)
  return { failures, restUntil: Math.ceil(now + rest), problem: failure.problem }
}
