/** Months of the agent's real table under a clock that is not real: nobody starves, homes do not gather, budgets hold. */
import { describe, expect, it } from 'vitest'
import { dueTasks, nextRunAt, type TaskState } from '#protocol/due-tasks.ts'
import { agentTasks, taskBudgets } from './agent-tasks.ts'
import { firstStates, MOST_AT_ONCE } from './task-loop.ts'

const DAY = 86_400
const nothing = async () => undefined
const tasks = agentTasks({
  ...{ measure: nothing, tellOffers: nothing, tellLocalFilms: nothing, tendReach: nothing, tidyUp: () => undefined },
  catalog: { searchAhead: nothing, countSwarms: nothing, readMetadata: nothing } as never,
})
const background = tasks.filter(({ firstAfterSeconds }) => firstAfterSeconds)

/** The same numbers for the same seed (mulberry32). */
function chance(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

type Run = { name: string; at: number; end: number }
type Day = {
  seed: number
  seconds: number
  /** How long a run takes, and whether it fails. */
  lasts: (name: string, drawn: number) => number
  fails?: (name: string, at: number) => boolean
  arePeopleWaiting?: (at: number) => boolean
}

/** One agent, as its loop runs it, looked at every half minute. */
function live({ seed, seconds, lasts, fails = () => false, arePeopleWaiting = () => false }: Day): Run[] {
  const random = chance(seed)
  const states = firstStates(tasks, new Map<string, TaskState>(), 0, random)
  const runs: Run[] = []
  let running: (Run & { failures: number })[] = []
  for (let now = 0; now < seconds; now += 30) {
    for (const { name, at, failures } of running.filter(({ end }) => end <= now)) {
      const task = tasks.find((one) => one.name === name)
      if (!task) throw new Error(name)
      const nextAt = nextRunAt(task, at, failures, random())
      states.set(name, { nextAt, wantedAt: null, isPaused: false, leaseUntil: null, failures })
    }
    running = running.filter(({ end }) => end > now)
    const spent: Record<string, number> = {}
    for (const { name } of running) {
      for (const [kind, amount] of Object.entries(tasks.find((one) => one.name === name)?.cost ?? {}))
        spent[kind] = (spent[kind] ?? 0) + amount
    }
    const due = dueTasks(tasks, states, {
      ...{ now, slackSeconds: 0, budgets: taskBudgets, spent, mostAtOnce: MOST_AT_ONCE - running.length },
      arePeopleWaiting: arePeopleWaiting(now),
    })
    for (const { name, leaseSeconds } of due) {
      const before = states.get(name)
      const run = { name, at: now, end: now + Math.min(leaseSeconds, lasts(name, random())) }
      states.set(name, {
        ...{ nextAt: before?.nextAt ?? 0, wantedAt: null, isPaused: false, failures: before?.failures ?? 0 },
        leaseUntil: now + leaseSeconds,
      })
      running.push({ ...run, failures: fails(name, now) ? (before?.failures ?? 0) + 1 : 0 })
      runs.push(run)
    }
  }
  return runs
}

const quick = (name: string, drawn: number) => (name === 'measure' ? 1 : 5 + drawn * 120)
const slow = (name: string) => (name === 'measure' ? 1 : 10_000)
const evenings = (at: number) => at % DAY > 0.7 * DAY
const of = (runs: Run[], name: string) => runs.filter((run) => run.name === name)
/** The longest that a task stood still after a run, in its own intervals. */
function longestGap(runs: Run[], name: string, everySeconds: number, seconds: number): number {
  let [before, longest] = [0, 0]
  for (const { at, end } of [...of(runs, name), { at: seconds, end: seconds }]) {
    longest = Math.max(longest, at - before)
    before = end
  }
  return longest / everySeconds
}

/** Of one kind, by all that ran at one time. */
function mostTaken(runs: Run[], kind: 'line' | 'cpu'): number {
  const changes = runs.flatMap(({ name, at, end }) => {
    const amount = tasks.find((one) => one.name === name)?.cost[kind] ?? 0
    return amount === 0
      ? []
      : [
          { at, amount },
          { at: end, amount: -amount },
        ]
  })
  let [taken, most] = [0, 0]
  for (const { amount } of changes.toSorted((a, b) => a.at - b.at || a.amount - b.amount)) {
    taken += amount
    most = Math.max(most, taken)
  }
  return most
}

describe('two months of an agent', () => {
  const seconds = 60 * DAY
  it.each([
    ['with quick runs', { lasts: quick }],
    ['with runs that take as long as they may', { lasts: slow }],
    ['with somebody watching every evening', { lasts: quick, arePeopleWaiting: evenings }],
    ['with somebody watching all the time', { lasts: slow, arePeopleWaiting: () => true }],
  ])('%s, starve no task and keep to the budgets', (_what, day) => {
    const runs = live({ seed: 7, seconds, ...day })
    for (const { name, everySeconds } of tasks) {
      // Late by its jitter, by people for two intervals at most, and by the others' turns.
      expect([name, longestGap(runs, name, everySeconds, seconds) < 5]).toEqual([name, true])
    }
    expect(mostTaken(runs, 'line')).toBeLessThanOrEqual(taskBudgets.line)
    expect(mostTaken(runs, 'cpu')).toBeLessThanOrEqual(taskBudgets.cpu)
  })

  it('while the edge is away for a week ask ever more seldom, and are back within hours', () => {
    const isAway = (at: number) => at > 10 * DAY && at < 17 * DAY
    const runs = live({ seed: 9, seconds: 20 * DAY, lasts: quick, fails: (_name, at) => isAway(at) })
    const searches = of(runs, 'search ahead')
    const away = searches.filter(({ at }) => isAway(at))
    expect(away.length).toBeLessThan((7 * DAY) / (3 * 3600))
    const back = searches.find(({ at }) => at >= 17 * DAY)?.at ?? Number.POSITIVE_INFINITY
    expect(back - 17 * DAY).toBeLessThan(8 * 3600)
  })
})

describe('fifty homes that start at one moment', () => {
  const homes = Array.from({ length: 50 }, (_, seed) => live({ seed, seconds: 2 * DAY, lasts: quick }))
  it.each(background.map(({ name, everySeconds }) => [name, everySeconds] as const))(
    'do not %s at the same minute',
    (name, everySeconds) => {
      const minutes = new Map<number, number>()
      for (const runs of homes) {
        for (const { at } of of(runs, name)) {
          const minute = Math.floor(at / 60)
          minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
        }
      }
      // Evenly drawn a minute would have so many: no minute has many times as many.
      const even = Math.max(1, (homes.length * 60) / Math.min(everySeconds, 1020))
      expect(Math.max(...minutes.values())).toBeLessThan(even * 5)
    },
  )

  it('leave each other and the first minutes alone', () => {
    for (const runs of homes) {
      for (const { name } of background) expect(of(runs, name)[0]?.at).toBeGreaterThanOrEqual(180)
    }
  })
})
