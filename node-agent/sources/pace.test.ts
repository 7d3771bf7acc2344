/** The pace of a provider, on a clock that stands until it is told. */
import { expect, it } from 'vitest'
import { createPace } from './pace.ts'

const live = () => new AbortController().signal

/** What slept how long, in order; nobody really sleeps. */
function paced() {
  const slept: number[] = []
  const pace = createPace(
    { background: 1, awaited: 4 },
    { now: () => 1000, sleep: async (milliseconds) => slept.push(milliseconds) },
  )
  return { slept, pace }
}

it('keeps its distance in the background', async () => {
  const { slept, pace } = paced()
  for (let count = 0; count < 4; count++) await pace.turn(false, live())
  expect(slept).toEqual([1000, 2000, 3000])
})

it('lets whoever waits pass what runs by itself', async () => {
  const { slept, pace } = paced()
  for (let count = 0; count < 50; count++) await pace.turn(false, live())
  slept.length = 0
  for (let count = 0; count < 3; count++) await pace.turn(true, live())
  expect(slept).toEqual([250, 500])
})

it('gives whoever waits both lanes', async () => {
  const { slept, pace } = paced()
  for (let count = 0; count < 6; count++) await pace.turn(true, live())
  // Two at once, one from each lane; then every 250 ms.
  expect(slept).toEqual([250, 500, 750, 1000])
})

it('ends with whoever asked', async () => {
  const pace = createPace({ background: 0.001, awaited: 0.001 })
  await pace.turn(false, live())
  const left = new AbortController()
  const turn = pace.turn(false, left.signal)
  left.abort(new Error('gone'))
  await expect(turn).rejects.toThrow('gone')
})
