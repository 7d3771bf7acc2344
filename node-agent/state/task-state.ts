/** What the runs of the agent's tasks were like, of the last thirty days. */
import type { DatabaseSync } from 'node:sqlite'
import type { TaskRunReport } from '#protocol/task-report.ts'

const KEPT_SECONDS = 30 * 86_400
/** Of one task; what runs every minute would push everything else out of thirty days. */
const MOST_KEPT = 1000

export function taskState(database: DatabaseSync) {
  const insert = database.prepare('INSERT OR REPLACE INTO task_runs VALUES (?, ?, ?, ?, ?)')
  const tidy = database.prepare(
    `DELETE FROM task_runs WHERE name = ?1 AND started_at < max(?2, coalesce(
      (SELECT started_at FROM task_runs WHERE name = ?1 ORDER BY started_at DESC LIMIT 1 OFFSET ${MOST_KEPT}), 0) + 1)`,
  )
  const select = database.prepare(
    'SELECT started_at AS startedAt, duration_ms AS durationMs, result, problem FROM task_runs WHERE name = ? ORDER BY started_at DESC LIMIT ?',
  )
  return {
    addRun(name: string, { startedAt, durationMs, result, problem }: TaskRunReport): void {
      insert.run(name, startedAt, durationMs, result, problem)
      tidy.run(name, startedAt - KEPT_SECONDS)
    },
    /** Newest first. */
    runsOf: (name: string, most: number): TaskRunReport[] => select.all(name, most) as TaskRunReport[],
  }
}
export type TaskState = ReturnType<typeof taskState>
