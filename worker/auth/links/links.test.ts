/** Invites and mail links: each good once, for a while; and a reset is no way around the second factor. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADMIN, refusal, setUp } from '../../testing/call-edge.ts'
import { codeOf, enrolApp, insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { hashPassword } from '../password-hash.ts'
import { sendVerification } from '../people/change-email.ts'
import { lookAtInvite } from './invites.ts'
import { verifyEmail } from './mail-links.ts'

const password = 'four words and a lamp'
const better = 'another four words and lamps'
type Sent = { to: string[]; subject: string; text: string; from: string }
const letters: Sent[] = []
const admin = new TestBrowser()
const nobody = () => new TestBrowser()
const secretOf = (letter: Sent | undefined) => /#([A-Za-z0-9_-]{43})/.exec(letter?.text ?? '')?.[1] ?? ''
const seconds = () => Math.floor(Date.now() / 1000)

beforeAll(async () => {
  await setUp()
  await admin.signIn(ADMIN.email, ADMIN.password)
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  for (const id of ['ben', 'cat', 'dan']) {
    await insertPerson({ id, email: `${id}@example.org`, displayName: id, passwordHash, role: 'user' })
  }
})

beforeEach(() => {
  letters.length = 0
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input as string, init as RequestInit)
    expect([request.url, request.headers.get('authorization')]).toEqual([
      'https://mail.test/send',
      'Bearer test-mail-key',
    ])
    letters.push(await request.json<Sent>())
    return new Response('{}')
  })
})

const invite = async (change: object = {}): Promise<{ id: string; secret: string }> => {
  const made = await admin.call('/api/invites', { json: { role: 'user', note: 'Cousin', ...change } })
  const { id, link } = await made.json<{ id: string; link: string }>()
  return { id, secret: link.split('#')[1] ?? '' }
}
const newcomer = (secret: string, i = 0) => ({
  secret,
  email: `new${i}-${secret.slice(0, 6).toLowerCase()}@example.org`,
  displayName: 'New',
  password,
})

describe('an invite', () => {
  it('says who invites to what, and makes one person out of fifty who use it', { timeout: 60_000 }, async () => {
    const { secret } = await invite()
    expect(await (await nobody().call('/api/auth/invites/look', { json: { secret } })).json()).toMatchObject({
      role: 'user',
      invitedBy: ADMIN.displayName,
    })
    const browsers = Array.from({ length: 50 }, nobody)
    const responses = await Promise.all(
      browsers.map((browser, i) => browser.call('/api/auth/invites/accept', { json: newcomer(secret, i) })),
    )
    const came = responses.filter(({ status }) => status === 201)
    expect(came).toHaveLength(1)
    const refused = await Promise.all(responses.filter(({ status }) => status !== 201).map(refusal))
    expect(refused.filter(([, code]) => code !== 'link_over' && code !== 'busy')).toEqual([])
    expect(letters).toHaveLength(1)
    expect(await refusal(await nobody().call('/api/auth/invites/look', { json: { secret } }))).toEqual([
      410,
      'link_over',
    ])
  })

  it('is kept as a MAC, ends by itself, and can be withdrawn', async () => {
    const { id, secret } = await invite({ expiresInSeconds: 3600 })
    const stored = JSON.stringify((await env.DB.prepare('select * from invites').all()).results)
    expect(stored).not.toContain(secret)
    expect(await lookAtInvite(testEdge(seconds()), secret)).toMatchObject({ role: 'user' })
    await expect(lookAtInvite(testEdge(seconds() + 3601), secret)).rejects.toMatchObject({ code: 'link_over' })
    expect((await admin.call(`/api/invites/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await refusal(await nobody().call('/api/auth/invites/accept', { json: newcomer(secret) }))).toEqual([
      410,
      'link_over',
    ])
  })

  it('stays good when the password or the address will not do', async () => {
    const { secret } = await invite({ role: 'admin' })
    const accept = (change: object) =>
      nobody().call('/api/auth/invites/accept', { json: { ...newcomer(secret), ...change } })
    expect(await refusal(await accept({ password: 'too short' }))).toEqual([400, 'invalid'])
    expect(await refusal(await accept({ email: 'ben@example.org' }))).toEqual([409, 'conflict'])
    expect(await refusal(await accept({ role: 'admin' }))).toEqual([400, 'invalid'])
    expect(await (await accept({})).json()).toMatchObject({ person: { role: 'admin' } })
  })

  it('is the only way in: no route makes a person without one', async () => {
    expect(await refusal(await nobody().call('/api/auth/invites/accept', { json: newcomer('A'.repeat(43)) }))).toEqual([
      410,
      'link_over',
    ])
  })
})

describe('a new password by mail', () => {
  /** Letters are counted by address as well: each asks from one of its own. */
  const forgot = (email: string) =>
    nobody().call('/api/auth/password/forgot', {
      json: { email },
      headers: { 'cf-connecting-ip': `203.0.113.${letters.length + email.length}` },
    })
  const reset = (secret: string, next: string) =>
    nobody().call('/api/auth/password/reset', { json: { secret, password: next } })

  it('answers the same for somebody and nobody, and writes only to somebody', async () => {
    const [known, unknown] = [await forgot('ben@example.org'), await forgot('nobody@example.org')]
    const plain = (response: Response) => [
      response.status,
      ...[...response.headers].filter(([name]) => name !== 'x-correlation-id'),
    ]
    expect(plain(unknown)).toEqual(plain(known))
    expect(letters.map(({ to }) => to)).toEqual([['ben@example.org']])
  })

  it('works once, ends every session, and still asks for the second factor', async () => {
    const browser = nobody()
    await browser.signIn('cat@example.org', password)
    const { secret: app } = await enrolApp(browser)
    await forgot('cat@example.org')
    const secret = secretOf(letters[0])
    expect(await refusal(await reset(secret, 'short'))).toEqual([400, 'invalid'])
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await reset(secret, better)).status))
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    expect(await refusal(await reset(secret, better))).toEqual([410, 'link_over'])
    expect(await refusal(await browser.call('/api/me'))).toEqual([401, 'session_ended'])
    const again = nobody()
    expect(
      await refusal(await again.call('/api/auth/sign-in', { json: { email: 'cat@example.org', password } })),
    ).toEqual([401, 'wrong_credentials'])
    expect((await again.signIn('cat@example.org', better)).secondFactor.methods).toContain('totp')
    await again.take(await again.call('/api/auth/second-factor', { json: { totp: codeOf(app) } }))
    expect((await again.call('/api/me')).status).toBe(200)
  })

  it('is over after half an hour, and when the address has changed', async () => {
    await forgot('dan@example.org')
    const secret = secretOf(letters[0])
    await env.DB.prepare("update mail_links set expires_at = ? where user_id = 'dan'")
      .bind(seconds() - 1)
      .run()
    expect(await refusal(await reset(secret, better))).toEqual([410, 'link_over'])
    await forgot('dan@example.org')
    const dan = nobody()
    await dan.signIn('dan@example.org', password)
    expect((await dan.call('/api/me/email', { method: 'PUT', json: { email: 'dan2@example.org' } })).status).toBe(204)
    expect(await refusal(await reset(secretOf(letters[1]), better))).toEqual([410, 'link_over'])
    expect((await nobody().call('/api/auth/email/verify', { json: { secret: secretOf(letters[2]) } })).status).toBe(204)
    expect(await (await dan.call('/api/me')).json()).toMatchObject({ email: 'dan2@example.org', isEmailVerified: true })
  })

  it('a letter of one kind does nothing of the other, and confirms an address once, of fifty at once', async () => {
    await insertPerson({ id: 'eve', email: 'eve@example.org', displayName: 'eve', passwordHash: 'x', role: 'user' })
    await env.DB.prepare("update users set email_verified_at = null where id = 'eve'").run()
    const edge = { ...testEdge(seconds()), later: (work: Promise<unknown>) => void waits.push(work) }
    const waits: Promise<unknown>[] = []
    await sendVerification(edge, 'eve')
    await Promise.all(waits)
    const secret = secretOf(letters[0])
    expect(await refusal(await reset(secret, better))).toEqual([410, 'link_over'])
    const times = await Promise.all(
      Array.from({ length: 50 }, () =>
        verifyEmail(edge, secret).then(
          () => 'verified',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    expect(times.toSorted()).toEqual([...Array(49).fill('link_over'), 'verified'])
  })

  it('is held up after a few letters', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await forgot('many@example.org')).status)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('changing one’s own password', () => {
  it('needs the one before, ends the other sessions and keeps this one', async () => {
    const [here, there] = [nobody(), nobody()]
    await here.signIn('ben@example.org', password)
    await there.signIn('ben@example.org', password)
    const change = (current: string, next: string) =>
      here.call('/api/me/password', { method: 'PUT', json: { current, next } })
    expect(await refusal(await change('not the right one', better))).toEqual([401, 'wrong_credentials'])
    expect(await refusal(await change(password, 'ben@example.org'))).toEqual([400, 'invalid'])
    expect((await change(password, better)).status).toBe(204)
    expect((await here.call('/api/me')).status).toBe(200)
    expect(await refusal(await there.call('/api/me'))).toEqual([401, 'session_ended'])
  })
})
