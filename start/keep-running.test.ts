import { expect, it } from 'vitest'
import type { Child } from './child.ts'
import { keepRunning, restartDelayMs } from './keep-running.ts'

it.each([
  ['at once the first time', [1000], 500],
  ['later the second time', [500, 1000], 1000],
  ['much later the fourth time', [400, 600, 800, 1000], 4000],
  ['never after five in a minute', [200, 400, 600, 800, 1000], undefined],
  ['soon again when the others were long ago', [-90_000, -80_000, -70_000, -60_500, 1000], 500],
])('starts again %s', (_, failures, expected) => {
  expect(restartDelayMs(failures, 1000)).toBe(expected)
})

it('puts another in the place of one that ended, and lets it end when that is wanted', async () => {
  const ending: ((code: number) => void)[] = []
  const child = (): Child => ({
    name: 'home',
    pid: 1,
    logFile: '',
    ended: new Promise((resolve) => ending.push(resolve)),
    isRunning: () => true,
    stop: async () => {},
    kill: async () => {},
  })
  const said: string[] = []
  let stopping = false
  let restarted = () => {}
  const again = new Promise<void>((resolve) => {
    restarted = resolve
  })
  const watching = keepRunning({
    child: child(),
    restart: async () => {
      restarted()
      return child()
    },
    isStopping: () => stopping,
    say: (text) => said.push(text),
  })
  ending[0]?.(1)
  await again
  stopping = true
  await new Promise((resolve) => setTimeout(resolve))
  ending[1]?.(0)
  await watching
  expect(said).toEqual(['home ended by itself (1); starting it again.'])
})
