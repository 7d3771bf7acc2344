/** Pure: where a film goes when somebody points at a place on its bar, which is never meant to the frame. */

/** A second is hardly missed in a film of two hours; in a short one people point more finely. */
const MOST_SECONDS = 1
const SHARE_OF_FILM = 0.01

/** How far from the place pointed at a film may go: of a long one half a pixel of the bar is more than a second. */
export const pointedWithin = (durationSeconds: number, widthPixels: number): number =>
  Math.max(durationSeconds / widthPixels / 2, Math.min(MOST_SECONDS, durationSeconds * SHARE_OF_FILM))

/**
 * The keyframe nearest to `seconds`, when one is `withinSeconds` and before the film's end; else `seconds` itself, as
 * also at the film's very beginning and end. `keyframes` ascending.
 */
export function nearestKeyframe(
  seconds: number,
  keyframes: readonly number[],
  { withinSeconds, endSeconds }: { withinSeconds: number; endSeconds: number },
): number {
  const [first] = keyframes
  if (first === undefined || seconds <= first || seconds >= endSeconds) return seconds
  const after = firstFrom(seconds, keyframes)
  const near = [keyframes[after - 1], keyframes[after]]
    .filter((at) => at !== undefined && at < endSeconds && Math.abs(at - seconds) <= withinSeconds)
    .map((at = seconds) => ({ at, farSeconds: Math.abs(at - seconds) }))
  const [one, other] = near
  if (!one) return seconds
  return other && other.farSeconds < one.farSeconds ? other.at : one.at
}

/** The index of the first that is not before `seconds`; their count when all are. */
function firstFrom(seconds: number, ascending: readonly number[]): number {
  let [from, to] = [0, ascending.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((ascending[middle] ?? 0) < seconds) from = middle + 1
    else to = middle
  }
  return from
}
