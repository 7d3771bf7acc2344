/** TOTP, recovery codes and the ticket between the factors: each works once, and nothing goes around them. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, refusal, setUp } from '../../testing/call-edge.ts'
import { codeOf, enrolApp, insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { hashPassword } from '../password-hash.ts'
import { newRecoveryCode, plainRecoveryCode } from './recovery-code.ts'
import { spendRecoveryCode } from './recovery-codes.ts'
import { confirmTotp, enrolTotp, spendTotp } from './totp.ts'
import { matchedStep } from './totp-code.ts'

const quick = { parameters: { log2N: 10, r: 8, p: 1 } }
const password = 'four words and a lamp'
const required = { REQUIRE_ADMIN_SECOND_FACTOR: 'on' }
const person = (id: string) =>
  insertPerson({
    id,
    email: `${id}@example.org`,
    displayName: id,
    passwordHash: hashPassword(password, quick),
    role: 'user',
  })
const fifty = <Value>(make: () => Promise<Value>) => Promise.all(Array.from({ length: 50 }, make))
const now = () => Math.floor(Date.now() / 1000)

beforeAll(async () => {
  await setUp()
  for (const id of ['ben', 'cat', 'dan', 'eve', 'fay', 'gus']) await person(id)
})

describe('codes of an app', () => {
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [2000000000, '69279037'],
  ])('agree with RFC 6238 at %i', (at, eight) => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    expect(matchedStep(secret, eight.slice(2), at)).toBe(Math.floor(at / 30))
    expect(matchedStep(secret, eight.slice(2), at + 30)).toBe(Math.floor(at / 30))
    expect(matchedStep(secret, eight.slice(2), at - 30)).toBe(Math.floor(at / 30))
    expect(matchedStep(secret, eight.slice(2), at + 60)).toBeUndefined()
    expect(matchedStep(secret, eight.slice(2), at - 60)).toBeUndefined()
  })

  it('guard nothing until one was confirmed, and then are asked for', async () => {
    const browser = new TestBrowser()
    await browser.signIn('ben@example.org', password)
    await browser.call('/api/me/totp', { method: 'POST' })
    const other = new TestBrowser()
    expect((await other.signIn('ben@example.org', password)).accessToken).toBeDefined()
    await enrolApp(browser)
    const asked = await other.call('/api/auth/sign-in', { json: { email: 'ben@example.org', password } })
    expect(asked.status).toBe(202)
    expect(await asked.json()).toEqual({
      secondFactor: { methods: ['totp', 'recovery_code'], expiresAt: expect.any(Number) },
    })
    expect(asked.headers.getSetCookie().join()).toMatch(
      /^__Host-porchlight_ticket=\S+; Max-Age=300; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
  })

  it('are confirmed by one of fifty at once', async () => {
    const at = testEdge(now())
    const { secret } = await enrolTotp(at, 'cat', 'cat')
    const code = codeOf(secret)
    const outcomes = await fifty(() =>
      confirmTotp(at, { userId: 'cat', sessionId: 'none' }, code).then(
        (codes) => codes.length,
        () => 0,
      ),
    )
    expect(outcomes.filter((codes) => codes === 10)).toHaveLength(1)
    expect(await env.DB.prepare("select count(*) n from recovery_codes where user_id = 'cat'").first('n')).toBe(10)
    expect(await spendTotp(at, 'cat', code)).toBe(false)
  })

  it('work once, however many come at once, and none of an earlier step after', async () => {
    const at = testEdge(now())
    const { secret } = await enrolTotp(at, 'dan', 'dan')
    await confirmTotp(at, { userId: 'dan', sessionId: 'none' }, codeOf(secret, -1))
    const taken = await fifty(() => spendTotp(at, 'dan', codeOf(secret, 1)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(await spendTotp(at, 'dan', codeOf(secret, 0))).toBe(false)
  })

  it('are sealed to their person', async () => {
    const { results } = await env.DB.prepare('select secret from totp_factors').all<{ secret: string }>()
    for (const { secret } of results) expect(secret).toMatch(/^enc:v1:t1:/)
    await env.DB.prepare(
      "update totp_factors set secret = (select secret from totp_factors where user_id = 'cat') where user_id = 'dan'",
    ).run()
    await expect(spendTotp(testEdge(now()), 'dan', '000000')).rejects.toThrow(/does not open/)
  })
})

describe('the ticket', () => {
  const begin = async (who: string) => {
    const browser = new TestBrowser()
    await browser.signIn(`${who}@example.org`, password)
    const { secret, recoveryCodes } = await enrolApp(browser)
    await browser.signIn(`${who}@example.org`, password)
    return { browser, secret, recoveryCodes }
  }

  it('opens nothing but the second factor, and with the code the door', async () => {
    const { browser, secret } = await begin('eve')
    browser.token = undefined
    expect(await refusal(await browser.call('/api/me'))).toEqual([401, 'not_signed_in'])
    expect(
      (await (await browser.call('/api/auth/second-factor')).json<{ secondFactor: { methods: string[] } }>())
        .secondFactor.methods,
    ).toContain('totp')
    const elsewhere = new TestBrowser()
    expect(await refusal(await elsewhere.call('/api/auth/second-factor', { json: { totp: codeOf(secret) } }))).toEqual([
      410,
      'link_over',
    ])
    // Its id is no secret, and is worth nothing without the other half.
    const [id] = browser.cookies.get('__Host-porchlight_ticket')?.split('.') ?? []
    elsewhere.cookies.set('__Host-porchlight_ticket', `${id}.${'A'.repeat(43)}`)
    expect(await refusal(await elsewhere.call('/api/auth/second-factor'))).toEqual([410, 'link_over'])
    const { accessToken } = await browser.take(
      await browser.call('/api/auth/second-factor', { json: { totp: codeOf(secret) } }),
    )
    expect(JSON.parse(atob(accessToken.split('.')[1] ?? ''))).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] })
    expect(browser.cookies.has('__Host-porchlight_ticket')).toBe(false)
  })

  it('lets one of fifty right codes in', async () => {
    const { browser, recoveryCodes } = await begin('fay')
    const statuses = await Promise.all(
      Array.from(
        { length: 50 },
        async () =>
          (await browser.call('/api/auth/second-factor', { json: { recoveryCode: recoveryCodes[0] } })).status,
      ),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  it('is over after five wrong codes, even for the right one', async () => {
    const { browser, secret } = await begin('gus')
    for (let i = 0; i < 5; i++) {
      expect(await refusal(await browser.call('/api/auth/second-factor', { json: { totp: '000000' } }))).toEqual([
        401,
        'code_wrong',
      ])
    }
    expect(await refusal(await browser.call('/api/auth/second-factor', { json: { totp: codeOf(secret) } }))).toEqual([
      410,
      'link_over',
    ])
    const again = new TestBrowser()
    await again.signIn('gus@example.org', password)
    expect(await refusal(await again.call('/api/auth/second-factor', { json: { totp: codeOf(secret) } }))).toEqual([
      429,
      'too_many',
    ])
  })
})

describe('recovery codes', () => {
  it('have more than 112 bits and do not mind how they are typed', () => {
    const code = newRecoveryCode()
    expect(code).toMatch(/^([a-z2-9]{5}-){4}[a-z2-9]{5}$/)
    expect(25 * Math.log2(31)).toBeGreaterThan(112)
    expect(plainRecoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toBe(code.replaceAll('-', ''))
  })

  it('work once for their own person, are stored as MACs, and are all replaced by new ones', async () => {
    const browser = new TestBrowser()
    await browser.signIn(ADMIN.email, ADMIN.password)
    const { recoveryCodes } = await enrolApp(browser)
    const [first = '', second = ''] = recoveryCodes
    const stored = JSON.stringify((await env.DB.prepare('select * from recovery_codes').all()).results)
    for (const code of recoveryCodes) expect(stored).not.toContain(plainRecoveryCode(code))
    const me = await (await browser.call('/api/me')).json<{ id: string }>()
    expect(await spendRecoveryCode(testEdge(now()), 'ben', first)).toBe(false)
    expect((await fifty(() => spendRecoveryCode(testEdge(now()), me.id, first))).filter(Boolean)).toHaveLength(1)
    const { recoveryCodes: fresh } = await (await browser.call('/api/me/recovery-codes', { method: 'POST' })).json<{
      recoveryCodes: string[]
    }>()
    expect(await spendRecoveryCode(testEdge(now()), me.id, second)).toBe(false)
    expect(await spendRecoveryCode(testEdge(now()), me.id, fresh[0] ?? '')).toBe(true)
  })
})

describe('an admin where second factors are required', () => {
  it('may only enrol one, and then everything', async () => {
    await insertPerson({
      id: 'adm',
      email: 'adm@example.org',
      displayName: 'Adm',
      passwordHash: hashPassword(password, quick),
      role: 'admin',
    })
    const browser = new TestBrowser(required)
    expect((await browser.signIn('adm@example.org', password)).restriction).toBe('second_factor_needed')
    for (const path of ['/api/titles', '/api/people', '/api/agents', '/api/me/sessions']) {
      expect(await refusal(await browser.call(path))).toEqual([403, 'second_factor_needed'])
    }
    const { secret } = await enrolApp(browser)
    expect((await browser.call('/api/people')).status).toBe(200)
    expect((await browser.call('/api/me/totp', { method: 'DELETE', json: {} })).status).toBe(409)
    const again = new TestBrowser(required)
    expect((await again.signIn('adm@example.org', password)).secondFactor.methods).toContain('totp')
    const signedIn = await again.take(await again.call('/api/auth/second-factor', { json: { totp: codeOf(secret) } }))
    expect(signedIn.restriction).toBeNull()
  })
})
