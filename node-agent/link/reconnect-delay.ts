/** How long to wait before connecting again. Pure. */

const FIRST_SECONDS = 1
const LONGEST_SECONDS = 60

/**
 * Exponential backoff with jitter over its upper half: attempt 0 waits 0.5 to 1 s, attempt 6 and all later ones 30 to
 * 60 s, so that a household's agents do not all come back at the moment the edge does. `random` is in [0, 1).
 */
export function reconnectDelaySeconds(attempt: number, random: number): number {
  const full = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempt, 10))
  return full / 2 + (full / 2) * random
}
