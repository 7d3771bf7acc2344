/** Only so many at once, in order, also when some fail. */
import { describe, expect, it } from 'vitest'
import { atMost } from './at-most.ts'

describe('atMost', () => {
  it('runs fifty in the order they came, never more than three at once, whatever some of them throw', async () => {
    const run = atMost(3)
    const begun: number[] = []
    let running = 0
    let most = 0
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        run(async () => {
          begun.push(index)
          most = Math.max(most, ++running)
          await new Promise((resolve) => setImmediate(resolve))
          running--
          if (index % 7 === 0) throw new Error('no')
          return index
        }),
      ),
    )
    expect(begun).toEqual([...Array(50).keys()])
    expect(most).toBe(3)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(8)
  })
})
