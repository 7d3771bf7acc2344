/** Profiles of an account: their owner's alone, a PIN that cannot be tried out, no more than eight. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, refusal, setUp } from '../../testing/call-edge.ts'
import { insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { nowSeconds } from '../../testing/walk-ways.ts'
import { hashPassword } from '../password-hash.ts'
import { asPerson } from '../viewer.ts'
import { showsMore, watchAs } from './watch-as.ts'

const password = 'four words and a lamp'
const [ada, ben] = [new TestBrowser(), new TestBrowser()]
const child = { name: 'Kit', avatar: 'fox', language: 'en-GB', ratingCap: 6, pin: null as string | null }
const make = async (change: object = {}) =>
  (await (await ada.call('/api/me/profiles', { json: { ...child, ...change } })).json<{ id: string }>()).id
const open = (id: string, pin: string | null) => ada.call(`/api/me/profiles/${id}/open`, { json: { pin } })

beforeAll(async () => {
  await setUp()
  await ada.signIn(ADMIN.email, ADMIN.password)
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  await insertPerson({ id: 'ben', email: 'ben@example.org', displayName: 'Ben', passwordHash, role: 'user' })
  await ben.signIn('ben@example.org', password)
})

it('is made, changed and removed by its owner alone', async () => {
  const id = await make()
  expect((await ada.call(`/api/me/profiles/${id}`, { method: 'PATCH', json: { ratingCap: 12 } })).status).toBe(204)
  expect(await (await ada.call('/api/me/profiles')).json()).toEqual({
    profiles: [{ id, name: 'Kit', avatar: 'fox', language: 'en-GB', ratingCap: 12, hasPin: false }],
    currentId: null,
  })
  const path = `/api/me/profiles/${id}`
  expect(await refusal(await ben.call(path, { method: 'PATCH', json: { name: 'Mine' } }))).toEqual([404, 'not_found'])
  expect(await refusal(await ben.call(path, { method: 'DELETE' }))).toEqual([404, 'not_found'])
  expect(await refusal(await ben.call(`${path}/open`, { json: { pin: null } }))).toEqual([404, 'not_found'])
  expect((await ada.call(path, { method: 'DELETE' })).status).toBe(204)
})

it('asks for its PIN, which is stored as a hash, and holds up whoever tries it out', async () => {
  const id = await make({ pin: '2580', ratingCap: null })
  expect((await open(id, '2580')).status).toBe(200)
  expect(await env.DB.prepare('select pin_hash from profiles where id = ?').bind(id).first('pin_hash')).toMatch(
    /^\$scrypt\$/,
  )
  for (let i = 0; i < 5; i++)
    expect(await refusal(await open(id, i === 0 ? null : `000${i}`))).toEqual([401, 'code_wrong'])
  expect(await refusal(await open(id, '2580'))).toEqual([429, 'too_many'])
})

it('keeps its cap from the child: a change needs a fresh proof', async () => {
  const id = await make()
  await env.DB.prepare('update sessions set auth_time = auth_time - 601 where id = ?').bind(ada.sessionId).run()
  const lift = await ada.call(`/api/me/profiles/${id}`, { method: 'PATCH', json: { ratingCap: null } })
  expect(await refusal(lift)).toEqual([403, 'step_up_needed'])
  await ada.call('/api/auth/step-up', { json: { password: ADMIN.password } })
})

it('is removed once, of fifty removals at once', async () => {
  const id = await make()
  await Promise.all(Array.from({ length: 50 }, () => ada.call(`/api/me/profiles/${id}`, { method: 'DELETE' })))
  const events = env.DB.prepare("select count(*) n from audit_events where kind = 'profile_removed' and subject_id = ?")
  expect(await events.bind(id).first('n')).toBe(1)
})

it('stays one of eight when fifty are made at once', async () => {
  await Promise.all(Array.from({ length: 50 }, () => ada.call('/api/me/profiles', { json: child })))
  expect(await env.DB.prepare('select count(*) n from profiles').first('n')).toBe(8)
})

describe('who watches with a session', () => {
  const leave = () => ada.call('/api/me/profiles/leave', { method: 'POST' })
  const current = async () =>
    (await (await ada.call('/api/me/profiles')).json<{ currentId: string | null }>()).currentId
  const stale = () =>
    env.DB.prepare('update sessions set auth_time = auth_time - 601 where id = ?').bind(ada.sessionId).run()
  const prove = () => ada.call('/api/auth/step-up', { json: { password: ADMIN.password } })
  let [kit, teen, own] = ['', '', '']

  beforeAll(async () => {
    await leave()
    await env.DB.prepare('delete from profiles').run()
    await prove()
    kit = await make()
    teen = await make({ name: 'Teen', ratingCap: 16 })
    own = await make({ name: 'Ada', ratingCap: null, pin: '2580' })
  })

  it('is a profile once it was opened, and only watches while it has a cap', async () => {
    expect((await open(kit, null)).status).toBe(200)
    expect(await current()).toBe(kit)
    expect((await ada.call('/api/titles')).status).toBe(200)
    for (const [path, init] of [
      ['/api/me/sessions', {}],
      ['/api/agents', {}],
      [`/api/me/profiles/${kit}`, { method: 'PATCH', json: { ratingCap: null } }],
    ] as const) {
      expect(await refusal(await ada.call(path, init)), path).toEqual([403, 'forbidden'])
    }
  })

  it('leaves a cap only by a PIN or a fresh proof, and needs neither for a lower one', async () => {
    await stale()
    expect(await refusal(await open(teen, null))).toEqual([403, 'step_up_needed'])
    expect(await refusal(await leave())).toEqual([403, 'step_up_needed'])
    expect(await current()).toBe(kit)
    expect((await open(own, '2580')).status).toBe(200)
    expect((await leave()).status).toBe(204)
    expect((await open(teen, null)).status).toBe(200)
    expect((await open(kit, null)).status).toBe(200)
    await prove()
    expect((await leave()).status).toBe(204)
    expect(await current()).toBeNull()
  })

  it('is signed out elsewhere when the profile is removed, and here becomes the person', async () => {
    const tablet = new TestBrowser()
    await tablet.signIn(ADMIN.email, ADMIN.password)
    const id = await make({ name: 'Gone', ratingCap: null })
    await tablet.call(`/api/me/profiles/${id}/open`, { json: { pin: null } })
    expect((await open(id, null)).status).toBe(200)
    expect((await ada.call(`/api/me/profiles/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await current()).toBeNull()
    expect(await refusal(await tablet.call('/api/me/profiles'))).toEqual([401, 'session_ended'])
  })

  it('is never a profile that was removed while its PIN was being checked', async () => {
    const { sessionId = '' } = ada
    const id =
      (await env.DB.prepare('select user_id from sessions where id = ?').bind(sessionId).first('user_id')) ?? ''
    const viewer = asPerson(String(id))
    const person = { id: viewer.id, displayName: 'Ada', role: 'admin', sessionId, authTime: 0, viewer } as const
    const { pin: _, ...card } = { ...child, id: 'A'.repeat(22), hasPin: true }
    const opened = watchAs(testEdge(nowSeconds()), { ...person, amr: [], reach: 'own' }, card)
    await expect(opened).rejects.toMatchObject({ code: 'not_found' })
    expect(await current()).toBeNull()
  })
})

it.each([
  [null, null, false],
  [null, 6, false],
  [6, null, true],
  [6, 12, true],
  [12, 6, false],
  [6, 6, false],
  [0, 0, false],
])('from a cap of %s to %s shows more: %s', (from, to, expected) => {
  expect(showsMore(from, to)).toBe(expected)
})
