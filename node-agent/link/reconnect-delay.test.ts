/** Backoff with jitter. */
import { describe, expect, it } from 'vitest'
import { reconnectDelaySeconds } from './reconnect-delay.ts'

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

  it('never shortens with the attempts', () => {
    const delays = Array.from({ length: 20 }, (_, attempt) => reconnectDelaySeconds(attempt, 0.3))
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
  })
})
