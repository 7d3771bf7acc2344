/** The work that goes on by itself, at the edge and on each box: when each task ran and runs next, how it went; run now, pause. */
import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Agent, TaskCard } from '../api.ts'
import { pauseTask, runTask } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { agentsQuery, taskRunsQuery, tasksQuery } from '../queries.ts'
import { agentTaskRunsQuery, agentTasksQuery, pauseAgentTask, runAgentTask } from '../sources-api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../ui/panel.tsx'
import { since, when } from '../ui/time-format.ts'
import { doingOf, every, taskName, took, until } from './task-words.ts'

type Run = Omit<NonNullable<TaskCard['lastRun']>, 'correlationId'>
type Task = Omit<TaskCard, 'lastRun'> & { lastRun: Run | null }
/** Whose tasks they are, and how they are asked. */
type Desk = {
  key: QueryKey
  run: (name: string) => Promise<unknown>
  pause: (name: string, isPaused: boolean) => Promise<unknown>
  useRuns: (name: string) => { data: { runs: Run[] } | undefined; error: Error | null }
}

const edgeDesk: Desk = {
  key: tasksQuery.queryKey,
  run: runTask,
  pause: pauseTask,
  useRuns: (name) => useQuery(taskRunsQuery(name)),
}
const deskOf = (agentId: string): Desk => ({
  key: agentTasksQuery(agentId).queryKey,
  run: (name) => runAgentTask(agentId, name),
  pause: (name, isPaused) => pauseAgentTask(agentId, name, isPaused),
  useRuns: (name) => useQuery(agentTaskRunsQuery(agentId, name)),
})

export function TasksPanel() {
  const tasks = useQuery(tasksQuery)
  return (
    <TaskList
      title="Background work"
      lead="What goes on by itself, every few minutes to once a day."
      desk={edgeDesk}
      tasks={tasks}
    />
  )
}

/** Of each box that is here. */
export function AgentTasksPanels() {
  const { data: agents = [] } = useQuery(agentsQuery)
  return agents.filter(({ online }) => online).map((agent) => <AgentTasks key={agent.id} agent={agent} />)
}

function AgentTasks({ agent: { id, name } }: { agent: Agent }) {
  const tasks = useQuery(agentTasksQuery(id))
  const [desk] = useState(() => deskOf(id))
  return <TaskList title={`Background work of ${name}`} lead="What the box does by itself." desk={desk} tasks={tasks} />
}

type TaskListProps = {
  title: string
  lead: string
  desk: Desk
  tasks: { data: { tasks: Task[] } | undefined; error: Error | null; refetch: () => unknown; isFetching: boolean }
}

function TaskList({ title, lead, desk, tasks: { data, error, refetch, isFetching } }: TaskListProps) {
  return (
    <Panel title={title} lead={lead}>
      {!data && !error && <LoadingRows label="Loading the tasks" rows={6} />}
      {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data && (
        <RowList label={title}>
          {data.tasks.map((task) => (
            <TaskRow key={task.name} task={task} desk={desk} />
          ))}
        </RowList>
      )}
    </Panel>
  )
}

function TaskRow({ task, desk }: { task: Task; desk: Desk }) {
  const queryClient = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const called = taskName(task.name)
  const options = { onSettled: () => queryClient.invalidateQueries({ queryKey: desk.key }) }
  const run = useMutation({ mutationFn: () => desk.run(task.name), ...options })
  const pause = useMutation({ mutationFn: () => desk.pause(task.name, !task.isPaused), ...options })
  const failed = run.error ?? pause.error
  return (
    <Row
      title={
        <>
          <span className="inline-block first-letter:uppercase">{called}</span> <State task={task} />
        </>
      }
      note={<Note task={task} />}
      below={
        (failed || isOpen) && (
          <>
            {failed && <ErrorNote words={wordsFor(failed)} />}
            {isOpen && <History name={task.name} desk={desk} />}
          </>
        )
      }
    >
      <Button
        look="quiet"
        aria-expanded={isOpen}
        aria-label={`Last runs of ${called}`}
        onClick={() => setOpen(!isOpen)}
      >
        Log
      </Button>
      <Button
        look="quiet"
        aria-label={`${task.isPaused ? 'Go on with' : 'Pause'} ${called}`}
        isBusy={pause.isPending}
        onClick={() => pause.mutate()}
      >
        {task.isPaused ? 'Go on' : 'Pause'}
      </Button>
      <Button look="plain" aria-label={`Run ${called} now`} isBusy={run.isPending} onClick={() => run.mutate()}>
        Run
      </Button>
    </Row>
  )
}

function State({ task: { isPaused, isRunning, failures } }: { task: Task }) {
  if (isRunning) return <Tag tone="lamp">Runs now</Tag>
  if (failures > 0) return <Tag tone="ember">{failures === 1 ? 'Failed' : `Failed ${failures} times`}</Tag>
  return isPaused ? <Tag>Paused</Tag> : null
}

function Note({ task: { name, everySeconds, lastRun, nextAt } }: { task: Task }) {
  const nowMs = Date.now()
  const last = lastRun ? `last ${since(lastRun.startedAt, nowMs)}, ${took(lastRun)}` : 'has not run yet'
  const next = nextAt === null ? 'rests' : `next ${until(nextAt - nowMs / 1000)}`
  return (
    <>
      {doingOf(name) !== undefined && <span className="block text-ink/85">{doingOf(name)}</span>}
      {every(everySeconds)} · {last} · {next}
      {lastRun?.problem && <span className="block text-ember">{lastRun.problem}</span>}
    </>
  )
}

function History({ name, desk: { useRuns } }: { name: string; desk: Desk }) {
  const { data, error } = useRuns(name)
  if (error) return <ErrorNote words={wordsFor(error)} />
  if (data?.runs.length === 0) return <p className="w-full text-sm text-quiet">It has not run yet.</p>
  const nowMs = Date.now()
  return (
    <ol
      aria-label={`Last runs of ${taskName(name)}`}
      className="max-h-64 w-full overflow-y-auto text-sm text-quiet tabular-nums"
    >
      {data?.runs.map((run) => (
        <li key={run.startedAt} className="py-1">
          {when(run.startedAt, nowMs)} · {took(run)}
          {run.problem && <span className="text-ember"> · {run.problem}</span>}
        </li>
      ))}
    </ol>
  )
}
