/** When something was used: the wall clock, but never backwards, also when somebody sets it back. */

/** `latestKnown` is the latest time that was ever given out, in epoch seconds; `wallSeconds` may jump as it likes. */
export function usedClock(wallSeconds: () => number, latestKnown: number): () => number {
  let latest = latestKnown
  let ahead = 0
  return () => {
    const wall = wallSeconds()
    // A clock that was set back is followed from where we are: what is used now is still used last.
    if (wall + ahead < latest) ahead = latest - wall
    latest = wall + ahead
    return Math.floor(latest)
  }
}
