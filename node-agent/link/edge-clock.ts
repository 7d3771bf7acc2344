/** The edge's clock, as this machine can tell it: tokens and leases are judged by it, whatever the local clock says. */

export type EdgeClock = {
  /** Epoch seconds on the edge, now. */
  now(): number
  /** The edge has just said what time it has (whole epoch seconds). Returns the offset to keep, in seconds. */
  heard(edgeTime: number): number
}

/** `offsetSeconds` is what an earlier run learned; `localNow` is epoch milliseconds. */
export function createEdgeClock(offsetSeconds = 0, localNow: () => number = Date.now): EdgeClock {
  let offset = offsetSeconds
  return {
    now: () => localNow() / 1000 + offset,
    heard(edgeTime) {
      const local = localNow() / 1000
      // The edge's seconds are whole and the message took a moment: a difference within that is none.
      const difference = edgeTime + 0.5 - local
      offset = Math.abs(difference) <= 1.5 ? 0 : difference
      return offset
    },
  }
}
