/** The agent's background work: runs its tasks when they are due, and remembers across restarts when that is. */
import * as z from 'zod'
import { dueTasks, nextRunAt, type TaskPlan, type TaskState } from '#protocol/due-tasks.ts'
import { AppError } from '#protocol/errors.ts'
import type { TaskReport, TaskRunReport } from '#protocol/task-report.ts'
import type { Log } from './log.ts'
import { parseJson } from './parse-json.ts'

/** `signal` ends when the agent stops, and after `leaseSeconds`: the run has failed then, whatever it still does. */
export type AgentTask = TaskPlan & {
  run: (signal: AbortSignal) => Promise<unknown>
  /** When it first runs after the agent starts, where it is due then: drawn between these. At once where nothing is said. */
  firstAfterSeconds?: { least: number; most: number }
}

export type TaskLoop = {
  /** As soon as there is room, whenever it would be due. Of a name that there is not: nothing. */
  want: (name: string) => void
  /** What each task is like, in the order of the table. */
  report: () => TaskReport[]
  /** Newest first. Throws `not_found`, as the two below. */
  runsOf: (name: string) => TaskRunReport[]
  runNow: (name: string) => void
  pause: (name: string, isPaused: boolean) => void
  close: () => Promise<void>
}

type Circumstances = {
  /** Where the times are kept: a setting of the agent's state. */
  memory: { get: (key: typeof KEY) => string | undefined; set: (key: typeof KEY, value: string) => void }
  /** Where runs are remembered; without it only the last of each is. */
  history?: {
    addRun: (name: string, run: TaskRunReport) => void
    runsOf: (name: string, most: number) => TaskRunReport[]
  }
  arePeopleWaiting: () => boolean
  log: Log
  /** What all that runs at one time may take together. */
  budgets?: Readonly<Record<string, number>>
  nowSeconds?: () => number
  random?: () => number
}

const KEY = 'tasks'
const LOOK_EVERY_MS = 1000
/** More than the budgets let run for long: what is quick and often finds a place beside them. */
export const MOST_AT_ONCE = 6
/** What runs more often begins anew with the agent, and writes nothing to its disk. */
const WORTH_KEEPING_SECONDS = 600
const Kept = z.record(
  z.string(),
  z.object({ nextAt: z.number(), failures: z.int().nonnegative(), isPaused: z.boolean().default(false) }),
)
const MOST_RUNS_TOLD = 100

export function startTaskLoop(tasks: readonly AgentTask[], circumstances: Circumstances): TaskLoop {
  const { memory, history, arePeopleWaiting, log, budgets = {} } = circumstances
  const nowSeconds = circumstances.nowSeconds ?? (() => Date.now() / 1000)
  const random = circumstances.random ?? Math.random
  const states = firstStates(tasks, readStates(memory), nowSeconds(), random)
  const running = new Map<AgentTask, { stop: () => void; ended: Promise<void> }>()
  const lastRuns = new Map<string, TaskRunReport>()

  const look = () => {
    const due = dueTasks(tasks, states, {
      now: nowSeconds(),
      slackSeconds: 0,
      budgets,
      spent: costOf([...running.keys()]),
      mostAtOnce: MOST_AT_ONCE - running.size,
      arePeopleWaiting: arePeopleWaiting(),
    })
    for (const task of due) if (!running.has(task)) begin(task)
  }

  const begin = (task: AgentTask) => {
    const startedAt = nowSeconds()
    const before = states.get(task.name) ?? { ...fresh }
    states.set(task.name, { ...before, wantedAt: null, leaseUntil: startedAt + task.leaseSeconds })
    const stopping = new AbortController()
    const ended = within(task, stopping).then(
      () => ending(task, startedAt, 0, null),
      (error: unknown) => {
        if (isClosed) return
        log.error('task_failed', error, { task: task.name })
        ending(task, startedAt, before.failures + 1, problemOf(error))
      },
    )
    running.set(task, { stop: () => stopping.abort(), ended })
  }

  const ending = (task: AgentTask, startedAt: number, failures: number, problem: string | null) => {
    running.delete(task)
    const { wantedAt, isPaused } = states.get(task.name) ?? fresh
    const nextAt = nextRunAt(task, startedAt, failures, random())
    states.set(task.name, { ...fresh, wantedAt, isPaused, failures, nextAt })
    const durationMs = Math.max(0, Math.round((nowSeconds() - startedAt) * 1000))
    const result = problem === null ? 'done' : 'failed'
    const run = { startedAt: Math.floor(startedAt), durationMs, result, problem } as const
    lastRuns.set(task.name, run)
    if (task.everySeconds < WORTH_KEEPING_SECONDS) return
    history?.addRun(task.name, run)
    keep()
  }

  const keep = () => {
    const isKept = ({ everySeconds, name }: AgentTask) =>
      everySeconds >= WORTH_KEEPING_SECONDS || states.get(name)?.isPaused === true
    const kept = tasks.filter((task) => states.has(task.name) && isKept(task))
    memory.set(KEY, JSON.stringify(Object.fromEntries(kept.map(({ name }) => [name, states.get(name)]))))
  }

  const known = (name: string): AgentTask => {
    const task = tasks.find((one) => one.name === name)
    if (!task) throw new AppError('not_found', 'This agent has no such task. Please load the page again.')
    return task
  }
  const want = (name: string) => {
    if (tasks.some((task) => task.name === name)) {
      states.set(name, { ...(states.get(name) ?? fresh), wantedAt: nowSeconds() })
    }
  }
  const reportOf = (task: AgentTask): TaskReport => {
    const { name, everySeconds } = task
    const { isPaused, wantedAt, nextAt, failures } = states.get(name) ?? fresh
    const lastRun = lastRuns.get(name) ?? history?.runsOf(name, 1)[0] ?? null
    const next = wantedAt ?? (isPaused ? null : nextAt)
    return {
      ...{ name, everySeconds, isPaused, isRunning: running.has(task), failures, lastRun },
      nextAt: next === null ? null : Math.floor(next),
    }
  }

  let isClosed = false
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  look()
  return {
    want,
    report: () => tasks.map(reportOf),
    runsOf: (name) => {
      const last = lastRuns.get(known(name).name)
      const runs = history?.runsOf(name, MOST_RUNS_TOLD) ?? []
      return runs.length === 0 && last ? [last] : runs
    },
    runNow: (name) => {
      want(known(name).name)
      look()
    },
    pause: (name, isPaused) => {
      states.set(known(name).name, { ...(states.get(name) ?? fresh), isPaused })
      keep()
    },
    close: async () => {
      isClosed = true
      clearInterval(timer)
      const all = [...running.values()]
      for (const { stop } of all) stop()
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}

/** Ours are for the admin's eyes; what else there is to know stands in the log. */
const problemOf = (error: unknown): string =>
  error instanceof AppError ? error.message.slice(0, 300) : 'It failed for a reason that only the log of the box tells.'

const fresh: TaskState = { nextAt: 0, wantedAt: null, isPaused: false, leaseUntil: null, failures: 0 }

/** What was running when the agent stopped is due as it was. What cannot be read is as good as nothing. */
function readStates(memory: Circumstances['memory']): Map<string, TaskState> {
  const kept = Kept.safeParse(parseJson(memory.get(KEY) ?? '{}'))
  return new Map(Object.entries(kept.data ?? {}).map(([name, state]) => [name, { ...fresh, ...state }]))
}

/** What is due at the start waits until the agent has started. Pure. */
export function firstStates(
  tasks: readonly Pick<AgentTask, 'name' | 'firstAfterSeconds'>[],
  kept: ReadonlyMap<string, TaskState>,
  now: number,
  random: () => number,
): Map<string, TaskState> {
  const states = new Map(kept)
  for (const { name, firstAfterSeconds } of tasks) {
    if (!firstAfterSeconds) continue
    const { least, most } = firstAfterSeconds
    const before = kept.get(name) ?? fresh
    states.set(name, { ...before, nextAt: Math.max(before.nextAt, now + least + random() * (most - least)) })
  }
  return states
}

function costOf(running: readonly AgentTask[]): Record<string, number> {
  const spent: Record<string, number> = {}
  for (const { cost } of running) {
    for (const [kind, amount] of Object.entries(cost)) spent[kind] = (spent[kind] ?? 0) + amount
  }
  return spent
}

/** Ends with the task, or when its time is over or the agent stops: a task that hears nothing holds nobody up. */
async function within(task: AgentTask, stopping: AbortController): Promise<void> {
  const tooLong = new Error(`${task.name} did not end within ${task.leaseSeconds} seconds`)
  const timer = setTimeout(() => stopping.abort(tooLong), task.leaseSeconds * 1000)
  timer.unref()
  const { signal } = stopping
  const stopped = new Promise<never>((_done, fail) =>
    signal.addEventListener('abort', () => fail(signal.reason), { once: true }),
  )
  try {
    await Promise.race([task.run(signal), stopped])
  } finally {
    clearTimeout(timer)
  }
}
