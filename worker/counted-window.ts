/** A count that begins anew when its time is over, for tables that bound how often somebody may do something. */
import { type Column, lt, type SQL, sql } from 'drizzle-orm'

export type CountedWindow = {
  /** How often it was done since `startedAt`. */
  count: Column
  /** Epoch seconds. */
  startedAt: Column
  most: number
  seconds: number
}

/**
 * One more, for `onConflictDoUpdate` of a row that begins with one: nothing is written, and so nothing returned, when the
 * window is full. One conditional statement, so that many at once get no more. `now`: epoch seconds.
 */
export function oneMore(
  { count, startedAt, most, seconds }: CountedWindow,
  now: number,
): Record<'count' | 'startedAt' | 'where', SQL> {
  const isOver = lt(startedAt, now - seconds)
  return {
    count: sql`case when ${isOver} then 1 else ${count} + 1 end`,
    startedAt: sql`case when ${isOver} then ${now} else ${startedAt} end`,
    where: sql`${isOver} or ${count} < ${most}`,
  }
}
