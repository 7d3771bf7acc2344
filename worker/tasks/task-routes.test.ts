/** Tasks over HTTP, for the admin: the list, the history, run now, pause. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Browser, callEdge, refusal, setUp } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import type { TaskCard, TaskRunCard } from './answers.ts'
import { claimTask, endTask } from './task-store.ts'
import { tasks } from './tasks.ts'

let admin: Browser
const NAME = 'clean up'
const path = `/api/tasks/${encodeURIComponent(NAME)}`
const call = (to: string, method = 'GET', json?: object) =>
  callEdge(to, { method, token: admin.accessToken, ...(json && { json }) })
const cards = async () => (await (await call('/api/tasks')).json<{ tasks: TaskCard[] }>()).tasks
const card = async () => (await cards()).find(({ name }) => name === NAME)
const history = async () => (await (await call(`${path}/runs`)).json<{ runs: TaskRunCard[] }>()).runs

beforeAll(async () => {
  admin = await setUp()
})
beforeEach(() => env.DB.batch(['task_states', 'task_runs'].map((table) => env.DB.prepare(`delete from ${table}`))))

async function runAt(now: number, ending: 'done' | 'failed', nextAt = now + 3600): Promise<void> {
  const claim = await claimTask(testEdge(now), NAME, 900, undefined)
  if (!claim) throw new Error('not claimed')
  const problem = ending === 'failed' ? 'It was too dark.' : null
  await endTask(testEdge(now), claim, { result: ending, problem, durationMs: 12, failures: problem ? 1 : 0, nextAt })
}

describe('tasks', () => {
  it('are all listed before any ran', async () => {
    const all = await cards()
    expect(all.map(({ name }) => name)).toEqual(tasks.map(({ name }) => name))
    expect(all[0]).toMatchObject({ isPaused: false, isRunning: false, nextAt: 0, failures: 0, lastRun: null })
  })

  it('tell their last run, their next, and their history, newest first', async () => {
    await runAt(1000, 'done', 1000)
    await runAt(2000, 'failed', 9000)
    expect(await card()).toEqual({
      ...{ name: NAME, everySeconds: 3600, isPaused: false, isRunning: false, nextAt: 9000, failures: 1 },
      lastRun: {
        ...{ startedAt: 2000, durationMs: 12, result: 'failed', problem: 'It was too dark.' },
        correlationId: 'test-correlation',
      },
    })
    expect((await history()).map(({ startedAt }) => startedAt)).toEqual([2000, 1000])
  })

  it('tell that one runs just now', async () => {
    await claimTask(testEdge(Math.floor(Date.now() / 1000)), NAME, 900, undefined)
    expect(await card()).toMatchObject({ isRunning: true })
  })

  it('run when they are asked to, though they rest', async () => {
    expect((await call(`${path}/pause`, 'PUT', { isPaused: true })).status).toBe(204)
    expect(await card()).toMatchObject({ isPaused: true, nextAt: null })
    expect((await call(`${path}/run`, 'POST')).status).toBe(202)
    await expect.poll(history).toMatchObject([{ result: 'done' }])
    expect(await card()).toMatchObject({ isPaused: true, isRunning: false })
  })

  it('go on when they are told to, and the audit tells who did', async () => {
    await env.DB.prepare('delete from audit_events').run()
    await call(`${path}/pause`, 'PUT', { isPaused: true })
    await call(`${path}/pause`, 'PUT', { isPaused: false })
    await call(`${path}/run`, 'POST')
    expect(await card()).toMatchObject({ isPaused: false })
    const { results } = await env.DB.prepare('select kind, details, actor_id from audit_events').all()
    const by = { details: JSON.stringify({ task: NAME }), actor_id: admin.person.id }
    expect(results).toEqual(['task_paused', 'task_resumed', 'task_run_asked'].map((kind) => ({ kind, ...by })))
  })

  it('are refused by a name that there is not', async () => {
    for (const [to, method, json] of [
      ['/api/tasks/nothing/runs', 'GET', undefined],
      ['/api/tasks/nothing/run', 'POST', undefined],
      ['/api/tasks/nothing/pause', 'PUT', { isPaused: true }],
    ] as const) {
      expect(await refusal(await call(to, method, json))).toEqual([404, 'not_found'])
    }
    expect(await env.DB.prepare('select count(*) n from task_states').first('n')).toBe(0)
  })

  it('may not be paused by a person who is no admin', async () => {
    const response = await callEdge(`${path}/pause`, { method: 'PUT', json: { isPaused: true } })
    expect(response.status).toBe(401)
    expect(await card()).toMatchObject({ isPaused: false })
  })
})
