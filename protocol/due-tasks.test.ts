/** Months of background work under a clock that is not real: nobody starves, nobody gathers, and budgets hold. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueTasks, nextRunAt, type TaskCircumstances, type TaskPlan, type TaskState } from './due-tasks.ts'

const plan = (name: string, everySeconds: number, change: Partial<TaskPlan> = {}): TaskPlan => ({
  name,
  everySeconds,
  jitter: 0.1,
  priority: 1,
  leaseSeconds: 900,
  cost: {},
  yieldsToPeople: false,
  ...change,
})
const state = (change: Partial<TaskState> = {}): TaskState => ({
  nextAt: 0,
  wantedAt: null,
  isPaused: false,
  leaseUntil: null,
  failures: 0,
  ...change,
})
const quiet: TaskCircumstances = { now: 1000, slackSeconds: 0, budgets: {}, mostAtOnce: 10, arePeopleWaiting: false }
const names = (plans: TaskPlan[], states: Record<string, TaskState>, change: Partial<TaskCircumstances> = {}) =>
  dueTasks(plans, new Map(Object.entries(states)), { ...quiet, ...change }).map(({ name }) => name)

describe('dueTasks', () => {
  const a = plan('a', 100)
  const b = plan('b', 100)
  it.each<[string, Record<string, TaskState>, Partial<TaskCircumstances>, string[]]>([
    ['what never ran', {}, {}, ['a', 'b']],
    ['what is due and not what is not', { a: state({ nextAt: 1000 }), b: state({ nextAt: 1001 }) }, {}, ['a']],
    [
      'what is nearly due, for whoever wakes seldom',
      { a: state({ nextAt: 1100 }), b: state({ nextAt: 1200 }) },
      { slackSeconds: 150 },
      ['a'],
    ],
    [
      'the one that is later by its own measure first',
      { a: state({ nextAt: 950 }), b: state({ nextAt: 900 }) },
      {},
      ['b', 'a'],
    ],
    ['not what runs', { a: state({ leaseUntil: 1001 }) }, {}, ['b']],
    ['what was lost', { a: state({ leaseUntil: 1000 }), b: state({ nextAt: 5000 }) }, {}, ['a']],
    ['not what is paused', { a: state({ isPaused: true }) }, {}, ['b']],
    [
      'what is asked for, paused or not, and first',
      { b: state({ isPaused: true, wantedAt: 999, nextAt: 9e9 }) },
      {},
      ['b', 'a'],
    ],
    ['not even what is asked for, while it runs', { b: state({ wantedAt: 999, leaseUntil: 2000 }) }, {}, ['a']],
    ['no more than may run at once', {}, { mostAtOnce: 1 }, ['a']],
  ])('takes %s', (_what, states, change, expected) => {
    expect(names([a, b], states, change)).toEqual(expected)
  })

  it('holds off what yields while people wait, and not for ever', () => {
    const yields = plan('a', 100, { yieldsToPeople: true })
    expect(names([yields], { a: state({ nextAt: 900 }) }, { arePeopleWaiting: true })).toEqual([])
    expect(names([yields], { a: state({ nextAt: 800 }) }, { arePeopleWaiting: true })).toEqual(['a'])
  })

  it('passes over what does not fit into the budget for what does', () => {
    const [first, large, small] = [{ questions: 30 }, { questions: 30 }, { questions: 10 }].map((cost, n) =>
      plan(`${n}`, 100, { cost }),
    ) as [TaskPlan, TaskPlan, TaskPlan]
    expect(names([first, large, small], {}, { budgets: { questions: 45 } })).toEqual(['0', '2'])
    expect(names([plan('huge', 100, { cost: { questions: 90 } })], {}, { budgets: { questions: 45 } })).toEqual([
      'huge',
    ])
  })
})

describe('nextRunAt', () => {
  it.each([
    [0, 86_400, 86_400],
    [1, 86_400, 300],
    [2, 86_400, 600],
    [5, 86_400, 4800],
    [30, 86_400, 86_400],
    [1, 60, 60],
    [4, 60, 480],
    [30, 60, 21_600],
  ])('after %d failures of what runs every %d s waits %d s', (failures, everySeconds, expected) => {
    expect(nextRunAt(plan('a', everySeconds), 1000, failures, 0.5) - 1000).toBe(expected)
  })
})

/** Days of ticks; `result` says how each run ends. */
function simulate(
  plans: TaskPlan[],
  days: number,
  tickSeconds: number,
  random: () => number,
  circumstances: Partial<TaskCircumstances>,
) {
  const states = new Map<string, TaskState>()
  const runs: { name: string; at: number }[] = []
  const ticks: TaskPlan[][] = []
  const start = 1_800_000_000
  for (let now = start; now < start + days * 86_400; now += tickSeconds) {
    const hour = Math.floor(now / 3600) % 24
    const arePeopleWaiting = hour >= 18 && hour < 23
    const due = dueTasks(plans, states, {
      ...{ now, slackSeconds: tickSeconds / 2, budgets: { questions: 45 }, mostAtOnce: 6, arePeopleWaiting },
      ...circumstances,
    })
    ticks.push(due)
    for (const one of due) {
      const before = states.get(one.name) ?? state()
      const drawn = random()
      runs.push({ name: one.name, at: now })
      // One in a hundred never ends, one in twenty fails.
      if (drawn < 0.01) {
        states.set(one.name, { ...before, leaseUntil: now + one.leaseSeconds })
        continue
      }
      const failures = drawn < 0.06 ? before.failures + 1 : 0
      states.set(one.name, state({ failures, nextAt: nextRunAt(one, now, failures, random()) }))
    }
  }
  return { runs, ticks, seconds: days * 86_400 }
}

/** Repeatable noise (a linear congruential generator, Numerical Recipes' constants). */
function noise(seed: number): () => number {
  let at = seed >>> 0
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0
    return at / 2 ** 32
  }
}

describe('over two months', () => {
  const plans = [
    plan('often', 300, { priority: 0 }),
    ...[0, 1, 2, 3].map((n) => plan(`quarter hours ${n}`, 900, { cost: { questions: 40 } })),
    ...[0, 1, 2, 3, 4, 5].map((n) => plan(`hours ${n}`, 3600, { cost: { questions: 10 } })),
    ...[0, 1, 2].map((n) => plan(`days ${n}`, 86_400, { cost: { questions: 40 }, priority: 3, yieldsToPeople: true })),
  ]

  it('lets no task starve, holds every budget, and lets nobody gather', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { runs, ticks, seconds } = simulate(plans, 60, 300, noise(seed), {})
        expect(Math.max(...ticks.map((due) => due.length))).toBeLessThanOrEqual(6)
        const asked = ticks.map((due) => due.reduce((sum, { cost }) => sum + (cost.questions ?? 0), 0))
        expect(Math.max(...asked)).toBeLessThanOrEqual(45)
        for (const { name, everySeconds, priority } of plans) {
          const at = runs.filter((run) => run.name === name).map((run) => run.at)
          const gaps = at.slice(1).map((time, n) => time - (at[n] ?? 0))
          // More questions are asked for than the budget holds, some runs fail (back-off: six hours), some are lost.
          expect(Math.max(...gaps)).toBeLessThanOrEqual(everySeconds * (priority + 2) + 6 * 3600)
          expect(at.length).toBeGreaterThan(seconds / (everySeconds * (priority + 2)))
        }
      }),
      { numRuns: 3 },
    )
  })

  it('spreads a hundred tasks of one interval that all began together', () => {
    const many = Array.from({ length: 100 }, (_, n) => plan(`t${n}`, 6 * 3600))
    const { ticks } = simulate(many, 15, 60, noise(7), { mostAtOnce: 100 })
    const lastDay = ticks.slice(-1440).map((due) => due.length)
    expect(ticks[0]?.length).toBe(100)
    expect(Math.max(...lastDay)).toBeLessThan(12)
  })
})
