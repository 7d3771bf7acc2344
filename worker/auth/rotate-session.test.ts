/** Refresh over HTTP: one winner in every race, nobody honest signed out, a thief ends the family. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { readKeyring } from '../keyring.ts'
import { ADMIN, type Browser, callEdge, cookieOf, refresh, refusal, setUp, signInAs } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { mintRefreshToken } from './refresh-token.ts'
import { rotateSession } from './rotate-session.ts'
import { SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS } from './sessions.ts'

const ring = readKeyring(env.KEYRING)
const tokenOf = (sessionId: string, generation: number) => mintRefreshToken(ring, { sessionId, generation })
const sessionRow = (id: string) => env.DB.prepare('select * from sessions where id = ?').bind(id).first()
const cookieName = (sessionId: string) => `__Host-porchlight_rt_${sessionId}`
let browser: Browser

beforeAll(async () => {
  await setUp()
  browser = await signInAs(ADMIN.email, ADMIN.password)
})

describe('refresh', () => {
  it('lets fifty refreshes of one token through with one rotation and one cookie', async () => {
    const responses = await Promise.all(Array.from({ length: 50 }, () => refresh(browser.sessionId, browser.cookie)))
    expect(responses.map((response) => response.status)).toEqual(Array(50).fill(200))
    expect(new Set(responses.map((response) => cookieOf(response)?.value)).size).toBe(1)
    expect(await sessionRow(browser.sessionId)).toMatchObject({ generation: 1, revoked_at: null })
    browser.cookie = cookieOf(responses[0] as Response)?.pair ?? ''
    const bodies = await Promise.all(responses.map((response) => response.json<Browser>()))
    const me = await callEdge('/api/me', { token: bodies[49]?.accessToken ?? '' })
    expect(await me.json()).toMatchObject({ email: ADMIN.email, role: 'admin' })
  })

  it('answers with no-store and a strict cookie, and leaves no token in the body', async () => {
    const response = await refresh(browser.sessionId, browser.cookie)
    const cookie = cookieOf(response)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(cookie?.attributes).toMatch(/^Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    expect(await response.text()).not.toContain(cookie?.value)
    browser.cookie = cookie?.pair ?? ''
  })

  it('refuses without the page’s own origin, and takes an Origin where the browser sends no Sec-Fetch-Site', async () => {
    const bare = { method: 'POST', headers: { cookie: browser.cookie, 'sec-fetch-site': 'same-site' } }
    expect(await refusal(await callEdge(`/api/auth/refresh/${browser.sessionId}`, bare))).toEqual([403, 'cross_site'])
  })

  it('leaves both sessions alone when the cookie of one is sent for the other', async () => {
    const other = await signInAs(ADMIN.email, ADMIN.password)
    const crossed = `${cookieName(other.sessionId)}=${browser.cookie.split('=')[1]}`
    const response = await refresh(other.sessionId, crossed)
    expect(await refusal(response)).toEqual([401, 'session_ended'])
    expect(cookieOf(response)).toBeUndefined()
    expect((await refresh(other.sessionId, other.cookie)).status).toBe(200)
    expect(await sessionRow(browser.sessionId)).toMatchObject({ revoked_at: null })
  })

  it('does not end anything for a forged generation', async () => {
    const forged = `${cookieName(browser.sessionId)}=${await tokenOf(browser.sessionId, 999)}`
    expect(await refusal(await refresh(browser.sessionId, forged))).toEqual([401, 'session_ended'])
    expect(await sessionRow(browser.sessionId)).toMatchObject({ revoked_at: null })
  })

  it('ends the family when a token two generations old comes back, once, and clears the cookie', async () => {
    const thief = await signInAs(ADMIN.email, ADMIN.password)
    const second = cookieOf(await refresh(thief.sessionId, thief.cookie))?.pair ?? ''
    const third = cookieOf(await refresh(thief.sessionId, second))?.pair ?? ''
    const replay = await refresh(thief.sessionId, thief.cookie)
    expect(cookieOf(replay)).toMatchObject({ value: '', attributes: expect.stringContaining('Max-Age=0') })
    expect(await refusal(replay)).toEqual([401, 'refresh_reused'])

    expect(await refusal(await refresh(thief.sessionId, third))).toEqual([401, 'session_ended'])
    expect(await refusal(await callEdge('/api/me', { token: thief.accessToken }))).toEqual([401, 'session_ended'])
    const { results } = await env.DB.prepare("select details from audit_events where kind = 'authn_token_reuse'").all()
    expect(results).toEqual([{ details: '{"presented":0,"current":2}' }])
  })

  it('slides seven days and never past thirty', async () => {
    const lasting = await signInAs(ADMIN.email, ADMIN.password)
    const { created_at: start } = (await sessionRow(lasting.sessionId)) as { created_at: number }
    let now = start
    let generation = 0
    for (; now + SESSION_IDLE_SECONDS - 1 < start + SESSION_ABSOLUTE_SECONDS; generation++) {
      now += SESSION_IDLE_SECONDS - 1
      const issued = await rotateSession(testEdge(now), lasting.sessionId, await tokenOf(lasting.sessionId, generation))
      expect(issued.maxAgeSeconds).toBe(Math.min(SESSION_IDLE_SECONDS, start + SESSION_ABSOLUTE_SECONDS - now))
    }
    const late = rotateSession(
      testEdge(start + SESSION_ABSOLUTE_SECONDS),
      lasting.sessionId,
      await tokenOf(lasting.sessionId, generation),
    )
    await expect(late).rejects.toMatchObject({ code: 'session_ended' })
  })

  it('ends when nobody used it for seven days', async () => {
    const idle = await signInAs(ADMIN.email, ADMIN.password)
    const { created_at: start } = (await sessionRow(idle.sessionId)) as { created_at: number }
    const late = rotateSession(testEdge(start + SESSION_IDLE_SECONDS), idle.sessionId, await tokenOf(idle.sessionId, 0))
    await expect(late).rejects.toMatchObject({ code: 'session_ended' })
  })

  it('ends with sign-out: access token and refresh token both, and a second sign-out changes nothing', async () => {
    const leaving = await signInAs(ADMIN.email, ADMIN.password)
    const out = { method: 'POST', headers: { cookie: leaving.cookie } }
    expect((await callEdge(`/api/auth/logout/${leaving.sessionId}`, out)).status).toBe(204)
    expect(await refusal(await callEdge('/api/me', { token: leaving.accessToken }))).toEqual([401, 'session_ended'])
    expect(await refusal(await refresh(leaving.sessionId, leaving.cookie))).toEqual([401, 'session_ended'])
    expect((await callEdge(`/api/auth/logout/${leaving.sessionId}`, out)).status).toBe(204)
    const query = "select count(*) n from audit_events where kind = 'session_ended' and session_id = ?"
    expect(await env.DB.prepare(query).bind(leaving.sessionId).first('n')).toBe(1)
  })

  it('does not sign out a session whose key the caller does not hold', async () => {
    const out = { method: 'POST', headers: { cookie: `${cookieName(browser.sessionId)}=r1.t1.x.0.y` } }
    await callEdge(`/api/auth/logout/${browser.sessionId}`, out)
    expect(await sessionRow(browser.sessionId)).toMatchObject({ revoked_at: null })
  })
})
