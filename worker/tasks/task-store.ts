/** Where each task stands, in D1: claimed by one of all who try, ended once, told to the admin. */
import { and, desc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { TaskState } from '#protocol/due-tasks.ts'
import type { Db } from '../db.ts'
import type { Edge } from '../edge.ts'
import { randomId } from '../random-id.ts'
import { taskRuns, taskStates } from './schema.ts'

/** Half of the cron's five minutes: what is due before the next tick comes nearer than this one runs now. */
export const SLACK_SECONDS = 150
/** How long runs are remembered. */
export const HISTORY_SECONDS = 30 * 86_400

export type StoredTask = typeof taskStates.$inferSelect
export type TaskRun = typeof taskRuns.$inferSelect
export type Claim = { name: string; runId: string; startedAt: number }

/** Every task that ever ran, by name. */
export async function readTasks(db: Db): Promise<Map<string, StoredTask>> {
  const rows = await db.select().from(taskStates)
  return new Map(rows.map((row) => [row.name, row]))
}

export const stateOf = ({ nextAt, wantedAt, pausedAt, leaseUntil, failures }: StoredTask): TaskState => ({
  ...{ nextAt, wantedAt, leaseUntil, failures },
  isPaused: pausedAt !== null,
})

/**
 * Undefined when somebody else has it, or had it in the meantime. `before` is the row as it was read: a run in it whose
 * lease is over was lost, and is noted as that.
 */
export async function claimTask(
  edge: Edge,
  name: string,
  leaseSeconds: number,
  before: StoredTask | undefined,
): Promise<Claim | undefined> {
  const { db, now } = edge
  const claim = { runId: randomId(), startedAt: now, leaseUntil: now + leaseSeconds }
  const isFree = or(isNull(taskStates.leaseUntil), lte(taskStates.leaseUntil, now))
  const isDue = or(
    sql`${taskStates.wantedAt} is not null`,
    and(isNull(taskStates.pausedAt), lte(taskStates.nextAt, now + SLACK_SECONDS)),
  )
  const claimed = await db
    .insert(taskStates)
    .values({ name, ...claim })
    .onConflictDoUpdate({
      target: taskStates.name,
      set: { ...claim, wantedAt: null },
      setWhere: sql`${isFree} and ${isDue}`,
    })
    .returning({ runId: taskStates.runId })
  if (claimed.length === 0) return undefined
  if (before?.startedAt != null && before.runId !== null) {
    await db
      .insert(taskRuns)
      .values({ name, startedAt: before.startedAt, result: 'lost', correlationId: edge.correlationId })
      .onConflictDoNothing()
  }
  return { name, runId: claim.runId, startedAt: now }
}

export type Ending = Pick<TaskRun, 'result' | 'problem'> & { durationMs: number; failures: number; nextAt: number }

/** Whoever took the task over in the meantime keeps it; that this run ended is noted all the same. */
export async function endTask(edge: Edge, { name, runId, startedAt }: Claim, ending: Ending): Promise<void> {
  const { result, problem, durationMs, failures, nextAt } = ending
  const run = { durationMs, result, problem, correlationId: edge.correlationId }
  await edge.db.batch([
    edge.db
      .update(taskStates)
      .set({ leaseUntil: null, runId: null, startedAt: null, failures, nextAt })
      .where(and(eq(taskStates.name, name), eq(taskStates.runId, runId))),
    edge.db
      .insert(taskRuns)
      .values({ name, startedAt, ...run })
      .onConflictDoUpdate({ target: [taskRuns.name, taskRuns.startedAt], set: run }),
  ])
}

/** The last run of each task. */
export async function lastRuns(db: Db): Promise<Map<string, TaskRun>> {
  // One look into the primary key for each task; no run is read that is not shown.
  const rows = await db
    .select({ run: taskRuns })
    .from(taskStates)
    .innerJoin(
      taskRuns,
      and(
        eq(taskRuns.name, taskStates.name),
        sql`${taskRuns.startedAt} = (select max(last.started_at) from task_runs as last where last.name = ${taskStates.name})`,
      ),
    )
  return new Map(rows.map(({ run }) => [run.name, run]))
}

export const runsOf = (db: Db, name: string, most: number): Promise<TaskRun[]> =>
  db.select().from(taskRuns).where(eq(taskRuns.name, name)).orderBy(desc(taskRuns.startedAt)).limit(most)

/** Until a run begins; asked for twice it is done once. */
export const wantTask = ({ db, now }: Edge, name: string) =>
  db
    .insert(taskStates)
    .values({ name, wantedAt: now })
    .onConflictDoUpdate({ target: taskStates.name, set: { wantedAt: now } })

/** A run that goes on ends as it would have. */
export function pauseTask({ db, now }: Edge, name: string, isPaused: boolean) {
  const pausedAt = isPaused ? now : null
  return db
    .insert(taskStates)
    .values({ name, pausedAt })
    .onConflictDoUpdate({ target: taskStates.name, set: { pausedAt } })
}

/** For the clean-up: runs that are too old, found by the primary key. */
export const forgetRuns = ({ db, now }: Edge) =>
  db
    .delete(taskRuns)
    .where(
      sql`rowid in (select run.rowid from task_states as task join task_runs as run on run.name = task.name and run.started_at < ${now - HISTORY_SECONDS})`,
    )
