/** Pure: compares software versions, as agents and edge name theirs (semver.org, without what follows the three numbers). */

const numbersOf = (version: string): number[] | undefined =>
  /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(version)?.slice(1).map(Number)

/** False when either is no version: nobody is told to update for a name that cannot be read. */
export function isOlderVersion(version: string, than: string): boolean {
  const [ours, theirs] = [numbersOf(version), numbersOf(than)]
  if (!ours || !theirs) return false
  const at = ours.findIndex((number, i) => number !== theirs[i])
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] ?? 0)
}
