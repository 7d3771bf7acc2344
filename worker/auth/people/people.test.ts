/** What an admin does to others: effective with their next request, never the last admin. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADMIN, refusal, setUp } from '../../testing/call-edge.ts'
import { insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import { hashPassword } from '../password-hash.ts'

const password = 'four words and a lamp'
const admin = new TestBrowser()
const id = (name: string) => `${name}${'0'.repeat(22 - name.length)}`
const change = (name: string, json: object, by = admin) => by.call(`/api/people/${id(name)}`, { method: 'PATCH', json })
const signedIn = async (name: string) => {
  const browser = new TestBrowser()
  await browser.signIn(`${name}@example.org`, password)
  return browser
}

beforeAll(async () => {
  await setUp()
  await admin.signIn(ADMIN.email, ADMIN.password)
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  for (const name of ['ben', 'cat', 'dan', 'eve']) {
    await insertPerson({ id: id(name), email: `${name}@example.org`, displayName: name, passwordHash, role: 'user' })
  }
})

beforeEach(() => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{}'))
})

describe('people', () => {
  it('are listed with their address, sessions and second factor, and no secret', async () => {
    const text = await (await admin.call('/api/people')).text()
    expect(JSON.parse(text).people).toContainEqual(
      expect.objectContaining({ email: ADMIN.email, role: 'admin', status: 'active', hasSecondFactor: false }),
    )
    expect(text).not.toMatch(/scrypt|enc:v1/)
  })

  it('lose a role with their very next request', async () => {
    await change('ben', { role: 'admin' })
    const ben = await signedIn('ben')
    expect((await ben.call('/api/people')).status).toBe(200)
    expect((await change('ben', { role: 'user' })).status).toBe(204)
    expect(await refusal(await ben.call('/api/people'))).toEqual([403, 'forbidden'])
    const { notices } = await (await ben.call('/api/me/notices')).json<{ notices: { kind: string }[] }>()
    expect(notices.map(({ kind }) => kind)).toContain('role_changed')
  })

  it('are out at once when disabled, in the words of a wrong password, and back when enabled', async () => {
    const cat = await signedIn('cat')
    expect((await change('cat', { status: 'disabled' })).status).toBe(204)
    expect(await refusal(await cat.call('/api/me'))).toEqual([401, 'session_ended'])
    expect(await refusal(await cat.call(`/api/auth/refresh/${cat.sessionId}`, { method: 'POST' }))).toEqual([
      401,
      'session_ended',
    ])
    const sign = (password: string) =>
      new TestBrowser().call('/api/auth/sign-in', { json: { email: 'cat@example.org', password } })
    const [right, wrong] = [await sign(password), await sign('not the password')]
    expect(await right.text()).toBe(await wrong.text())
    await change('cat', { status: 'active' })
    expect((await sign(password)).status).toBe(200)
  })

  it('may have their sessions ended, one or all, by an admin', async () => {
    const [one, two] = [await signedIn('dan'), await signedIn('dan')]
    expect((await admin.call(`/api/people/${id('dan')}/sessions/${one.sessionId}`, { method: 'DELETE' })).status).toBe(
      204,
    )
    expect((await one.call('/api/me')).status).toBe(401)
    expect(await (await admin.call(`/api/people/${id('dan')}/end-sessions`, { method: 'POST' })).json()).toEqual({
      ended: 1,
    })
    expect((await two.call('/api/me')).status).toBe(401)
  })

  it('get a letter by an admin’s reset, and nothing by the password before', async () => {
    const eve = await signedIn('eve')
    const letters = vi.mocked(fetch)
    expect((await admin.call(`/api/people/${id('eve')}/reset`, { method: 'POST' })).status).toBe(202)
    expect(await refusal(await eve.call('/api/me'))).toEqual([401, 'session_ended'])
    const again = await new TestBrowser().call('/api/auth/sign-in', { json: { email: 'eve@example.org', password } })
    expect(await refusal(again)).toEqual([401, 'wrong_credentials'])
    const secret = /#([A-Za-z0-9_-]{43})/.exec(String(letters.mock.lastCall?.[1]?.body))?.[1]
    const next = 'another four words and lamps'
    const reset = await new TestBrowser().call('/api/auth/password/reset', { json: { secret, password: next } })
    expect(reset.status).toBe(204)
    await new TestBrowser().signIn('eve@example.org', next)
  })

  it('never get a password from an admin, nor a verified address', async () => {
    for (const more of [{ password }, { passwordHash: 'x' }, { emailVerifiedAt: 1 }, { mustChangePassword: false }]) {
      expect(await refusal(await change('dan', { role: 'user', ...more }))).toEqual([400, 'invalid'])
    }
  })

  it('whose password must change do nothing else until then', async () => {
    await env.DB.prepare('update users set must_change_password = 1 where id = ?').bind(id('dan')).run()
    const eve = new TestBrowser()
    expect((await eve.signIn('dan@example.org', password)).restriction).toBe('password_change_needed')
    expect(await refusal(await eve.call('/api/titles'))).toEqual([403, 'password_change_needed'])
    const json = { current: password, next: 'another four words and lamps' }
    expect((await eve.call('/api/me/password', { method: 'PUT', json })).status).toBe(204)
    expect((await eve.call('/api/titles')).status).toBe(200)
  })

  it('are never left without an admin, though two admins take each other’s role fifty times at once', async () => {
    const me = await (await admin.call('/api/me')).json<{ id: string }>()
    const demoteMe = () => admin.call(`/api/people/${me.id}`, { method: 'PATCH', json: { role: 'user' } })
    expect(await refusal(await demoteMe())).toEqual([409, 'last_way_in'])
    await change('ben', { role: 'admin' })
    const ben = await signedIn('ben')
    const attempts = Array.from({ length: 25 }, () => [
      change('ben', { role: 'user' }),
      ben.call(`/api/people/${me.id}`, { method: 'PATCH', json: { role: 'user' } }),
    ])
    await Promise.all(attempts.flat())
    expect(await env.DB.prepare("select count(*) n from users where role = 'admin'").first('n')).toBe(1)
  })
})
