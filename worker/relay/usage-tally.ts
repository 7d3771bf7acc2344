/** Counts what went through for one viewer, and writes it down now and then: never a row for each request. */

/** Written at the latest when so much has not been. */
const MOST_BYTES = 256 * 1024 * 1024
/** Shorter than a Durable Object stays in memory with nothing to do. */
const WRITE_EVERY_MS = 60_000

export type UsageTally = {
  add: (bytes: number) => void
  /** An answer has ended: the first of a stream is written at once, what follows within a minute. */
  answered: () => void
}

/** `write` adds to what is there; what it rejects with is its own to tell, and those bytes are not counted. */
export function newUsageTally(
  write: (bytes: number) => Promise<void>,
  { now = Date.now, later = setTimeout as (work: () => void, afterMs: number) => unknown } = {},
): UsageTally {
  let [bytes, writtenAtMs, isDue] = [0, Number.NEGATIVE_INFINITY, false]
  const flush = () => {
    const counted = bytes
    ;[bytes, writtenAtMs] = [0, now()]
    if (counted > 0) void write(counted)
  }
  return {
    add(more) {
      bytes += more
      if (bytes >= MOST_BYTES) flush()
    },
    answered() {
      if (bytes === 0 || isDue) return
      const waitMs = writtenAtMs + WRITE_EVERY_MS - now()
      if (waitMs <= 0) return flush()
      isDue = true
      later(() => {
        isDue = false
        flush()
      }, waitMs)
    },
  }
}
