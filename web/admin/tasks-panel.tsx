/** The work that goes on by itself: when each task ran and runs next, how it went; run now, pause, and its last runs. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { TaskCard } from '../api.ts'
import { pauseTask, runTask } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { taskRunsQuery, tasksQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows, Panel, Row, RowList, RowsFailed, Tag } from '../ui/panel.tsx'
import { since, when } from '../ui/time-format.ts'
import { every, took, until } from './task-words.ts'

export function TasksPanel() {
  const { data, error, refetch, isFetching } = useQuery(tasksQuery)
  return (
    <Panel title="Background work" lead="What goes on by itself, every few minutes to once a day.">
      {!data && !error && <LoadingRows label="Loading the tasks" rows={6} />}
      {!data && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data && (
        <RowList label="Background work">
          {data.tasks.map((task) => (
            <TaskRow key={task.name} task={task} />
          ))}
        </RowList>
      )}
    </Panel>
  )
}

function TaskRow({ task }: { task: TaskCard }) {
  const queryClient = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const options = { onSettled: () => queryClient.invalidateQueries({ queryKey: tasksQuery.queryKey }) }
  const run = useMutation({ mutationFn: () => runTask(task.name), ...options })
  const pause = useMutation({ mutationFn: () => pauseTask(task.name, !task.isPaused), ...options })
  const failed = run.error ?? pause.error
  return (
    <Row
      title={
        <>
          <span className="inline-block first-letter:uppercase">{task.name}</span> <State task={task} />
        </>
      }
      note={<Note task={task} />}
    >
      <Button
        look="quiet"
        aria-expanded={isOpen}
        aria-label={`Last runs of ${task.name}`}
        onClick={() => setOpen(!isOpen)}
      >
        Log
      </Button>
      <Button
        look="quiet"
        aria-label={`${task.isPaused ? 'Go on with' : 'Pause'} ${task.name}`}
        isBusy={pause.isPending}
        onClick={() => pause.mutate()}
      >
        {task.isPaused ? 'Go on' : 'Pause'}
      </Button>
      <Button look="plain" aria-label={`Run ${task.name} now`} isBusy={run.isPending} onClick={() => run.mutate()}>
        Run
      </Button>
      {failed && <ErrorNote words={wordsFor(failed)} />}
      {isOpen && <History name={task.name} />}
    </Row>
  )
}

function State({ task: { isPaused, isRunning, failures } }: { task: TaskCard }) {
  if (isRunning) return <Tag tone="lamp">Runs now</Tag>
  if (failures > 0) return <Tag tone="ember">{failures === 1 ? 'Failed' : `Failed ${failures} times`}</Tag>
  return isPaused ? <Tag>Paused</Tag> : null
}

function Note({ task: { everySeconds, lastRun, nextAt } }: { task: TaskCard }) {
  const nowMs = Date.now()
  const last = lastRun ? `last ${since(lastRun.startedAt, nowMs)}, ${took(lastRun)}` : 'has not run yet'
  const next = nextAt === null ? 'rests' : `next ${until(nextAt - nowMs / 1000)}`
  return (
    <>
      {every(everySeconds)} · {last} · {next}
      {lastRun?.problem && <span className="block text-ember">{lastRun.problem}</span>}
    </>
  )
}

function History({ name }: { name: string }) {
  const { data, error } = useQuery(taskRunsQuery(name))
  if (error) return <ErrorNote words={wordsFor(error)} />
  if (data?.runs.length === 0) return <p className="w-full text-sm text-quiet">It has not run yet.</p>
  const nowMs = Date.now()
  return (
    <ol aria-label={`Last runs of ${name}`} className="max-h-64 w-full overflow-y-auto text-sm text-quiet tabular-nums">
      {data?.runs.map((run) => (
        <li key={run.startedAt} className="py-1">
          {when(run.startedAt, nowMs)} · {took(run)}
          {run.problem && <span className="text-ember"> · {run.problem}</span>}
        </li>
      ))}
    </ol>
  )
}
