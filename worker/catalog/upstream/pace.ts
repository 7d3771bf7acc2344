/** Pure: when the next request may go, so that no second holds more than so many. */

/** When the last requests went, oldest first, at most `perSecond` of them. Epoch milliseconds. */
export type Pace = readonly number[]

/** Now, or when the oldest of a full second is a second old. */
export const nextGoMs = (pace: Pace, perSecond: number, nowMs: number): number => {
  const oldest = pace.length < perSecond ? undefined : pace[pace.length - perSecond]
  return oldest === undefined ? nowMs : Math.max(nowMs, oldest + 1000)
}

export const gone = (pace: Pace, perSecond: number, atMs: number): Pace => [...pace, atMs].slice(-perSecond)
