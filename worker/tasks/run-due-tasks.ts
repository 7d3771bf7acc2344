/** Runs what is due at a tick of the cron; one task that fails does not stop the others. */
import { dueTasks, nextRunAt, type TaskPlan } from '#protocol/due-tasks.ts'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { claimTask, endTask, readTasks, SLACK_SECONDS, type StoredTask, stateOf } from './task-store.ts'
import type { Task } from './tasks.ts'

/** How often wrangler.toml's cron ticks. */
export const TICK_MINUTES = 5
/** What one invocation may ask of other services on the free plan. */
export const QUESTIONS = 50
/** One after the other within a tick. */
const MOST_AT_ONCE = 12
/** Longer than any runs: an invocation of the cron ends after fifteen minutes. */
const LEASE_SECONDS = 900

type Chance = { clockMs: () => number; random: () => number }
const real: Chance = {
  clockMs: () => Date.now(),
  random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
}

/** What often runs keeps to the ticks; what seldom runs is drawn apart. */
export const planOf = ({ name, everyMinutes, questions = 0, priority = 1 }: Task): TaskPlan => ({
  ...{ name, priority },
  everySeconds: everyMinutes * 60,
  jitter: everyMinutes < 12 * TICK_MINUTES ? 0 : 0.1,
  leaseSeconds: LEASE_SECONDS,
  cost: questions > 0 ? { questions } : {},
  yieldsToPeople: false,
})

export async function runDueTasks(edge: Edge, tasks: readonly Task[], chance: Chance = real): Promise<void> {
  const stored = await readTasks(edge.db)
  const states = new Map([...stored].map(([name, row]) => [name, stateOf(row)]))
  const plans = tasks.map((task) => ({ ...planOf(task), run: task.run }))
  const due = dueTasks(plans, states, {
    now: edge.now,
    slackSeconds: SLACK_SECONDS,
    budgets: { questions: QUESTIONS },
    mostAtOnce: MOST_AT_ONCE,
    arePeopleWaiting: false,
  })
  for (const task of due) await runTask(edge, task, stored.get(task.name), chance)
}

/** Does nothing when somebody else runs it. Never throws for the task's sake. */
async function runTask(
  edge: Edge,
  task: TaskPlan & Pick<Task, 'run'>,
  before: StoredTask | undefined,
  { clockMs, random }: Chance,
): Promise<void> {
  const { correlationId } = edge
  const claim = await claimTask(edge, task.name, task.leaseSeconds, before)
  if (!claim) return
  const startedMs = clockMs()
  let problem: string | null = null
  try {
    await task.run(edge)
    log('info', 'task_done', { correlationId, task: task.name })
  } catch (error) {
    log('error', 'task_failed', { correlationId, task: task.name, error })
    problem = error instanceof AppError ? error.message : 'It failed for a reason that only the log tells.'
  }
  const wasLost = before?.runId != null
  const failures = problem === null ? 0 : (before?.failures ?? 0) + (wasLost ? 2 : 1)
  await endTask(edge, claim, {
    ...{ problem, failures },
    result: problem === null ? 'done' : 'failed',
    durationMs: Math.max(0, Math.round(clockMs() - startedMs)),
    nextAt: nextRunAt(task, claim.startedAt, failures, random()),
  })
}
