/** What is said of tasks and their runs. */
import { expect, it } from 'vitest'
import { doingOf, every, taskName, took, until } from './task-words.ts'

it.each([
  [300, 'every 5 minutes'],
  [30, 'every 30 seconds'],
  [60, 'every minute'],
  [3600, 'every hour'],
  [6 * 3600, 'every 6 hours'],
  [86_400, 'once a day'],
])('%d seconds apart: %s', (seconds, words) => {
  expect(every(seconds)).toBe(words)
})

it.each([
  [-100, 'in a moment'],
  [59, 'in a moment'],
  [60, 'in 1 minute'],
  [3600, 'in 60 minutes'],
  [5400, 'in 2 hours'],
  [86_400, 'in 24 hours'],
])('%d seconds from now: %s', (seconds, words) => {
  expect(until(seconds)).toBe(words)
})

it.each([
  [{ result: 'done', durationMs: 999 } as const, 'done in less than a second'],
  [{ result: 'done', durationMs: 1400 } as const, 'done in 1 second'],
  [{ result: 'failed', durationMs: 12_000 } as const, 'failed after 12 seconds'],
  [{ result: 'lost', durationMs: null } as const, 'was cut short'],
])('a run %o: %s', (run, words) => {
  expect(took(run)).toBe(words)
})

it('says what each task does, and nothing of one that a newer box has', () => {
  expect(doingOf('search ahead')).toBe('Looks for copies of what people mean to watch.')
  expect(doingOf('feed the cat')).toBeUndefined()
})

it.each([
  ['sync trakt', 'sync Trakt'],
  ['refresh trakt lists', 'refresh Trakt lists'],
  ['ask yts and internet archive', 'ask YTS and Internet Archive'],
  ['search ahead', 'search ahead'],
  ['sync traktors', 'sync traktors'],
])('the task %s is called %s', (name, called) => {
  expect(taskName(name)).toBe(called)
})
