/** The routes of background tasks, for the admin: what runs when, what it was like, run now, pause. */
import { Hono } from 'hono'
import { AppError } from '#protocol/errors.ts'
import { TaskPause } from '#protocol/task-report.ts'
import { writeEvent } from '../audit/write-event.ts'
import { may, type SignedInPerson } from '../auth/may.ts'
import { describe } from '../describe.ts'
import { type Edge, edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { type TaskCard, TaskHistory, TaskList, TaskParam, type TaskRunCard } from './answers.ts'
import { runDueTasks } from './run-due-tasks.ts'
import { lastRuns, pauseTask, readTasks, runsOf, type StoredTask, type TaskRun, wantTask } from './task-store.ts'
import { type Task, tasks } from './tasks.ts'

const MOST_RUNS_SHOWN = 100

export const taskRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'Every background task, when it ran and runs next',
      access: 'admin',
      answer: { status: 200, schema: TaskList },
    }),
    may('tasks.manage'),
    async (c) => {
      const { db, now } = edgeOf(c)
      const [stored, runs] = await Promise.all([readTasks(db), lastRuns(db)])
      return c.json({ tasks: tasks.map((task) => cardOf(task, stored.get(task.name), runs.get(task.name), now)) }, 200)
    },
  )
  .get(
    '/:name/runs',
    describe({
      summary: 'What the runs of a task were like, newest first',
      access: 'admin',
      answer: { status: 200, schema: TaskHistory },
      refuses: ['not_found'],
    }),
    may('tasks.manage'),
    validate('param', TaskParam),
    async (c) => {
      const { name } = known(c.req.valid('param').name)
      const runs = await runsOf(edgeOf(c).db, name, MOST_RUNS_SHOWN)
      return c.json({ runs: runs.map(runCardOf) }, 200)
    },
  )
  .post(
    '/:name/run',
    describe({
      summary: 'Run a task now, paused or not; the tick after does it when this one cannot',
      access: 'admin',
      answer: { status: 202 },
      refuses: ['not_found'],
    }),
    may('tasks.manage'),
    validate('param', TaskParam),
    async (c) => {
      const [edge, task] = [edgeOf(c), known(c.req.valid('param').name)]
      await wantTask(edge, task.name)
      await note(edge, 'task_run_asked', c.var.person, task)
      edge.later(runDueTasks(edge, [task]))
      return c.body(null, 202)
    },
  )
  .put(
    '/:name/pause',
    describe({
      summary: 'Let a task rest, or go on',
      access: 'admin',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    may('tasks.manage'),
    validate('param', TaskParam),
    validate('json', TaskPause),
    async (c) => {
      const [edge, task, { isPaused }] = [edgeOf(c), known(c.req.valid('param').name), c.req.valid('json')]
      await pauseTask(edge, task.name, isPaused)
      await note(edge, isPaused ? 'task_paused' : 'task_resumed', c.var.person, task)
      return c.body(null, 204)
    },
  )

type Noted = 'task_run_asked' | 'task_paused' | 'task_resumed'

const note = (edge: Edge, kind: Noted, { id, sessionId }: SignedInPerson, { name }: Task) =>
  writeEvent(edge.db, { kind, actorId: id, sessionId, details: { task: name } }, edge)

function known(name: string): Task {
  const task = tasks.find((one) => one.name === name)
  if (!task) throw new AppError('not_found', 'There is no such task. Please load the page again.')
  return task
}

function cardOf(task: Task, stored: StoredTask | undefined, run: TaskRun | undefined, now: number): TaskCard {
  const isPaused = stored?.pausedAt != null
  return {
    name: task.name,
    everySeconds: task.everyMinutes * 60,
    isPaused,
    isRunning: (stored?.leaseUntil ?? 0) > now,
    nextAt: isPaused ? null : (stored?.wantedAt ?? stored?.nextAt ?? 0),
    failures: stored?.failures ?? 0,
    lastRun: run ? runCardOf(run) : null,
  }
}

const runCardOf = ({ startedAt, durationMs, result, problem, correlationId }: TaskRun): TaskRunCard => ({
  ...{ startedAt, durationMs, result, problem, correlationId },
})
