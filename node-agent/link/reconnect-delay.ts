/** How long to wait before connecting again. Pure. */

const FIRST_SECONDS = 1
const LONGEST_SECONDS = 60
/** Two agents with one key change places once an hour at last, until somebody pairs one of them anew. */
const LONGEST_FIGHT_SECONDS = 3600

/**
 * Exponential backoff with jitter over its upper half: attempt 0 waits 0.5 to 1 s, attempt 6 and all later ones 30 to
 * 60 s, so that a household's agents do not all come back at the moment the edge does. After another took our place it
 * is 30 to 60 s at least, and twice as long each time in a row. `random` is in [0, 1).
 */
export function reconnectDelaySeconds(attempt: number, random: number, fights = 0): number {
  const full =
    fights > 0
      ? Math.min(LONGEST_FIGHT_SECONDS, LONGEST_SECONDS * 2 ** Math.min(fights - 1, 10))
      : Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempt, 10))
  return full / 2 + (full / 2) * random
}

/**
 * How many times in a row another took our place, now that it has again: the other one comes back after as long as we
 * waited ourselves, so that a connection that lasted much longer was no part of the fight.
 */
export const fightsNow = (before: number, last: { lastedSeconds: number; waitedSeconds: number }): number =>
  last.lastedSeconds > 2 * last.waitedSeconds ? 1 : before + 1
