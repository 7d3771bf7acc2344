/** First run, over HTTP with the real database and hasher. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { ADMIN, callEdge, cookieOf, refusal } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { claimSetup } from './setup.ts'

const secret = env.SETUP_SECRET ?? ''
const claim = (change: object = {}) => callEdge('/api/setup', { json: { secret, ...ADMIN, ...change } })

describe('first-run set-up', () => {
  it('says that it is needed while there is nobody', async () => {
    expect(await (await callEdge('/api/setup')).json()).toEqual({ needed: true })
  })

  it('refuses another secret', async () => {
    expect(await refusal(await claim({ secret: `${secret}x` }))).toEqual([403, 'setup_secret_wrong'])
  })

  it('refuses the right secret after its expiry', async () => {
    const late = claimSetup(testEdge(4102444800), { secret, ...ADMIN })
    await expect(late).rejects.toMatchObject({ code: 'setup_secret_expired' })
  })

  it('refuses a secret whose expiry is not a number', async () => {
    const claimed = claimSetup(testEdge(1000, { SETUP_SECRET: 'soon.abcdefgh' }), { ...ADMIN, secret: 'soon.abcdefgh' })
    await expect(claimed).rejects.toMatchObject({ code: 'setup_secret_expired' })
  })

  it('is closed when no secret is set', async () => {
    const closed = claimSetup(testEdge(1000, { SETUP_SECRET: '' }), { secret: '', ...ADMIN })
    await expect(closed).rejects.toMatchObject({ code: 'setup_closed' })
  })

  it.each([
    ['short words', 'fourteen chars'],
    ['a common one', 'PasswordPassword'],
    ['the own e-mail', ADMIN.email],
  ])('refuses a weak password and says what to do: %s', async (_name, password) => {
    const response = await claim({ password })
    const { error } = await response.json<{ error: { code: string; message: string } }>()
    expect([response.status, error.code]).toEqual([400, 'invalid'])
    expect(error.message).toMatch(/random words/)
  })

  it('refuses a page of another site', async () => {
    const response = await callEdge('/api/setup', {
      json: { secret, ...ADMIN },
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect(await refusal(response)).toEqual([403, 'cross_site'])
  })

  it('makes one admin out of fifty claims at once, and signs that one in', { timeout: 60_000 }, async () => {
    const claims = Array.from({ length: 50 }, (_, i) => claim({ email: `claimant${i}@example.org` }))
    const responses = await Promise.all(claims)
    const won = responses.filter((response) => response.status === 201)
    expect(won).toHaveLength(1)
    expect(cookieOf(won[0] as Response)?.attributes).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const lost = await Promise.all(responses.filter((response) => response.status !== 201).map(refusal))
    expect(lost.filter(([, code]) => code !== 'setup_closed' && code !== 'busy')).toEqual([])
    const rows = await env.DB.prepare(
      'select (select count(*) from users) u, (select count(*) from sessions) s',
    ).first()
    expect(rows).toEqual({ u: 1, s: 1 })
    const events = await env.DB.prepare("select count(*) n from audit_events where kind = 'setup_claimed'").first('n')
    expect(events).toBe(1)
  })

  it('is closed for good afterwards', async () => {
    expect(await (await callEdge('/api/setup')).json()).toEqual({ needed: false })
    expect(await refusal(await claim())).toEqual([403, 'setup_closed'])
  })

  it('stores the password only as a salted hash with its parameters', async () => {
    const row = await env.DB.prepare('select * from users').first<Record<string, string>>()
    expect(JSON.stringify(row)).not.toContain(ADMIN.password)
    expect(row?.password_hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5,k=t1\$/)
  })
})
