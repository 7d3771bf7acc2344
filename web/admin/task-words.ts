/** How often a task runs, when it does next, and how a run went, in words. */
import type { TaskCard } from '../api.ts'
import { plural } from '../ui/time-format.ts'

export function every(seconds: number): string {
  if (seconds < 60) return `every ${seconds} seconds`
  if (seconds < 3600) return `every ${plural(Math.round(seconds / 60), 'minute')}`
  const hours = Math.round(seconds / 3600)
  if (hours === 1) return 'every hour'
  return hours === 24 ? 'once a day' : `every ${hours} hours`
}

export function until(seconds: number): string {
  if (seconds < 60) return 'in a moment'
  return seconds < 5400 ? `in ${plural(Math.round(seconds / 60), 'minute')}` : `in ${Math.round(seconds / 3600)} hours`
}

type Run = Pick<NonNullable<TaskCard['lastRun']>, 'result' | 'durationMs'>

export function took({ result, durationMs }: Run): string {
  if (result === 'lost' || durationMs === null) return 'was cut short'
  const time = durationMs < 1000 ? 'less than a second' : plural(Math.round(durationMs / 1000), 'second')
  return result === 'done' ? `done in ${time}` : `failed after ${time}`
}
