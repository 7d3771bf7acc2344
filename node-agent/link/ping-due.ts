/** Pure: whether the connection to the hub is to be tested now. */

/** What was seen at the last look. Times are epoch milliseconds by the clock on the wall. */
export type PingDue = { pingedAtMs: number; lookedAtMs: number; addresses: string }

export type PingRule = { everyMs: number; lookEveryMs: number }

/** So many looks were missed: the machine slept, or its clock was set. */
const MISSED_LOOKS = 3

/** In turn; and at once after a sleep, a jump of the clock either way, or a change of the machine's addresses. */
export function pingDue(
  before: PingDue,
  now: { nowMs: number; addresses: string },
  { everyMs, lookEveryMs }: PingRule,
): { isDue: boolean; next: PingDue } {
  const { nowMs, addresses } = now
  const passedMs = nowMs - before.lookedAtMs
  const hasJumped = passedMs < 0 || passedMs >= MISSED_LOOKS * lookEveryMs
  const isDue = hasJumped || addresses !== before.addresses || nowMs - before.pingedAtMs >= everyMs
  return { isDue, next: { pingedAtMs: isDue ? nowMs : before.pingedAtMs, lookedAtMs: nowMs, addresses } }
}
