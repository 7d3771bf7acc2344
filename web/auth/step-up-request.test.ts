import { expect, it, vi } from 'vitest'
import { askForStepUp, isStepUpAsked, onStepUpChange, settleStepUp } from './step-up-request.ts'

it('asks once for any number of requests, and answers all of them', async () => {
  const told = vi.fn()
  const stop = onStepUpChange(told)
  const answers = Array.from({ length: 50 }, askForStepUp)
  expect(told).toHaveBeenCalledTimes(1)
  expect(isStepUpAsked()).toBe(true)
  settleStepUp(true)
  expect(await Promise.all(answers)).toEqual(Array(50).fill(true))
  expect(isStepUpAsked()).toBe(false)
  stop()
})

it('asks again after a no', async () => {
  const first = askForStepUp()
  settleStepUp(false)
  expect(await first).toBe(false)
  const second = askForStepUp()
  settleStepUp(true)
  expect(await second).toBe(true)
})
