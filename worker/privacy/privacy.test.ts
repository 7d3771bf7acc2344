/** Nothing of a person is forgotten in the export, and nothing but the audit, nameless, is left after erasure. */
import { env } from 'cloudflare:workers'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import { users } from '../auth/schema.ts'
import { searchLeases, sourceCare } from '../tasks/agent-work/schema.ts'
import { taskRuns, taskStates } from '../tasks/schema.ts'
import { refusal } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { addInvite, addPerson, newWalker, nowSeconds, tokenOf } from '../testing/walk-ways.ts'
import { COOLING_OFF_SECONDS, eraseDue } from './erase-person.ts'
import { impersonalTables, personalTables } from './personal-tables.ts'

const modules = import.meta.glob<Record<string, unknown>>('../**/schema.ts', { eager: true })
const allTables = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .filter((one): one is SQLiteTable => is(one, SQLiteTable))

const now = nowSeconds()
const week = COOLING_OFF_SECONDS
/** The filled tables hold a second factor of theirs. */
const withFactor = ['pwd', 'otp', 'mfa']

describe('the list of personal tables', () => {
  it('decides about every table there is, once', () => {
    // Tasks stand further right than privacy, and their tables say nothing of anybody.
    const ofTasks = [taskStates, taskRuns, searchLeases, sourceCare]
    const listed = [...personalTables.map(({ table }) => table), ...impersonalTables, ...ofTasks].map(getTableName)
    expect(listed.toSorted()).toEqual(allTables.map(getTableName).toSorted())
    expect(allTables.length).toBeGreaterThan(20)
  })

  it('names every column that leads to a person: by reference, or by its name', () => {
    const means = /^(user|person|actor|subject)_id$|_by$/
    for (const table of allTables) {
      const references = getTableConfig(table).foreignKeys.flatMap((key) => {
        const { columns, foreignTable } = key.reference()
        return getTableName(foreignTable) === 'users' ? columns.map(({ name }) => name) : []
      })
      const byName = Object.values(getTableColumns(table))
        .map(({ name }) => name)
        .filter((name) => means.test(name))
      const listed = personalTables.find((one) => one.table === table)?.of.map(({ name }) => name) ?? []
      for (const column of [...references, ...byName])
        expect(listed, `${getTableName(table)}.${column}`).toContain(column)
    }
  })

  it('names every table whose rows go when a row goes that goes with the person', () => {
    const leaders = (table: SQLiteTable) =>
      getTableConfig(table)
        .foreignKeys.filter((key) => key.onDelete === 'cascade')
        .map((key) => key.reference().foreignTable)
    const listed = personalTables.map(({ table }) => table)
    const led = allTables.filter((table) => leaders(table).some((leader) => leaders(leader).includes(users)))
    expect(led.map(getTableName)).toContain('list_items')
    expect(led.filter((table) => !listed.includes(table)).map(getTableName)).toEqual([])
  })

  it('keeps every hash, MAC, secret and token back', () => {
    const means = /hash|mac$|secret|token|sealed|email_index/
    for (const { table, secret } of personalTables) {
      const kept = secret.map(({ name }) => name)
      for (const { name } of Object.values(getTableColumns(table))) {
        if (means.test(name)) expect(kept, `${getTableName(table)}.${name}`).toContain(name)
      }
    }
  })
})

/** A row in every personal table, whatever its columns: what refers to somebody refers to this person. */
async function fillTables(userId: string, sessionId: string): Promise<void> {
  await env.DB.prepare(
    "insert or ignore into titles (id, kind, name, overview, licence, credit) values ('t', 'movie', 't', '', '', '')",
  ).run()
  for (const { table, of, through } of personalTables) {
    const name = getTableName(table)
    if (name === 'users' || name === 'sessions' || name === 'erasures') continue
    const person = new Set(of.map((column) => column.name))
    const columns = Object.values(getTableColumns(table))
    const values = columns.map((column) => {
      if (person.has(column.name)) return userId
      if (column.name === 'session_id') return sessionId
      if (column.name === 'title_id' || column.name === 'show_id') return 't'
      if (column === through?.column) return `canary-${getTableName(through.id.table)}-${through.id.name}`
      if (name === 'identities' && (column.name === 'label' || column.name === 'email')) return null
      if (column.enumValues) return column.enumValues[0]
      return column.dataType === 'string' ? `canary-${name}-${column.name}` : 7
    })
    const marks = columns.map(() => '?').join(', ')
    await env.DB.prepare(`insert into ${name} (${columns.map((column) => column.name).join(', ')}) values (${marks})`)
      .bind(...values)
      .run()
  }
}

describe('export', () => {
  it('has a row of every personal table, opens what is sealed, and holds no secret', async () => {
    const id = await addPerson({ address: 'tess@example.org', passwordHash: 'canary-password-hash' })
    const { token, sessionId } = await tokenOf(id, withFactor)
    await fillTables(id, sessionId)
    const response = await newWalker().call('/api/me/privacy/export', { token })
    expect(response.headers.get('content-disposition')).toContain('attachment')
    const text = await response.text()
    const { tables } = JSON.parse(text) as { tables: Record<string, object[]> }
    const empty = personalTables.map(({ table }) => getTableName(table)).filter((name) => !tables[name]?.length)
    expect(empty).toEqual(['erasures'])
    expect(text).toContain('tess@example.org')
    for (const { table, secret } of personalTables) {
      for (const { name } of secret) expect(text).not.toContain(`canary-${getTableName(table)}-${name}`)
    }
    expect(text).not.toContain('canary-password-hash')
    expect(tables.audit_events).toContainEqual(expect.objectContaining({ kind: 'data_exported' }))
  })

  it('is of nobody else, and only of somebody who proved who they are a moment ago', async () => {
    const [id, other] = [await addPerson({ displayName: 'Uma' }), await addPerson({ displayName: 'Another-Person' })]
    await tokenOf(other)
    const { token, sessionId } = await tokenOf(id)
    const text = await (await newWalker().call('/api/me/privacy/export', { token })).text()
    expect(text).toContain('Uma')
    expect(text).not.toContain('Another-Person')
    expect(text).not.toContain(other)
    await env.DB.prepare('update sessions set auth_time = 1 where id = ?').bind(sessionId).run()
    expect(await refusal(await newWalker().call('/api/me/privacy/export', { token }))).toEqual([403, 'step_up_needed'])
  })
})

describe('erasure', () => {
  const ask = async (id: string) => {
    const { token, sessionId } = await tokenOf(id, withFactor)
    const response = await newWalker().call('/api/me/privacy/erasure', { method: 'POST', token })
    return { response, token, sessionId }
  }
  const mentions = async (id: string) => {
    const found: string[] = []
    for (const table of allTables) {
      const { results } = await env.DB.prepare(`select * from ${getTableName(table)}`).all()
      if (JSON.stringify(results).includes(id)) found.push(getTableName(table))
    }
    return found
  }
  const status = (id: string) => env.DB.prepare('select status from users where id = ?').bind(id).first('status')
  const signIn = (id: string, at: number) =>
    finishSignIn(testEdge(at), { userId: id, method: 'password', amr: ['pwd'] })

  it('signs out everywhere at once, and after a week leaves no table that names the person', async () => {
    const id = await addPerson({ address: 'vic@example.org' })
    const session = await tokenOf(id)
    await env.DB.prepare('delete from titles').run()
    for (const { table } of personalTables) {
      if (!['users', 'sessions'].includes(getTableName(table)))
        await env.DB.prepare(`delete from ${getTableName(table)}`).run()
    }
    await fillTables(id, session.sessionId)
    const { response, token } = await ask(id)
    expect(response.status).toBe(202)
    const { dueAt } = await response.json<{ dueAt: number }>()
    expect(dueAt).toBeGreaterThanOrEqual(now + week)
    expect((await newWalker().call('/api/me', { token })).status).toBe(401)
    await eraseDue(testEdge(dueAt - 1))
    expect(await status(id)).toBe('erasing')
    await eraseDue(testEdge(dueAt))
    expect(await mentions(id)).toEqual([])
    const { results } = await env.DB.prepare(
      "select kind, subject_id, address from audit_events where subject_id like 'erased-%'",
    ).all()
    expect(results.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['erasure_asked', 'user_erased']))
    expect(new Set(results.map(({ subject_id }) => subject_id)).size).toBe(1)
    await expect(signIn(id, dueAt)).rejects.toMatchObject({ code: 'wrong_credentials' })
  })

  it('is taken back by signing in before the week is over', async () => {
    const id = await addPerson()
    const { dueAt } = await (await ask(id)).response.json<{ dueAt: number }>()
    expect(await signIn(id, dueAt - 1)).toMatchObject({ kind: 'signed_in' })
    expect(await status(id)).toBe('active')
    await eraseDue(testEdge(dueAt + week))
    expect(await status(id)).toBe('active')
    expect(
      await env.DB.prepare("select count(*) n from audit_events where actor_id = ? and kind = 'erasure_cancelled'")
        .bind(id)
        .first('n'),
    ).toBe(1)
  })

  it('is either done or taken back, when both come at once', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await addPerson()
      const { dueAt } = await (await ask(id)).response.json<{ dueAt: number }>()
      const [, signedIn] = await Promise.allSettled([eraseDue(testEdge(dueAt)), signIn(id, dueAt)])
      expect(await status(id)).toBe(signedIn.status === 'fulfilled' ? 'active' : null)
    }
  })

  it('never leaves a household without an admin, also when the last two leave at once', async () => {
    await env.DB.prepare("update users set role = 'user' where role = 'admin'").run()
    const admins = [await addPerson({ role: 'admin' }), await addPerson({ role: 'admin' })]
    const { askErasure } = await import('./erase-person.ts')
    const outcomes = await Promise.allSettled(admins.map((id) => askErasure(testEdge(now), id)))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'last_way_in' } })
    expect(await addInvite(admins[0] ?? '')).toHaveLength(43)
  })
})
