/** What the routes take and answer by which the operator looks after agents' providers and tasks. */
import * as z from 'zod'
import { SetProviderReply } from '#protocol/agent-requests.ts'
import { ProviderId, ProviderReport } from '#protocol/provider-settings.ts'
import { TaskName, TaskReport, TaskRunReport } from '#protocol/task-report.ts'
import { AgentParam } from '../answers.ts'

export const ProviderParam = AgentParam.extend({ provider: ProviderId })
export const AgentTaskParam = AgentParam.extend({ name: TaskName })

export const ProviderList = z.object({ providers: z.array(ProviderReport) })
export const ProviderSet = SetProviderReply
export const AgentTaskList = z.object({ tasks: z.array(TaskReport) })
export const AgentTaskRuns = z.object({ runs: z.array(TaskRunReport) })

/** Whatever the agent says: a secret's value goes no further. */
export const withoutSecrets = (provider: ProviderReport): ProviderReport => ({
  ...provider,
  fields: provider.fields.map(({ value, ...field }) =>
    field.isSecret || value === undefined ? field : { ...field, value },
  ),
})
