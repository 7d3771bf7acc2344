/** A television signed in by a phone: bound to its own cookie, decided once, over after ten minutes. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, refusal, setUp } from '../../testing/call-edge.ts'
import { TestBrowser } from '../../testing/test-browser.ts'
import { newTvCode, USER_CODE } from './user-code.ts'

const phone = new TestBrowser()
const begin = async () => {
  const tv = new TestBrowser()
  const headers = { 'user-agent': 'Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 Safari/537.36' }
  const { userCode } = await (await tv.call('/api/auth/tv', { method: 'POST', headers })).json<{ userCode: string }>()
  return { tv, userCode, poll: () => tv.call('/api/auth/tv/poll', { method: 'POST' }) }
}
const answer = (userCode: string, approve = true) => phone.call(`/api/auth/tv/${userCode}`, { json: { approve } })

beforeAll(async () => {
  await setUp()
  await phone.signIn(ADMIN.email, ADMIN.password)
})

describe('a television', () => {
  it('waits, shows the phone what it is, and is signed in once it is approved', async () => {
    const { tv, userCode, poll } = await begin()
    expect((await poll()).status).toBe(202)
    expect(await (await phone.call(`/api/auth/tv/${userCode.toLowerCase()}`)).json()).toMatchObject({
      userCode,
      device: 'Samsung TV',
    })
    expect((await answer(userCode)).status).toBe(204)
    const body = await tv.take(await poll())
    expect(body.person.email).toBe(ADMIN.email)
    expect((await tv.call('/api/me')).status).toBe(200)
    expect(await refusal(await tv.call('/api/me/totp', { method: 'POST' }))).toEqual([403, 'step_up_needed'])
    expect(await refusal(await poll())).toEqual([410, 'link_over'])
  })

  it('is signed in by nobody but itself: the code alone is worth nothing', async () => {
    const { userCode } = await begin()
    await answer(userCode)
    const thief = new TestBrowser()
    expect(await refusal(await thief.call('/api/auth/tv/poll', { method: 'POST' }))).toEqual([410, 'link_over'])
  })

  it('is told when it was turned away', async () => {
    const { userCode, poll } = await begin()
    expect((await answer(userCode, false)).status).toBe(204)
    expect(await refusal(await poll())).toEqual([410, 'link_over'])
    expect(await refusal(await answer(userCode))).toEqual([410, 'link_over'])
  })

  it('gets one session out of fifty approvals and fifty polls at once', async () => {
    const { tv, userCode, poll } = await begin()
    const { n: before } = (await env.DB.prepare('select count(*) n from sessions').first<{ n: number }>()) ?? { n: 0 }
    const edges = await Promise.all(Array.from({ length: 50 }, () => answer(userCode)))
    // The guard lets a handful of one person's tries run at once; of those that ran, one decided.
    expect(edges.filter(({ status }) => status === 204)).toHaveLength(1)
    const polls = await Promise.all(Array.from({ length: 50 }, poll))
    expect(polls.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await env.DB.prepare('select count(*) n from sessions').first('n')).toBe(before + 1)
    expect(tv.cookies.has('__Host-porchlight_tv')).toBe(false)
  })

  it('has waited long enough after ten minutes', async () => {
    const { userCode, poll } = await begin()
    const waits = await env.DB.prepare('select expires_at - created_at s from device_approvals where user_code = ?')
    expect(await waits.bind(userCode).first('s')).toBe(600)
    await env.DB.prepare('update device_approvals set expires_at = 1 where user_code = ?').bind(userCode).run()
    expect(await refusal(await poll())).toEqual([410, 'link_over'])
  })

  it('cannot be found by trying codes', async () => {
    await env.DB.prepare('delete from device_approvals').run()
    const codes: [number, string][] = []
    for (let i = 0; i < 8; i++) codes.push(await refusal(await phone.call(`/api/auth/tv/${newTvCode()}`)))
    expect(codes.at(-1)).toEqual([429, 'too_many'])
  })

  it('may wait only in small numbers from one network', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 12; i++)
      statuses.push((await new TestBrowser().call('/api/auth/tv', { method: 'POST' })).status)
    expect(statuses.slice(-2)).toEqual([429, 429])
  })

  it('shows codes of one form', () => {
    expect(newTvCode()).toMatch(USER_CODE)
  })
})
