/** How a content provider fares, in words for the admin. */
import type { Provider } from '../../sources-api.ts'
import { plural, since } from '../../ui/time-format.ts'

/** By the words of node-agent/sources/provider-failure.ts; a newer agent may know others. */
const reasons: Readonly<Record<string, string>> = {
  unreachable: 'it could not be reached',
  timed_out: 'it took too long',
  busy: 'it asked for patience',
  refused: 'it said no; check the address and the key',
  malformed: 'it answered something that makes no sense',
  too_large: 'it answered more than we take',
  not_allowed: 'it leads where nothing of ours may go',
}

export function healthWords(health: Provider['health'], nowMs: number): { text: string; isWell: boolean } {
  const { failures, repliedAt, benchedUntil, reason } = health ?? { failures: 0 }
  if (failures > 0) {
    const why = reasons[reason ?? ''] ?? 'for a reason that only the log of the box tells'
    const rests = benchedUntil !== undefined && benchedUntil * 1000 > nowMs
    const minutes = rests ? Math.max(1, Math.round((benchedUntil - nowMs / 1000) / 60)) : 0
    const pause = rests ? `, and is left alone for ${plural(minutes, 'minute')}` : ''
    return { text: `Failed ${failures === 1 ? 'once' : `${failures} times`}: ${why}${pause}.`, isWell: false }
  }
  if (repliedAt === undefined) return { text: 'Not asked yet.', isWell: true }
  return { text: `Answered ${since(repliedAt, nowMs)}.`, isWell: true }
}

/** How gently it is asked. */
export function paceWords({ requestsPerSecond: { background, awaited } }: Pick<Provider, 'requestsPerSecond'>): string {
  const often = (perSecond: number) =>
    perSecond >= 1 ? `${Math.round(perSecond)} a second` : `one in ${plural(Math.round(1 / perSecond), 'second')}`
  return `At most ${often(awaited)} while somebody waits, and ${often(background)} otherwise.`
}
