/** The table of tasks: what is due when, one failing alone, and a clean-up that spares what lives. */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import wrangler from '../../wrangler.toml?raw'
import worker from '../main.ts'
import { type Browser, setUp } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { cleanUp } from './clean-up.ts'
import { dueTasks, runDueTasks } from './run-due-tasks.ts'
import { type Task, tasks } from './tasks.ts'

const task = (name: string, everyMinutes: number, run: Task['run'] = async () => undefined): Task => ({
  name,
  everyMinutes,
  run,
})
const minute = 60_000

describe('the table', () => {
  it('runs each task once in its own time over a day of ticks', () => {
    const table = [
      task('often', 5),
      task('hourly', 60),
      { ...task('later', 60), afterMinutes: 25 },
      task('daily', 1440),
    ]
    const runs: string[] = []
    for (let at = 0; at < 1440; at += 5) runs.push(...dueTasks(table, at * minute + 17_000).map(({ name }) => name))
    const count = (name: string) => runs.filter((run) => run === name).length
    expect([count('often'), count('hourly'), count('later'), count('daily')]).toEqual([288, 24, 24, 1])
    expect(dueTasks(table, 85 * minute).map(({ name }) => name)).toEqual(['often', 'later'])
  })

  it('fits the cron that wakes it', () => {
    expect(wrangler).toContain('crons = ["*/5 * * * *"]')
    for (const { everyMinutes } of tasks) expect(everyMinutes % 5).toBe(0)
  })

  it('goes on when one task fails, and logs it', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const done: string[] = []
    const fails = task('fails', 5, () => Promise.reject(new Error('no')))
    await runDueTasks(testEdge(0), [fails, task('works', 5, async () => void done.push('works'))], 0)
    expect(done).toEqual(['works'])
    expect(JSON.parse(String(logged.mock.calls[0]?.[0]))).toMatchObject({ event: 'task_failed', task: 'fails' })
    logged.mockRestore()
  })

  it('is what the cron runs: the built-in films come with it', async () => {
    const ctx = createExecutionContext()
    const controller = createScheduledController({ scheduledTime: 60 * 60 * 1000, cron: '*/5 * * * *' })
    await worker.scheduled(controller, env, ctx)
    await waitOnExecutionContext(ctx)
    expect(await env.DB.prepare('select count(*) n from titles').first('n')).toBe(4)
  })
})

describe('cleaning up', () => {
  const now = 2_000_000_000
  const day = 86_400
  let admin: Browser
  const count = (table: string) => env.DB.prepare(`select count(*) n from ${table}`).first('n')

  beforeAll(async () => {
    admin = await setUp()
  })

  it('deletes what ended long ago and keeps what lives or ended a moment ago', async () => {
    const grant =
      'insert into stream_grants (id, person_id, session_id, title_id, agent_id, source_id, path, counter, created_at, expires_at, correlation_id, failures) values (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)'
    const session =
      'insert into sessions (id, user_id, generation, rotated_at, created_at, idle_expires_at, absolute_expires_at, auth_time, amr, revoked_at) values (?, ?, 0, 0, 0, ?, ?, 0, ?, ?)'
    const pairing = 'insert into pairings values (?, ?, ?, ?, ?, ?, ?, null)'
    const statements = [
      ...[
        ['s-live', now + day, null],
        ['s-idle', now - 2 * day, null],
        ['s-idle-long', now - 31 * day, null],
        ['s-out', now + day, now - day],
        ['s-out-long', now + day, now - 31 * day],
      ].map(([id, idle, revoked]) =>
        env.DB.prepare(session).bind(id, admin.person.id, idle, now + day, 'pwd', revoked),
      ),
      env.DB.prepare(session).bind('s-over', admin.person.id, now - 2 * day, now - 2 * day, 'pwd', null),
      ...[
        ['g-live', now + 100],
        ['g-over', now - 100],
        ['g-long', now - 2 * day],
      ].map(([id, expires]) =>
        env.DB.prepare(grant).bind(id, admin.person.id, 's-live', 't', 'a', 's', 'p', expires, 'c', '[]'),
      ),
      ...[
        ['p-live', now + 100],
        ['p-over', now - 100],
        ['p-long', now - 2 * day],
      ].map(([id, expires]) => env.DB.prepare(pairing).bind(id, id, 'k', 'n', 'v', 'a', expires)),
      env.DB.prepare('update sessions set absolute_expires_at = ?, idle_expires_at = ? where id = ?').bind(
        now + day,
        now + day,
        admin.sessionId,
      ),
    ]
    await env.DB.batch(statements)
    await cleanUp(testEdge(now))
    const ids = async (table: string, column = 'id') =>
      (
        await env.DB.prepare(`select ${column} id from ${table} where ${column} like '_-%' order by 1`).all()
      ).results.map(({ id }) => id)
    expect(await ids('sessions')).toEqual(['s-idle', 's-live', 's-out'])
    expect(await ids('stream_grants')).toEqual(['g-live', 'g-over'])
    expect(await ids('pairings', 'user_code')).toEqual(['p-live', 'p-over'])
    expect(await count('users')).toBe(1)
  })

  it('deletes tickets, challenges, letters, televisions and walks a day after their end', async () => {
    const { id } = admin.person
    const rows: Record<string, (name: string, ends: number) => (string | number | null)[]> = {
      sign_in_tickets: (name, ends) => [name, name, id, 'pwd', 'password', 0, ends],
      passkey_challenges: (name, ends) => [name, 'sign_in', '', ends],
      mail_links: (name, ends) => [name, id, 'verify_email', '', ends, null],
      device_approvals: (name, ends) => [name, name, '', null, '', 0, ends, 'waiting', null, null],
      auth_transactions: (name, ends) => [name, 'home', 'sign_in', null, null, '', 0, ends],
    }
    const inserts = Object.entries(rows).flatMap(([table, row]) =>
      [row('live', now + 1), row('over', now - 1), row('long', now - day - 1)].map((values) =>
        env.DB.prepare(`insert into ${table} values (${values.map(() => '?').join(', ')})`).bind(...values),
      ),
    )
    await env.DB.batch(inserts)
    await cleanUp(testEdge(now))
    expect(await Promise.all(Object.keys(rows).map(count))).toEqual([2, 2, 2, 2, 2])
  })
})
