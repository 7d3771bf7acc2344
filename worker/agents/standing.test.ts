/** What becomes of a hub's memory of its agent: drains that end, two that share a key, one that is too old. */
import { describe, expect, it } from 'vitest'
import { afterReplacement, afterWelcome, noStanding, problemOf, type Standing, withMode } from './standing.ts'

const minute = 60_000
const [a, b, unnamed] = [{ instanceId: 'a' }, { instanceId: 'b' }, {}]

describe('two agents with one key', () => {
  const fight = (...pairs: [object, object][]) =>
    pairs.reduce<Standing>(
      (standing, [before, now], i) => afterReplacement(standing, before, now, i * minute),
      noStanding,
    )
  const problem = (standing: Standing, nowMs = 5 * minute) => problemOf(standing, nowMs)

  it.each<[string, [object, object][], boolean]>([
    ['one restart while the old line still hangs', [[a, b]], false],
    [
      'the same process over a new line, again and again',
      [
        [a, a],
        [a, a],
        [a, a],
        [a, a],
      ],
      false,
    ],
    [
      'many restarts',
      [
        [a, b],
        [b, { instanceId: 'c' }],
        [{ instanceId: 'c' }, { instanceId: 'd' }],
      ],
      false,
    ],
    [
      'one that was replaced and is back',
      [
        [a, b],
        [b, a],
      ],
      true,
    ],
    [
      'two that do not say who they are, twice',
      [
        [unnamed, unnamed],
        [unnamed, unnamed],
      ],
      false,
    ],
    [
      'two that do not say who they are, three times',
      [
        [unnamed, unnamed],
        [unnamed, unnamed],
        [unnamed, unnamed],
      ],
      true,
    ],
  ])('are told from %s', (_from, pairs, areTwo) => {
    expect(problem(fight(...pairs))).toBe(areTwo ? 'two_with_one_key' : undefined)
  })

  it('are forgotten when nothing has been heard of it for three hours', () => {
    const two = fight([a, b], [b, a])
    expect(problem(two, minute + 3 * 3600_000 - 1)).toBe('two_with_one_key')
    expect(problem(two, minute + 3 * 3600_000)).toBe(undefined)
  })
})

describe('an agent that was told to drain', () => {
  it.each([
    ['ends it by being started anew', 'draining', a, b, 'serving'],
    ['drains on when only its line broke', 'draining', a, a, 'draining'],
    ['ends it when it comes back, of an older version that cannot tell', 'draining', unnamed, unnamed, 'serving'],
    ['ends it when it comes back, told while it was away', 'draining', undefined, a, 'serving'],
    ['is looked after until an admin says otherwise', 'maintenance', a, b, 'maintenance'],
  ] as const)('%s', (_what, mode, told, now, expected) => {
    expect(afterWelcome(withMode(noStanding, mode, told), now).mode).toBe(expected)
  })
})

describe('an agent that was too old', () => {
  it('is not any more once it is welcome', () => {
    const old = { ...noStanding, tooOld: true }
    expect([problemOf(old, 0), problemOf(afterWelcome(old, a), 0)]).toEqual(['too_old', undefined])
  })
})
