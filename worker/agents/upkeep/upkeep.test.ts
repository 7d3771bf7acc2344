/** The operator looks after an agent's providers and tasks from the edge, which keeps no secret of them. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { ProviderReport } from '#protocol/provider-settings.ts'
import { type Browser, callEdge, refusal, setUp } from '../../testing/call-edge.ts'
import { type ConnectedAgent, connectAgent, pairAgent } from '../../testing/test-agent.ts'

const KEY = 'a-key-that-nobody-shows'
const kinds = ['providers', 'set-provider', 'tasks', 'task-runs', 'run-task', 'pause-task']
const provider: ProviderReport = {
  ...{
    id: 'torznab',
    label: 'Torznab index',
    about: 'Asks.',
    asksForLawfulUse: true,
    isOn: true,
    isSwitchFixed: false,
  },
  ...{ hosts: ['index.example'], requestsPerSecond: { background: 1, awaited: 2 }, timeoutSeconds: 1, priority: 1 },
  fields: [
    // An agent that tells what it must not.
    ...[
      { name: 'api_key', title: 'API key', description: 'Key.', isRequired: false, isSecret: true, isFixed: false },
    ].map((field) => ({ ...field, isSet: true, value: KEY })),
  ],
}
const task = {
  name: 'measure',
  everySeconds: 30,
  isPaused: false,
  isRunning: false,
  nextAt: 5,
  failures: 0,
  lastRun: null,
}

let admin: Browser
let agent: ConnectedAgent
let path: string
const heard: AgentRequest[] = []
let problems: { name: string; problem: string }[] = []

beforeAll(async () => {
  admin = await setUp()
  agent = await connectAgent(await pairAgent(), { alsoAnswers: kinds })
  path = `/api/agents/${agent.paired.agentId}`
  agent.answer((request) => {
    heard.push(request)
    if (request.kind === 'providers') return { providers: [provider] }
    if (request.kind === 'set-provider') return { provider, problems }
    if (request.kind === 'tasks') return { tasks: [task] }
    return request.kind === 'task-runs' ? { runs: [] } : {}
  })
})
beforeEach(async () => {
  heard.length = 0
  problems = []
  await env.DB.batch(['audit_events', 'household_settings'].map((table) => env.DB.prepare(`delete from ${table}`)))
})

const call = (to: string, method = 'GET', json?: object) =>
  callEdge(to, { method, token: admin.accessToken, ...(json && { json }) })
const audit = async () => {
  const { results } = await env.DB.prepare(
    'select kind, subject_id as subject, details, actor_id as actor from audit_events order by at_ms, rowid',
  ).all<{ kind: string; subject: string | null; details: string; actor: string }>()
  return results.map(({ kind, subject, details, actor }) => {
    expect(actor).toBe(admin.person.id)
    return [kind, subject === agent.paired.agentId ? 'agent' : subject, JSON.parse(details)]
  })
}
const settings = { isOn: true, values: { address: 'https://index.example', api_key: KEY } }
const setIt = () => call(`${path}/providers/torznab`, 'PUT', settings)

describe('the providers of an agent', () => {
  it('are told as the agent tells them, without the value of a secret', async () => {
    const response = await call(`${path}/providers`)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ providers: [{ id: 'torznab', fields: [{ isSet: true }] }] })
    expect(text).not.toContain(KEY)
  })

  it('are set by the agent, which is told whether the lawful word was said; that it was stands in the audit first', async () => {
    await setIt()
    expect(heard).toMatchObject([{ kind: 'set-provider', id: 'torznab', settings, isLawfulUseConfirmed: false }])
    expect((await call('/api/household/lawful-use', 'PUT', { isConfirmed: false })).status).toBe(400)
    const said = await Promise.all(
      Array.from({ length: 50 }, () => call('/api/household/lawful-use', 'PUT', { isConfirmed: true })),
    )
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set([204]))
    expect(await (await call('/api/household/lawful-use')).json()).toEqual({ confirmedAt: expect.any(Number) })
    const response = await setIt()
    expect(response.status).toBe(200)
    expect(await response.text()).not.toContain(KEY)
    expect(heard[1]).toMatchObject({ isLawfulUseConfirmed: true })
    expect(await audit()).toEqual([
      ['provider_changed', 'agent', { provider: 'torznab', isOn: true }],
      ['lawful_use_confirmed', null, {}],
      ['provider_changed', 'agent', { provider: 'torznab', isOn: true }],
    ])
  })

  it('let titles be looked for again that were looked for lately', async () => {
    const insert = 'insert into title_searches (title_id, searched_at) values (?, ?)'
    const now = Math.floor(Date.now() / 1000)
    await env.DB.prepare(insert).bind('sintel-2010', now).run()
    await setIt()
    const at = await env.DB.prepare('select searched_at from title_searches').first<number>('searched_at')
    expect(at).toBeLessThanOrEqual(now - 6 * 3600 + 60)
  })

  it('with something wrong in the settings are left as they were, and no audit says otherwise', async () => {
    problems = [{ name: 'address', problem: 'is missing' }]
    expect(await (await setIt()).json()).toMatchObject({ problems })
    expect(await audit()).toEqual([])
  })

  it('leave no secret at the edge', async () => {
    await setIt()
    const { results: tables } = await env.DB.prepare(
      "select name from sqlite_master where type = 'table' and name not like '%fts%' and name not like '\\_cf%' escape '\\'",
    ).all<{ name: string }>()
    expect(tables.length).toBeGreaterThan(20)
    for (const { name } of tables) {
      const { results } = await env.DB.prepare(`select * from "${name}"`).all()
      expect(JSON.stringify(results), name).not.toContain(KEY)
    }
  })

  it.each([
    ['a provider that is none', 'PUT', 'providers/Torznab', settings, [400, 'invalid']],
    ['settings that are none', 'PUT', 'providers/torznab', { isOn: 'yes', values: {} }, [400, 'invalid']],
    ['a value that is none', 'PUT', 'providers/torznab', { isOn: true, values: { address: 1 } }, [400, 'invalid']],
    ['a name that is none', 'PUT', 'providers/torznab', { isOn: true, values: { 'a-b': 'x' } }, [400, 'invalid']],
  ] as const)('refuses %s', async (_what, method, to, json, refused) => {
    expect(await refusal(await call(`${path}/${to}`, method, json))).toEqual(refused)
    expect(heard).toEqual([])
  })
})

describe('the tasks of an agent', () => {
  it('are told, and run and rest when the operator says so, which stands in the audit', async () => {
    expect(await (await call(`${path}/tasks`)).json()).toEqual({ tasks: [task] })
    expect(await (await call(`${path}/tasks/measure/runs`)).json()).toEqual({ runs: [] })
    expect((await call(`${path}/tasks/measure/run`, 'POST')).status).toBe(202)
    expect((await call(`${path}/tasks/measure/pause`, 'PUT', { isPaused: true })).status).toBe(204)
    expect((await call(`${path}/tasks/measure/pause`, 'PUT', { isPaused: false })).status).toBe(204)
    expect(heard.slice(2)).toEqual([
      { kind: 'run-task', name: 'measure' },
      { kind: 'pause-task', name: 'measure', isPaused: true },
      { kind: 'pause-task', name: 'measure', isPaused: false },
    ])
    const details = { task: 'measure' }
    expect(await audit()).toEqual([
      ['task_run_asked', 'agent', details],
      ['task_paused', 'agent', details],
      ['task_resumed', 'agent', details],
    ])
  })

  it('are not asked of an agent that is too old, away, or not there', async () => {
    const old = await connectAgent(await pairAgent('Old'))
    old.answer((request) => void heard.push(request))
    const away = await pairAgent('Away')
    const ask = async (id: string) => refusal(await call(`/api/agents/${id}/tasks`))
    expect(await ask(old.paired.agentId)).toEqual([expect.any(Number), 'version_unsupported'])
    expect(await ask(away.agentId)).toEqual([503, 'agent_offline'])
    expect(await ask('A'.repeat(22))).toEqual([404, 'not_found'])
    expect(heard).toEqual([])
  })
})

describe('the rules of releases', () => {
  it('are kept as a whole, and audited', async () => {
    const rules = [
      { effect: 'refuse', sources: ['cam'] },
      { effect: 'prefer', leastHeightPixels: 1080 },
    ]
    expect(await (await call('/api/household/release-rules')).json()).toEqual({ rules: [] })
    expect((await call('/api/household/release-rules', 'PUT', { rules })).status).toBe(204)
    expect(await (await call('/api/household/release-rules')).json()).toEqual({ rules })
    expect(await audit()).toEqual([['release_rules_changed', null, { count: 2 }]])
    const empty = { rules: [{ effect: 'refuse' }] }
    expect(await refusal(await call('/api/household/release-rules', 'PUT', empty))).toEqual([400, 'invalid'])
  })
})
