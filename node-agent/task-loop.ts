/** The agent's background work: runs its tasks when they are due, and remembers across restarts when that is. */
import * as z from 'zod'
import { dueTasks, nextRunAt, type TaskPlan, type TaskState } from '#protocol/due-tasks.ts'
import type { Log } from './log.ts'
import { parseJson } from './parse-json.ts'

/** `signal` ends when the agent stops, and after `leaseSeconds`: the run has failed then, whatever it still does. */
export type AgentTask = TaskPlan & { run: (signal: AbortSignal) => Promise<unknown> }

export type TaskLoop = {
  /** As soon as there is room, whenever it would be due. Of a name that there is not: nothing. */
  want: (name: string) => void
  close: () => Promise<void>
}

type Circumstances = {
  /** Where the times are kept: a setting of the agent's state. */
  memory: { get: (key: typeof KEY) => string | undefined; set: (key: typeof KEY, value: string) => void }
  arePeopleWaiting: () => boolean
  log: Log
  /** What all that runs at one time may take together. */
  budgets?: Readonly<Record<string, number>>
  nowSeconds?: () => number
  random?: () => number
}

const KEY = 'tasks'
const LOOK_EVERY_MS = 1000
const MOST_AT_ONCE = 4
/** What runs more often begins anew with the agent, and writes nothing to its disk. */
const WORTH_KEEPING_SECONDS = 600
const Kept = z.record(z.string(), z.object({ nextAt: z.number(), failures: z.int().nonnegative() }))

export function startTaskLoop(tasks: readonly AgentTask[], circumstances: Circumstances): TaskLoop {
  const { memory, arePeopleWaiting, log, budgets = {} } = circumstances
  const nowSeconds = circumstances.nowSeconds ?? (() => Date.now() / 1000)
  const random = circumstances.random ?? Math.random
  const states = readStates(memory)
  const running = new Map<AgentTask, { stop: () => void; ended: Promise<void> }>()

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
      () => ending(task, startedAt, 0),
      (error: unknown) => {
        if (isClosed) return
        log.error('task_failed', error, { task: task.name })
        ending(task, startedAt, before.failures + 1)
      },
    )
    running.set(task, { stop: () => stopping.abort(), ended })
  }

  const ending = (task: AgentTask, startedAt: number, failures: number) => {
    running.delete(task)
    const wantedAt = states.get(task.name)?.wantedAt ?? null
    states.set(task.name, { ...fresh, wantedAt, failures, nextAt: nextRunAt(task, startedAt, failures, random()) })
    if (task.everySeconds >= WORTH_KEEPING_SECONDS) keep()
  }

  const keep = () => {
    const kept = tasks.filter(({ everySeconds, name }) => everySeconds >= WORTH_KEEPING_SECONDS && states.has(name))
    memory.set(KEY, JSON.stringify(Object.fromEntries(kept.map(({ name }) => [name, states.get(name)]))))
  }

  let isClosed = false
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  look()
  return {
    want: (name) => {
      if (tasks.some((task) => task.name === name)) {
        states.set(name, { ...(states.get(name) ?? fresh), wantedAt: nowSeconds() })
      }
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

const fresh: TaskState = { nextAt: 0, wantedAt: null, isPaused: false, leaseUntil: null, failures: 0 }

/** What was running when the agent stopped is due as it was. What cannot be read is as good as nothing. */
function readStates(memory: Circumstances['memory']): Map<string, TaskState> {
  const kept = Kept.safeParse(parseJson(memory.get(KEY) ?? '{}'))
  return new Map(Object.entries(kept.data ?? {}).map(([name, state]) => [name, { ...fresh, ...state }]))
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
