/** Sign-in over HTTP: the same answer to every failure, and a queue with an end. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, callEdge, cookieOf, refusal, setUp } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { hashPassword } from './password-hash.ts'
import { signIn } from './sign-in.ts'

const post = (email: string, password: string) => callEdge('/api/auth/sign-in', { json: { email, password } })

beforeAll(() => setUp())

describe('sign-in', () => {
  it('makes a session of its own each time, however the address was typed', async () => {
    const responses = [
      await post(ADMIN.email, ADMIN.password),
      await post(` ${ADMIN.email.toUpperCase()}`, ADMIN.password),
    ]
    const ids = await Promise.all(
      responses.map(async (response) => (await response.json<{ sessionId: string }>()).sessionId),
    )
    expect(new Set(ids).size).toBe(2)
    expect(cookieOf(responses[0] as Response)?.pair).toContain(`__Host-porchlight_rt_${ids[0]}=`)
    expect(responses[0]?.headers.get('cache-control')).toBe('no-store')
  })

  it('answers a wrong password and an unknown account with the very same body and headers', async () => {
    const wrong = await post(ADMIN.email, 'wrong password here')
    const unknown = await post('nobody@example.org', 'wrong password here')
    const plain = (response: Response) =>
      Object.fromEntries([...response.headers].filter(([name]) => name !== 'x-correlation-id'))
    expect(plain(unknown)).toEqual(plain(wrong))
    expect(await unknown.text()).toBe(await wrong.text())
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const { results } = await env.DB.prepare(
      "select details from audit_events where kind = 'authn_login_fail' order by rowid",
    ).all()
    expect(results.map(({ details }) => JSON.parse(String(details)).reason)).toEqual([
      'wrong password',
      'unknown account',
    ])
  })

  it('lets a password in that does not age: nobody has to change it after a while', async () => {
    const later = testEdge(Math.floor(Date.now() / 1000) + 10 * 365 * 24 * 3600)
    const finished = await signIn(later, { email: ADMIN.email, password: ADMIN.password })
    expect(finished).toMatchObject({ kind: 'signed_in', issued: { signedIn: { restriction: null } } })
    expect(await env.DB.prepare('select must_change_password n from users').first('n')).toBe(0)
  })

  it('renews a hash made with weaker parameters', async () => {
    const weak = hashPassword(ADMIN.password, { parameters: { log2N: 10, r: 8, p: 1 } })
    await env.DB.prepare('update users set password_hash = ?').bind(weak).run()
    expect((await post(ADMIN.email, ADMIN.password)).status).toBe(200)
    const stored = await env.DB.prepare('select password_hash from users').first<string>('password_hash')
    expect(stored).toMatch(/^\$scrypt\$ln=14,r=8,p=5,k=t1\$/)
    expect((await post(ADMIN.email, ADMIN.password)).status).toBe(200)
  })

  it('refuses another site’s page', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    const response = await callEdge('/api/auth/sign-in', { json: ADMIN, headers })
    expect(await refusal(response)).toEqual([403, 'cross_site'])
  })

  it('says that it is busy when too many wait, and works again after', { timeout: 60_000 }, async () => {
    const weak = hashPassword(ADMIN.password, { parameters: { log2N: 10, r: 8, p: 1 } })
    const hasher = env.PASSWORD_HASHER.get(env.PASSWORD_HASHER.idFromName('hasher'))
    const answers = await Promise.all(Array.from({ length: 50 }, () => hasher.verify('wrong', weak)))
    const refused = answers.filter((answer) => !answer.ok)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ error: { code: 'busy' } })
    expect(await hasher.verify(ADMIN.password, weak)).toMatchObject({ ok: true, value: { matches: true } })
  })
})
