/** What the routes of background tasks take and answer. */
import * as z from 'zod'
import { TaskReport, TaskRunReport } from '#protocol/task-report.ts'

export const TaskRunCard = TaskRunReport.extend({ correlationId: z.string() })
export type TaskRunCard = z.infer<typeof TaskRunCard>

/** `nextAt` in the past: at the next tick. */
export const TaskCard = TaskReport.extend({ lastRun: TaskRunCard.nullable() })
export type TaskCard = z.infer<typeof TaskCard>

export const TaskList = z.object({ tasks: z.array(TaskCard) })
/** Newest first, of the last thirty days. */
export const TaskHistory = z.object({ runs: z.array(TaskRunCard) })
export const TaskParam = z.object({ name: z.string().min(1).max(60) })
