/** Backoff with jitter. */
import { describe, expect, it } from 'vitest'
import { fightsNow, reconnectDelaySeconds } from './reconnect-delay.ts'

describe('reconnectDelaySeconds', () => {
  it.each([
    [0, 0, 0.5],
    [0, 0.999999, 1],
    [1, 0, 1],
    [3, 0.5, 6],
    [6, 0, 30],
    [100, 0.999999, 60],
    [100, 0, 30],
  ])('waits, at attempt %i with random %f, %f seconds', (attempt, random, expected) => {
    expect(reconnectDelaySeconds(attempt, random)).toBeCloseTo(expected, 3)
  })

  it.each([
    [1, 0, 30],
    [1, 0.999999, 60],
    [2, 0, 60],
    [4, 0.5, 360],
    [7, 0, 1800],
    [99, 0.999999, 3600],
  ])('waits, after another took our place %i times in a row with random %f, %f seconds', (fights, random, expected) => {
    expect(reconnectDelaySeconds(0, random, fights)).toBeCloseTo(expected, 2)
  })

  it('never shortens with the attempts', () => {
    const delays = Array.from({ length: 20 }, (_, attempt) => reconnectDelaySeconds(attempt, 0.3))
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
  })
})

describe('fightsNow', () => {
  it.each([
    ['the first time', 0, 0.2, 0, 1],
    ['after as long as the other waits', 1, 45, 40, 2],
    ['at once', 3, 0.1, 240, 4],
    ['after a day of peace', 3, 86_400, 240, 1],
  ])('counts %s', (_when, before, lastedSeconds, waitedSeconds, expected) => {
    expect(fightsNow(before, { lastedSeconds, waitedSeconds })).toBe(expected)
  })

  it('lets two agents with one key change places once an hour at last', () => {
    let [fights, waitedSeconds] = [0, 0]
    for (let times = 0; times < 12; times++) {
      // Each is thrown out when the other has waited.
      fights = fightsNow(fights, { lastedSeconds: waitedSeconds || 1, waitedSeconds })
      waitedSeconds = reconnectDelaySeconds(10, 0.999, fights)
    }
    expect(waitedSeconds).toBeGreaterThan(3500)
  })
})
