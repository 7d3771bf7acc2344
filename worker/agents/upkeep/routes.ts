/** The routes by which the operator looks after an agent: its content providers, and its background tasks. */
import { Hono } from 'hono'
import { ProviderSettings } from '#protocol/provider-settings.ts'
import { TaskPause } from '#protocol/task-report.ts'
import { writeEvent } from '../../audit/write-event.ts'
import { may, type SignedInPerson } from '../../auth/may.ts'
import { describe } from '../../describe.ts'
import { type Edge, edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { AgentParam } from '../answers.ts'
import { lawfulUseConfirmedAt } from '../household/settings.ts'
import {
  AgentTaskList,
  AgentTaskParam,
  AgentTaskRuns,
  ProviderList,
  ProviderParam,
  ProviderSet,
  withoutSecrets,
} from './answers.ts'
import { askKnowing } from './ask-knowing.ts'

const by = ({ id, sessionId }: SignedInPerson) => ({ actorId: id, sessionId })
const away = ['not_found', 'agent_offline', 'version_unsupported'] as const

/** What the rest of the house does when something changes here; app.ts brings them together. */
export type UpkeepEvents = {
  /** An agent asks elsewhere from now on: what was looked for lately may be found now. */
  providersChanged: (edge: Edge) => Promise<unknown>
}

export const agentUpkeepRoutes = (events: UpkeepEvents) =>
  new Hono<AppEnv>()
    .get(
      '/:id/providers',
      describe({
        summary: 'The content providers of an agent: what each is, how it is set and how it fares',
        access: 'admin',
        answer: { status: 200, schema: ProviderList },
        refuses: [...away],
      }),
      may('sources.read'),
      validate('param', AgentParam),
      async (c) => {
        const { providers } = await askKnowing(edgeOf(c), c.req.valid('param').id, { kind: 'providers' })
        return c.json({ providers: providers.map(withoutSecrets) }, 200)
      },
    )
    .put(
      '/:id/providers/:provider',
      describe({
        summary: 'Set a content provider of an agent, which keeps the settings itself; `problems` say what is wrong',
        access: 'admin',
        answer: { status: 200, schema: ProviderSet },
        refuses: ['step_up_needed', ...away],
      }),
      may('sources.connect'),
      validate('param', ProviderParam),
      validate('json', ProviderSettings),
      async (c) => {
        const [edge, { id: agentId, provider }, settings] = [edgeOf(c), c.req.valid('param'), c.req.valid('json')]
        const isLawfulUseConfirmed = (await lawfulUseConfirmedAt(edge)) !== null
        const request = { kind: 'set-provider' as const, id: provider, settings, isLawfulUseConfirmed }
        const set = await askKnowing(edge, agentId, request)
        if (set.problems.length === 0) {
          const details = { provider, isOn: set.provider.isOn }
          const event = { kind: 'provider_changed' as const, ...by(c.var.person), subjectId: agentId, details }
          await writeEvent(edge.db, event, edge)
          if (set.provider.isOn) await events.providersChanged(edge)
        }
        return c.json({ ...set, provider: withoutSecrets(set.provider) }, 200)
      },
    )
    .get(
      '/:id/tasks',
      describe({
        summary: 'The background tasks of an agent, when each ran and runs next',
        access: 'admin',
        answer: { status: 200, schema: AgentTaskList },
        refuses: [...away],
      }),
      may('tasks.manage'),
      validate('param', AgentParam),
      async (c) => c.json(await askKnowing(edgeOf(c), c.req.valid('param').id, { kind: 'tasks' }), 200),
    )
    .get(
      '/:id/tasks/:name/runs',
      describe({
        summary: 'What the runs of an agent’s task were like, newest first',
        access: 'admin',
        answer: { status: 200, schema: AgentTaskRuns },
        refuses: [...away],
      }),
      may('tasks.manage'),
      validate('param', AgentTaskParam),
      async (c) => {
        const { id, name } = c.req.valid('param')
        return c.json(await askKnowing(edgeOf(c), id, { kind: 'task-runs', name }), 200)
      },
    )
    .post(
      '/:id/tasks/:name/run',
      describe({
        summary: 'Have an agent run a task as soon as it has room, paused or not',
        access: 'admin',
        answer: { status: 202 },
        refuses: [...away],
      }),
      may('tasks.manage'),
      validate('param', AgentTaskParam),
      async (c) => {
        const [edge, { id, name }] = [edgeOf(c), c.req.valid('param')]
        await askKnowing(edge, id, { kind: 'run-task', name })
        const event = { kind: 'task_run_asked' as const, ...by(c.var.person), subjectId: id, details: { task: name } }
        await writeEvent(edge.db, event, edge)
        return c.body(null, 202)
      },
    )
    .put(
      '/:id/tasks/:name/pause',
      describe({
        summary: 'Let a task of an agent rest, or go on',
        access: 'admin',
        answer: { status: 204 },
        refuses: [...away],
      }),
      may('tasks.manage'),
      validate('param', AgentTaskParam),
      validate('json', TaskPause),
      async (c) => {
        const [edge, { id, name }, { isPaused }] = [edgeOf(c), c.req.valid('param'), c.req.valid('json')]
        await askKnowing(edge, id, { kind: 'pause-task', name, isPaused })
        const kind = isPaused ? ('task_paused' as const) : ('task_resumed' as const)
        await writeEvent(edge.db, { kind, ...by(c.var.person), subjectId: id, details: { task: name } }, edge)
        return c.body(null, 204)
      },
    )
