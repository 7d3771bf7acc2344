/** Pure: the rule of settle.ts over all of two lists of things by title. */
import { settle } from '../settle.ts'

type Thing = { titleId: string; atMs: number }
type Rule<One> = {
  lastSyncMs: number | null
  /** False: something of theirs may be missing from the list, so that nothing follows from what is not on it. */
  isWhole: boolean
  isSame: (ours: One, theirs: One) => boolean
}

export function settleAll<One extends Thing>(ours: readonly One[], theirs: readonly One[], rule: Rule<One>) {
  const [here, there] = [ours, theirs].map((list) => new Map(list.map((one) => [one.titleId, one])))
  const counts = { same: 0, added: 0, changed: 0, removed: 0, sent: 0 }
  const [take, send, drop]: [One[], One[], string[]] = [[], [], []]
  for (const titleId of new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])])) {
    const [mine, yours] = [here?.get(titleId), there?.get(titleId)]
    if (!yours && !rule.isWhole) continue
    const stamp = (one: One | undefined) => one && { value: one, atMs: one.atMs }
    const settled = settle(stamp(mine), stamp(yours), rule.lastSyncMs, rule.isSame)
    if (settled === 'nothing' && mine && yours) counts.same++
    if (settled === 'take' && yours) {
      counts[mine ? 'changed' : 'added']++
      take.push(yours)
    }
    if (settled === 'send' && mine) {
      counts.sent++
      send.push(mine)
    }
    if (settled === 'drop') {
      counts.removed++
      drop.push(titleId)
    }
  }
  return { counts, take, send, drop }
}
