/** Pure: when the swarm of a source is counted next. One that changes is looked at often, one that is dead seldom. */

const HOUR = 3600
export const LEAST_SECONDS = 6 * HOUR
export const MOST_SECONDS = 72 * HOUR
/** After the first count. */
const FIRST_SECONDS = 12 * HOUR
/** Below so many sharers a swing of one is no change. */
const SMALL_CROWD = 5
const MUCH = 0.25
const LITTLE = 0.1

export type Count = { seeders: number; leechers: number }

/**
 * Seconds until the next count. `before`: as it was counted the last time; `counted` is undefined when no tracker said
 * anything. Drawn apart by a tenth (`drawn` from 0 to 1), within the bounds, so that what was found together is not
 * counted together for ever.
 */
export function nextCountSeconds(
  everySeconds: number | null,
  before: number | null,
  counted: Count | undefined,
  drawn: number,
): number {
  const wait = (everySeconds ?? FIRST_SECONDS) * factorOf(before, counted) * (0.9 + drawn * 0.2)
  return Math.round(Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, wait)))
}

function factorOf(before: number | null, counted: Count | undefined): number {
  if (!counted || counted.seeders + counted.leechers === 0) return 2
  if (before === null) return 1
  const change = Math.abs(counted.seeders - before) / Math.max(before, counted.seeders, SMALL_CROWD)
  if (change > MUCH) return 0.5
  return change < LITTLE ? 1.5 : 1
}
