/** How far ahead of its playhead a reader may fetch. Pure. */

/** Fetched ahead of one reader at most. */
export const WINDOW_BYTES = 16 * 1024 * 1024
/** Fetched ahead of a reader that has not read anything yet: a probe of a few bytes must not start a download. */
export const FIRST_WINDOW_BYTES = 4 * 1024 * 1024
/** What lies this close before the playhead is wanted first. */
export const CRITICAL_BYTES = 1024 * 1024

export type ReadPlace = {
  /** The next byte that will be given out. */
  position: number
  /** The last byte that was asked for (inclusive). */
  end: number
  /** How much this reader has given out so far. */
  readBytes: number
}

export type ReadWindow = {
  /** First and last byte wanted (inclusive). */
  from: number
  to: number
  /** The last byte of the part that is wanted at once. */
  criticalTo: number
}

/**
 * The window begins small, grows with what was really read (so that probes stay cheap and a film soon has its whole
 * read-ahead), never passes `windowBytes` and never what was asked for.
 */
export function readWindow({ position, end, readBytes }: ReadPlace, windowBytes = WINDOW_BYTES): ReadWindow {
  const ahead = Math.min(windowBytes, Math.max(Math.min(FIRST_WINDOW_BYTES, windowBytes), readBytes))
  const to = Math.min(end, position + ahead - 1)
  return { from: position, to, criticalTo: Math.min(to, position + CRITICAL_BYTES - 1) }
}
