/** The table of tasks: what is due when, one failing alone, and a clean-up that spares what lives. */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import wrangler from '../../wrangler.toml?raw'
import worker from '../main.ts'
import { type Browser, setUp } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { TaskParam } from './answers.ts'
import { cleanUp } from './clean-up.ts'
import { QUESTIONS, runDueTasks, TICK_MINUTES } from './run-due-tasks.ts'
import { readTasks, runsOf } from './task-store.ts'
import { type Task, tasks } from './tasks.ts'

const task = (name: string, everyMinutes: number, run: Task['run'] = async () => undefined): Task => ({
  name,
  everyMinutes,
  run,
})
const start = 1_900_000_200
const chance = { clockMs: () => 0, random: () => 0.5 }
const tick = (table: readonly Task[], now: number) => runDueTasks(testEdge(now), table, chance)
const runs = async (name: string) => (await runsOf(testEdge(0).db, name, 500)).toReversed()

describe('the table', () => {
  it('runs each task once in its own time over a day of ticks', async () => {
    const done: string[] = []
    const noting = (name: string, everyMinutes: number) => task(name, everyMinutes, async () => void done.push(name))
    const table = [noting('often', 5), noting('quarter', 15), noting('hourly', 60), noting('daily', 1440)]
    for (let at = 0; at < 1440; at += 5) await tick(table, start + at * 60)
    const count = (name: string) => done.filter((one) => one === name).length
    expect([count('often'), count('quarter'), count('hourly'), count('daily')]).toEqual([288, 96, 24, 1])
    expect(await runs('hourly')).toHaveLength(24)
  })

  it('fits the cron that wakes it, and the questions that one of its ticks may ask', () => {
    expect(wrangler).toContain('crons = ["*/5 * * * *"]')
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length)
    for (const { everyMinutes, questions = 0, name } of tasks) {
      expect(everyMinutes % TICK_MINUTES).toBe(0)
      expect(questions).toBeLessThanOrEqual(QUESTIONS)
      expect(TaskParam.safeParse({ name }).success).toBe(true)
    }
  })

  it('shares the questions of a tick, and what had to wait comes first at the next one', async () => {
    const done: string[] = []
    const asking = (name: string) => ({ ...task(name, 15, async () => void done.push(name)), questions: 40 })
    const table = [asking('ask-a'), asking('ask-b'), asking('ask-c')]
    for (let at = 0; at < 6; at++) await tick(table, start + at * 300)
    expect(done).toEqual(['ask-a', 'ask-b', 'ask-c', 'ask-a', 'ask-b', 'ask-c'])
  })

  it('goes on when one task fails, logs it, and tries that one again later and later', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const done: number[] = []
    const refuses = task('fails', 60, () => Promise.reject(new AppError('no_source', 'Nobody has it.')))
    const table = [refuses, task('works', 5, async () => void done.push(1))]
    for (let at = 0; at < 120; at += 5) await tick(table, start + at * 60)
    expect(done).toHaveLength(24)
    expect(JSON.parse(String(logged.mock.calls[0]?.[0]))).toMatchObject({ event: 'task_failed', task: 'fails' })
    logged.mockRestore()
    const failed = await runs('fails')
    expect(failed.map(({ startedAt }) => (startedAt - start) / 60)).toEqual([0, 5, 15, 35, 75])
    expect(failed[0]).toMatchObject({ result: 'failed', problem: 'Nobody has it.', correlationId: 'test-correlation' })
  })

  it('is what the cron runs: the built-in films come with it', async () => {
    const ctx = createExecutionContext()
    const controller = createScheduledController({ scheduledTime: 60 * 60 * 1000, cron: '*/5 * * * *' })
    await worker.scheduled(controller, env, ctx)
    await waitOnExecutionContext(ctx)
    expect(await env.DB.prepare('select count(*) n from titles').first('n')).toBe(4)
  })
})

describe('a run', () => {
  it('is begun by one of fifty who want to', async () => {
    let begun = 0
    const once = task('raced', 60, async () => void begun++)
    await Promise.all(Array.from({ length: 50 }, () => tick([once], start)))
    expect(begun).toBe(1)
    await Promise.all(Array.from({ length: 50 }, () => tick([once], start + 3600)))
    expect(begun).toBe(2)
  })

  it('that crashed is taken over when its lease is over, by one of fifty, and noted as lost', async () => {
    let isSecond = false
    let taken = 0
    const never = new Promise<never>(() => undefined)
    const crashes = task('crashes', 5, async () => (isSecond ? void taken++ : never))
    void tick([crashes], start)
    await vi.waitFor(async () => expect((await readTasks(testEdge(0).db)).has('crashes')).toBe(true))
    isSecond = true
    await tick([crashes], start + 600)
    expect(taken).toBe(0)
    await Promise.all(Array.from({ length: 50 }, () => tick([crashes], start + 900)))
    expect(taken).toBe(1)
    expect((await runs('crashes')).map(({ startedAt, result }) => [startedAt - start, result])).toEqual([
      [0, 'lost'],
      [900, 'done'],
    ])
  })

  it('that ends after another took it over changes nothing of what the other left', async () => {
    let release = () => undefined as unknown
    const held = new Promise<void>((done) => (release = done as () => void))
    let isSecond = false
    const slow = task('slow', 60, async () => (isSecond ? undefined : held))
    const first = tick([slow], start)
    await vi.waitFor(async () => expect((await readTasks(testEdge(0).db)).has('slow')).toBe(true))
    isSecond = true
    await tick([slow], start + 900)
    const after = (await readTasks(testEdge(0).db)).get('slow')
    release()
    await first
    expect((await readTasks(testEdge(0).db)).get('slow')).toEqual(after)
    expect((await runs('slow')).map(({ result }) => result)).toEqual(['done', 'done'])
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
      // Of ours: a random id may have its second letter a dash, too.
      (
        await env.DB.prepare(
          `select ${column} id from ${table} where ${column} glob '?-[lio]*' and length(${column}) < 12 order by 1`,
        ).all()
      ).results.map(({ id }) => id)
    expect(await ids('sessions')).toEqual(['s-idle', 's-live', 's-out'])
    expect(await ids('stream_grants')).toEqual(['g-live', 'g-over'])
    expect(await ids('pairings', 'user_code')).toEqual(['p-live', 'p-over'])
    expect(await count('users')).toBe(1)
  })

  it('forgets runs of tasks after thirty days', async () => {
    await env.DB.batch([
      env.DB.prepare("insert into task_states (name) values ('x')"),
      ...[now - 30 * day - 1, now - 30 * day].map((at) =>
        env.DB.prepare("insert into task_runs values ('x', ?, 1, 'done', null, 'c')").bind(at),
      ),
    ])
    await cleanUp(testEdge(now))
    expect((await runs('x')).map(({ startedAt }) => startedAt)).toEqual([now - 30 * day])
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
