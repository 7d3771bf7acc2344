/** What the routes of background tasks take and answer. */
import * as z from 'zod'

export const TaskRunCard = z.object({
  /** Epoch seconds. */
  startedAt: z.int(),
  /** Null: it was lost, and nobody knows how long it went on. */
  durationMs: z.int().nullable(),
  result: z.enum(['done', 'failed', 'lost']),
  /** What is to be told of a failure. */
  problem: z.string().nullable(),
  correlationId: z.string(),
})
export type TaskRunCard = z.infer<typeof TaskRunCard>

export const TaskCard = z.object({
  name: z.string(),
  everySeconds: z.int(),
  isPaused: z.boolean(),
  isRunning: z.boolean(),
  /** Epoch seconds; the past: at the next tick. Null while it is paused. */
  nextAt: z.int().nullable(),
  /** In a row. */
  failures: z.int(),
  lastRun: TaskRunCard.nullable(),
})
export type TaskCard = z.infer<typeof TaskCard>

export const TaskList = z.object({ tasks: z.array(TaskCard) })
/** Newest first, of the last thirty days. */
export const TaskHistory = z.object({ runs: z.array(TaskRunCard) })
export const TaskParam = z.object({ name: z.string().min(1).max(60) })
export const TaskPause = z.strictObject({ isPaused: z.boolean() })
