/** The edge's clock, told by a machine whose own is wrong. */
import { describe, expect, it } from 'vitest'
import { createEdgeClock } from './edge-clock.ts'

describe('createEdgeClock', () => {
  it('follows the local clock until the edge has spoken', () => {
    expect(createEdgeClock(0, () => 5_000).now()).toBe(5)
  })

  it.each([
    ['an hour behind', 1_000_000, 1_003_600],
    ['an hour ahead', 1_003_600, 1_000_000],
  ])('corrects a clock that is %s', (_what, local, edge) => {
    let now = local * 1000
    const clock = createEdgeClock(0, () => now)
    clock.heard(edge)
    now += 10_000
    expect(Math.abs(clock.now() - (edge + 10))).toBeLessThan(1)
  })

  it('takes a difference within the rounding for none', () => {
    const clock = createEdgeClock(0, () => 1_000_900)
    expect(clock.heard(1000)).toBe(0)
    expect(clock.now()).toBe(1000.9)
  })

  it('starts with what an earlier run learned', () => {
    expect(createEdgeClock(-3600, () => 7_200_000).now()).toBe(3600)
  })
})
