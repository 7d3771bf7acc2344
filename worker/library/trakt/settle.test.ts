/** The rule of two sides: a table of its cases, and a model of months of changes and syncs that end alike. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DOUBT_MS, pairViewings, SAME_VIEWING_MS, type Settlement, type Stamped, settle } from './settle.ts'

const at = (atMs: number, value = 1): Stamped<number> => ({ value, atMs })
const isSame = (a: number, b: number) => a === b
const sync = 100 * DOUBT_MS
const [before, after] = [sync - 2 * DOUBT_MS, sync + 1]

it.each<[string, Stamped<number> | undefined, Stamped<number> | undefined, number | null, Settlement]>([
  ['neither has it', undefined, undefined, sync, 'nothing'],
  ['both have the same', at(before), at(after), sync, 'nothing'],
  ['theirs is newer', at(before, 1), at(after, 2), sync, 'take'],
  ['ours is newer', at(after, 1), at(before, 2), sync, 'send'],
  ['both at the same moment', at(after, 1), at(after, 2), sync, 'send'],
  ['only they have it, the first time', undefined, at(before), null, 'take'],
  ['only they have it, and it is new', undefined, at(after), sync, 'take'],
  ['only they have it, and we took it away', undefined, at(before), sync, 'nothing'],
  ['only we have it, the first time', at(before), undefined, null, 'send'],
  ['only we have it, and it is new', at(after), undefined, sync, 'send'],
  ['only we have it, and they took it away', at(before), undefined, sync, 'drop'],
  ['only we have it, since a moment before the sync', at(sync - 1), undefined, sync, 'send'],
])('%s', (_, ours, theirs, lastSyncMs, expected) => {
  expect(settle(ours, theirs, lastSyncMs, isSame)).toBe(expected)
})

describe('two sides', () => {
  type Side = Map<string, Stamped<number>>
  type Step = { side: 'here' | 'there' | 'sync'; key: string; value: number | null }
  const step: fc.Arbitrary<Step> = fc.record({
    side: fc.constantFrom('here', 'there', 'sync'),
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.option(fc.integer({ min: 1, max: 10 })),
  })

  function run(steps: readonly Step[]) {
    const [here, there]: [Side, Side] = [new Map(), new Map()]
    let lastSyncMs: number | null = null
    let nowMs = 0
    /** The last word on each key: a change counts for more than a removal, which nobody has the time of. */
    const last = new Map<string, Stamped<number>>()
    const change = (side: Side, key: string, value: number | null) => {
      if (value === null) return side.delete(key)
      side.set(key, at(nowMs, value))
      return last.set(key, at(nowMs, value))
    }
    const makeAlike = () => {
      for (const key of new Set([...here.keys(), ...there.keys()])) {
        const [ours, theirs] = [here.get(key), there.get(key)]
        const settled = settle(ours, theirs, lastSyncMs, isSame)
        if (settled === 'take' && theirs) here.set(key, theirs)
        if (settled === 'send' && ours) there.set(key, ours)
        if (settled === 'drop') here.delete(key)
      }
      lastSyncMs = nowMs
    }
    for (const { side, key, value } of steps) {
      nowMs += 2 * DOUBT_MS
      if (side === 'sync') makeAlike()
      else {
        change(side === 'here' ? here : there, key, value)
        // Ours is told at once (outbox.ts).
        if (side === 'here' && value === null) there.delete(key)
      }
    }
    nowMs += 2 * DOUBT_MS
    makeAlike()
    return { here, there, last }
  }
  const valuesOf = (side: Side) => new Map([...side].map(([key, { value }]) => [key, value]))
  const sorted = (side: Side) => [...valuesOf(side)].sort()

  it('are alike after a sync, whatever was changed on which', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { here, there } = run(steps)
        expect(sorted(here)).toEqual(sorted(there))
      }),
    )
  })

  it('keep the newest change of everything that nobody took away', () => {
    const changes = step.map((one) => ({ ...one, value: one.value ?? 5 }))
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 20 }), (steps) => {
        const { here, last } = run(steps)
        expect(sorted(here)).toEqual(sorted(last))
      }),
    )
  })
})

const freshOf = (...[ours, theirs]: Parameters<typeof pairViewings>) => pairViewings(ours, theirs).fresh

describe('viewings', () => {
  const viewing = fc.record({ titleId: fc.constantFrom('a', 'b'), atMs: fc.nat(20).map((n) => n * SAME_VIEWING_MS) })

  it('told twice are one', () => {
    fc.assert(
      fc.property(fc.array(viewing), fc.integer({ min: -1, max: 1 }), (list, drift) => {
        const again = list.map(({ titleId, atMs }) => ({ titleId, atMs: atMs + drift * (SAME_VIEWING_MS / 2) }))
        expect(freshOf(list, again)).toEqual([])
      }),
    )
  })

  it('are not lost: every one is there once both sides are put together', () => {
    fc.assert(
      fc.property(fc.array(viewing), fc.array(viewing), (ours, theirs) => {
        const all = [...ours, ...freshOf(ours, theirs)]
        expect(freshOf(all, theirs)).toEqual([])
        expect(all.length).toBeLessThanOrEqual(ours.length + theirs.length)
      }),
    )
  })

  it('of the same film on two evenings are two', () => {
    const [friday, saturday] = [0, 86_400_000]
    const theirs = [friday, saturday].map((atMs) => ({ titleId: 'a', atMs }))
    expect(freshOf([{ titleId: 'a', atMs: friday }], theirs)).toEqual([{ titleId: 'a', atMs: saturday }])
  })
})
