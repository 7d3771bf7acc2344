/** Sessions over HTTP: five devices, a list, endings, step-up, and what an ended one can still do: nothing. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, refusal, setUp } from '../testing/call-edge.ts'
import { codeOf, enrolApp, insertPerson, TestBrowser } from '../testing/test-browser.ts'
import { testEdge } from '../testing/test-edge.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { hashPassword } from './password-hash.ts'

const quick = { parameters: { log2N: 10, r: 8, p: 1 } }
const password = 'four words and a lamp'
const userAgent = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0' }
const seconds = () => Math.floor(Date.now() / 1000)
const liveOf = (userId: string) =>
  env.DB.prepare('select count(*) n from sessions where user_id = ? and revoked_at is null').bind(userId).first('n')
const person = (id: string) =>
  insertPerson({
    id,
    email: `${id}@example.org`,
    displayName: id,
    passwordHash: hashPassword(password, quick),
    role: 'user',
  })
const browserOf = async (id: string) => {
  const browser = new TestBrowser()
  await browser.signIn(`${id}@example.org`, password)
  return browser
}

beforeAll(async () => {
  await setUp()
  for (const name of ['ben', 'cat', 'dan', 'eve', 'fay']) await person(`${name}-00000000000000000`)
})

describe('the list of sessions', () => {
  it('names the device, the network and the last use, and which one is this', async () => {
    const browser = new TestBrowser()
    const headers = { ...userAgent, 'cf-connecting-ip': '203.0.113.77' }
    await browser.take(
      await browser.call('/api/auth/sign-in', { json: { email: ADMIN.email, password: ADMIN.password }, headers }),
    )
    const { sessions } = await (await browser.call('/api/me/sessions')).json<{ sessions: object[] }>()
    expect(sessions).toContainEqual(
      expect.objectContaining({
        id: browser.sessionId,
        device: 'Firefox on Windows',
        network: '203.0.113.0/24',
        isCurrent: true,
      }),
    )
    expect(sessions).toContainEqual(expect.objectContaining({ device: 'Another device', isCurrent: false }))
  })

  it('ends one: its access token and its refresh token are refused at once, the others go on', async () => {
    const [here, there] = [await browserOf('ben-00000000000000000'), await browserOf('ben-00000000000000000')]
    expect((await here.call(`/api/me/sessions/${there.sessionId}`, { method: 'DELETE' })).status).toBe(204)
    expect(await refusal(await there.call('/api/me'))).toEqual([401, 'session_ended'])
    expect(await refusal(await there.call(`/api/auth/refresh/${there.sessionId}`, { method: 'POST' }))).toEqual([
      401,
      'session_ended',
    ])
    expect((await here.call('/api/me')).status).toBe(200)
    expect(await refusal(await here.call(`/api/me/sessions/${there.sessionId}`, { method: 'DELETE' }))).toEqual([
      404,
      'not_found',
    ])
  })

  it('does not end a session of somebody else', async () => {
    const [ben, cat] = [await browserOf('ben-00000000000000000'), await browserOf('cat-00000000000000000')]
    expect(await refusal(await ben.call(`/api/me/sessions/${cat.sessionId}`, { method: 'DELETE' }))).toEqual([
      404,
      'not_found',
    ])
    expect((await cat.call('/api/me')).status).toBe(200)
  })

  it('ends all others, then all, with an event for each', async () => {
    const browsers = [await browserOf('cat-00000000000000000'), await browserOf('cat-00000000000000000')]
    const last = await browserOf('cat-00000000000000000')
    await last.call('/api/me/sessions/end', { json: { keepCurrent: true } })
    for (const browser of browsers) expect((await browser.call('/api/me')).status).toBe(401)
    expect((await last.call('/api/me')).status).toBe(200)
    expect(await (await last.call('/api/me/sessions/end', { json: { keepCurrent: false } })).json()).toEqual({
      ended: 1,
    })
    expect(await refusal(await last.call('/api/me'))).toEqual([401, 'session_ended'])
    const events =
      "select count(*) n from audit_events where kind = 'session_ended' and subject_id = ? and details like '%ended by its person%'"
    expect(await env.DB.prepare(events).bind('cat-00000000000000000').first('n')).toBe(4)
  })
})

describe('five devices', () => {
  it('the one unused for longest leaves when a sixth comes, and the person is told', async () => {
    const browsers: TestBrowser[] = []
    for (let i = 0; i < 5; i++) {
      browsers.push(await browserOf('dan-00000000000000000'))
      await env.DB.prepare('update sessions set rotated_at = ? where id = ?')
        .bind(seconds() - 100 + i, browsers[i]?.sessionId)
        .run()
    }
    const sixth = await browserOf('dan-00000000000000000')
    expect(await liveOf('dan-00000000000000000')).toBe(5)
    expect(await refusal((await browsers[0]?.call('/api/me')) as Response)).toEqual([401, 'session_ended'])
    for (const browser of browsers.slice(1)) expect((await browser.call('/api/me')).status).toBe(200)
    const { notices } = await (await sixth.call('/api/me/notices')).json<{ notices: { kind: string }[] }>()
    expect(notices.filter(({ kind }) => kind === 'device_left')).toHaveLength(1)
  })

  it('are told of a new one at its first sign-in, and not of a browser that comes back', async () => {
    const told = 'select count(*) n from notices where kind = ? and user_id = ?'
    const newDevices = () => env.DB.prepare(told).bind('new_device', 'fay-00000000000000000').first('n')
    const first = await browserOf('fay-00000000000000000')
    expect(await newDevices()).toBe(0)
    for (let again = 0; again < 2; again++) await first.signIn('fay-00000000000000000@example.org', password)
    expect(await newDevices()).toBe(0)
    await browserOf('fay-00000000000000000')
    expect(await newDevices()).toBe(1)
  })

  it('stay five when fifty sign in at once', async () => {
    const proofs = Array.from({ length: 50 }, () =>
      finishSignIn(testEdge(seconds()), { userId: 'eve-00000000000000000', method: 'password', amr: ['pwd'] }),
    )
    const finished = await Promise.all(proofs)
    expect(await liveOf('eve-00000000000000000')).toBe(5)
    const left = finished.flatMap((one) => (one.kind === 'signed_in' ? one.endedSessionIds : []))
    expect(left).toHaveLength(45)
    expect(new Set(left).size).toBe(45)
    const events = "select count(*) n from audit_events where kind = 'session_ended' and subject_id = ?"
    expect(await env.DB.prepare(events).bind('eve-00000000000000000').first('n')).toBe(45)
  })
})

describe('step-up', () => {
  const age = (browser: TestBrowser) =>
    env.DB.prepare('update sessions set auth_time = auth_time - 601 where id = ?').bind(browser.sessionId).run()

  it('is not needed for ten minutes after sign-in, then it is, and a password gives ten more', async () => {
    const browser = await browserOf('ben-00000000000000000')
    expect((await browser.call('/api/me/totp', { method: 'POST' })).status).toBe(201)
    await age(browser)
    expect(await refusal(await browser.call('/api/me/totp', { method: 'POST' }))).toEqual([403, 'step_up_needed'])
    expect(
      await refusal(await browser.call('/api/auth/step-up', { json: { password: 'not this one at all' } })),
    ).toEqual([401, 'wrong_credentials'])
    expect(await refusal(await browser.call('/api/me/totp', { method: 'POST' }))).toEqual([403, 'step_up_needed'])
    const stepped = await (await browser.call('/api/auth/step-up', { json: { password } })).json<{
      accessToken: string
    }>()
    const claims = JSON.parse(atob(stepped.accessToken.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? ''))
    expect(seconds() - claims.auth_time).toBeLessThan(60)
    expect((await browser.call('/api/me/totp', { method: 'POST' })).status).toBe(201)
  })

  it('asks somebody with a second factor for that, and takes no password', async () => {
    const browser = await browserOf('ben-00000000000000000')
    const { secret } = await enrolApp(browser)
    await age(browser)
    expect(await (await browser.call('/api/auth/step-up')).json()).toEqual({ methods: ['totp', 'recovery_code'] })
    expect(await refusal(await browser.call('/api/auth/step-up', { json: { password } }))).toEqual([
      403,
      'second_factor_needed',
    ])
    expect((await browser.call('/api/auth/step-up', { json: { totp: codeOf(secret) } })).status).toBe(200)
    expect((await browser.call('/api/me/recovery-codes', { method: 'POST' })).status).toBe(201)
  })
})
