/** Runs what is due at a tick of the cron; one task that fails does not stop the others. */
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import type { Task } from './tasks.ts'

/** How often wrangler.toml's cron ticks. */
export const TICK_MINUTES = 5

/** Pure: by the clock alone, so that no row has to remember when each ran last. */
export const dueTasks = (tasks: readonly Task[], scheduledMs: number): Task[] => {
  const minute = Math.floor(scheduledMs / 60_000)
  return tasks.filter(
    ({ everyMinutes, afterMinutes = 0 }) => (minute - afterMinutes + everyMinutes) % everyMinutes < TICK_MINUTES,
  )
}

export async function runDueTasks(edge: Edge, tasks: readonly Task[], scheduledMs: number): Promise<void> {
  for (const { name, run } of dueTasks(tasks, scheduledMs)) {
    const { correlationId } = edge
    try {
      await run(edge)
      log('info', 'task_done', { correlationId, task: name })
    } catch (error) {
      log('error', 'task_failed', { correlationId, task: name, error })
    }
  }
}
