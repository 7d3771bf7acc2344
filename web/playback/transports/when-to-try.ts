/** Pure: when a better way home than the one in use is tried again, and which ones are. */
import type { Transport } from '#protocol/stream-url.ts'

/** Best first. */
export const order: readonly Transport[] = ['direct', 'p2p', 'relay']

/** `failures` in a row, the last of them at `failedMs`; both 0 for a way that was never tried, or answered since. */
export type WayRecord = { failures: number; failedMs: number }

const FIRST_REST_MS = 5000
const LONGEST_REST_MS = 300_000

/** How long a way that failed so often is left alone: twice as long each time. */
export const restAfter = (failures: number): number =>
  failures === 0 ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1))

/** The ways that are better than `current` and have rested, best first. */
export function worthTrying(
  current: Transport,
  offered: ReadonlySet<Transport>,
  records: ReadonlyMap<Transport, WayRecord>,
  nowMs: number,
): Transport[] {
  return order
    .slice(0, order.indexOf(current))
    .filter((transport) => offered.has(transport) && isRested(records.get(transport), nowMs))
}

/** A way that failed is left alone for a while. */
export const isRested = (record: WayRecord | undefined, nowMs: number): boolean =>
  !record || nowMs - record.failedMs >= restAfter(record.failures)

/** What stands ready should the way in use fail: the best of the others that is offered and has not just failed. */
export function spareFor(
  current: Transport,
  offered: ReadonlySet<Transport>,
  records: ReadonlyMap<Transport, WayRecord>,
  nowMs: number,
): Transport | undefined {
  const others = order.filter((transport) => transport !== current && offered.has(transport))
  return others.find((transport) => isRested(records.get(transport), nowMs)) ?? others.at(-1)
}
