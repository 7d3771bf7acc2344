/** What an agent tells of its background tasks; the edge tells of its own in the same words. */
import * as z from 'zod'

export const TaskName = z.string().min(1).max(60)

export const TaskRunReport = z.object({
  /** Epoch seconds. */
  startedAt: z.int(),
  /** Null: it was lost, and nobody knows how long it went on. */
  durationMs: z.int().nullable(),
  result: z.enum(['done', 'failed', 'lost']),
  /** A sentence of ours; what else is known stands in the log. */
  problem: z.string().max(300).nullable(),
})
export type TaskRunReport = z.infer<typeof TaskRunReport>

export const TaskPause = z.strictObject({ isPaused: z.boolean() })

export const TaskReport = z.object({
  name: TaskName,
  everySeconds: z.int(),
  isPaused: z.boolean(),
  isRunning: z.boolean(),
  /** Epoch seconds; the past: as soon as there is room. Null while it is paused. */
  nextAt: z.int().nullable(),
  /** In a row. */
  failures: z.int(),
  lastRun: TaskRunReport.nullable(),
})
export type TaskReport = z.infer<typeof TaskReport>
