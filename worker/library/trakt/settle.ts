/** Pure: what is done about one thing that is kept here and on Trakt. The newest wins, and nothing is lost in doubt. */

/** A value and when somebody chose it, epoch milliseconds. */
export type Stamped<Value> = { value: Value; atMs: number }

/**
 * `take`: theirs is written here. `send`: ours is sent there. `drop`: it was taken away there, and is taken away here.
 * What is taken away here is told to Trakt when it happens (outbox.ts), never concluded from its absence: a title that
 * this catalog lost would otherwise leave the person's own account as well.
 */
export type Settlement = 'nothing' | 'take' | 'send' | 'drop'

/** Clocks of two sides, and the time a reading takes: within this of the last sync, absence proves nothing. */
export const DOUBT_MS = 5 * 60_000

/** `lastSyncMs`: when both sides were last made alike; null before the first time, when nothing can have been taken away. */
export function settle<Value>(
  ours: Stamped<Value> | undefined,
  theirs: Stamped<Value> | undefined,
  lastSyncMs: number | null,
  isSame: (ours: Value, theirs: Value) => boolean,
): Settlement {
  if (ours && theirs) {
    if (isSame(ours.value, theirs.value)) return 'nothing'
    return theirs.atMs > ours.atMs ? 'take' : 'send'
  }
  if (theirs) return lastSyncMs === null || theirs.atMs > lastSyncMs - DOUBT_MS ? 'take' : 'nothing'
  if (ours) return lastSyncMs === null || ours.atMs > lastSyncMs - DOUBT_MS ? 'send' : 'drop'
  return 'nothing'
}

/** The same viewing told twice: its two ends are measured by two clocks, and rounded by one of them. */
export const SAME_VIEWING_MS = 15 * 60_000

export type Viewing = { titleId: string; atMs: number }

/** Their viewings that are none of ours, and those that are one of ours, with it; one there is one here at most. */
export function pairViewings<Ours extends Viewing, Theirs extends Viewing>(
  ours: readonly Ours[],
  theirs: readonly Theirs[],
): { fresh: Theirs[]; pairs: { ours: Ours; theirs: Theirs }[] } {
  const free = new Map([...Map.groupBy(ours, ({ titleId }) => titleId)])
  const fresh: Theirs[] = []
  const pairs: { ours: Ours; theirs: Theirs }[] = []
  for (const one of theirs) {
    const known = free.get(one.titleId) ?? []
    const mine = known.find(({ atMs }) => Math.abs(atMs - one.atMs) < SAME_VIEWING_MS)
    if (mine === undefined) fresh.push(one)
    else {
      pairs.push({ ours: mine, theirs: one })
      known.splice(known.indexOf(mine), 1)
    }
  }
  return { fresh, pairs }
}
