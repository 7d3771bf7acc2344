/** What the relay is set to, and what it carried, in words for the admin. */
import type { RelayUsage } from '../api.ts'
import { speed } from '../ui/time-format.ts'

export function limitWords({ isOn, householdLimit, viewerLimit }: Omit<RelayUsage, 'days'>): string {
  if (!isOn) return 'It is switched off here.'
  const limits = [
    ...(householdLimit === null ? [] : [`${speed(householdLimit)} for all together`]),
    ...(viewerLimit === null ? [] : [`${speed(viewerLimit)} for each viewer`]),
  ]
  return limits.length === 0 ? 'It has no limit.' : `It is limited to ${limits.join(' and ')}.`
}

export const sumOf = (viewers: RelayUsage['days'][number]['viewers']): number =>
  viewers.reduce((sum, { bytes }) => sum + bytes, 0)

/** `22 November`; the edge's days are those of UTC. */
export const shownDay = (day: string, locale?: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' })
