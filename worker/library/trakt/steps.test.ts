import { expect, it } from 'vitest'
import { flatTimes } from './client.ts'
import { changedKinds, FIRST_STEP, nextStep, STEP_KINDS, type Step } from './steps.ts'

it('walks through every kind, page by page, and ends', () => {
  const walked: string[] = []
  let step: Step | null = FIRST_STEP
  while (step) {
    walked.push(`${step.kind} ${step.page}`)
    step = nextStep(step, step.kind === 'history' ? 3 : 1)
  }
  expect(walked.slice(0, 4)).toEqual(['history 1', 'history 2', 'history 3', 'playback 1'])
  expect(new Set(walked.map((one) => one.split(' ')[0]))).toEqual(new Set(STEP_KINDS))
})

it('leaves out what nothing happened to', () => {
  expect(nextStep({ kind: 'history', page: 1 }, 1, ['history', 'watchlist'])).toEqual({ kind: 'watchlist', page: 1 })
  expect(nextStep({ kind: 'watchlist', page: 1 }, 1, ['history', 'watchlist'])).toBeNull()
})

it.each([
  ['movies.watched_at', ['history']],
  ['episodes.paused_at', ['playback']],
  ['shows.rated_at', ['ratings']],
  ['watchlist.updated_at', ['watchlist']],
  ['lists.updated_at', ['lists']],
  ['comments.liked_at', []],
  ['account.settings_at', []],
])('knows what %s calls for', (name, kinds) => {
  expect(changedKinds({}, { [name]: 'now' })).toEqual(kinds)
  expect(changedKinds({ [name]: 'now' }, { [name]: 'now' })).toEqual([])
})

it('reads the last activities whatever else is among them', () => {
  const body = { all: 'x', movies: { watched_at: 'a', hidden_at: null, count: 3 }, odd: ['z'], none: null }
  expect(flatTimes(body)).toEqual({ 'movies.watched_at': 'a', 'odd.0': 'z' })
  for (const other of [null, 'text', 7, []]) expect(flatTimes(other)).toEqual({})
})
