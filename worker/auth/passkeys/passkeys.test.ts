/** Passkeys through the real library against an emulated authenticator. */
import { env } from 'cloudflare:workers'
import WebAuthnEmulator, { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository } from 'nid-webauthn-emulator'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { ADMIN, ORIGIN, refusal, setUp } from '../../testing/call-edge.ts'
import { insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import { hashPassword } from '../password-hash.ts'

type Creation = Parameters<WebAuthnEmulator['createJSON']>[1]
type Request = Parameters<WebAuthnEmulator['getJSON']>[1]

const password = 'four words and a lamp'
const required = { REQUIRE_ADMIN_SECOND_FACTOR: 'on' }
/** Ed25519, because the emulator signs with P-256 in a way that workerd's node:crypto does not know. */
const key = () =>
  new WebAuthnEmulator(
    new AuthenticatorEmulator({
      algorithmIdentifiers: ['EdDSA'],
      credentialsRepository: new PasskeysCredentialsMemoryRepository(),
    }),
  )

async function register(
  browser: TestBrowser,
  emulator: WebAuthnEmulator,
  name = 'My key',
  origin = ORIGIN,
): Promise<Response> {
  const options = await (await browser.call('/api/me/passkeys/options', { method: 'POST' })).json<Creation>()
  return browser.call('/api/me/passkeys', { json: { name, response: emulator.createJSON(origin, options) } })
}

/** The same answer with the flag of the owner's check (UV) cleared; nothing signs it, because attestation is `none`. */
async function withoutOwnersCheck(answer: ReturnType<WebAuthnEmulator['createJSON']>) {
  const bytes = decodeBase64Url(answer.response.attestationObject) ?? new Uint8Array()
  const host = new TextEncoder().encode(new URL(ORIGIN).hostname)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', host))
  const at = bytes.findIndex((_, start) => hash.every((byte, i) => bytes[start + i] === byte)) + hash.length
  bytes[at] = (bytes[at] ?? 0) & ~0x04
  return { ...answer, response: { ...answer.response, attestationObject: encodeBase64Url(bytes) } }
}

async function assertion(browser: TestBrowser, emulator: WebAuthnEmulator, origin = ORIGIN) {
  const options = await (await browser.call('/api/auth/passkeys/options', { method: 'POST' })).json<Request>()
  return emulator.getJSON(origin, options)
}

const signIn = (browser: TestBrowser, json: unknown) => browser.call('/api/auth/passkeys/sign-in', { json })
const signedIn = async (email: string, settings = {}) => {
  const browser = new TestBrowser(settings)
  await browser.signIn(email, password)
  return browser
}

beforeAll(async () => {
  await setUp()
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  for (const id of ['ben', 'cat', 'dan', 'eve', 'fay']) {
    await insertPerson({ id, email: `${id}@example.org`, displayName: id, passwordHash, role: 'user' })
  }
  await insertPerson({ id: 'adm', email: 'adm@example.org', displayName: 'Adm', passwordHash, role: 'admin' })
})

describe('a passkey', () => {
  it('is added, listed by its name, and signs its person in without a name or a password', async () => {
    const [browser, emulator] = [await signedIn('ben@example.org'), key()]
    expect((await register(browser, emulator, 'Blue key')).status).toBe(201)
    expect(await (await browser.call('/api/me/passkeys')).json()).toMatchObject({ passkeys: [{ name: 'Blue key' }] })
    const visitor = new TestBrowser()
    const body = await visitor.take(await signIn(visitor, await assertion(visitor, emulator)))
    expect(body.person.id).toBe('ben')
    expect(JSON.parse(atob(body.accessToken.split('.')[1] ?? ''))).toMatchObject({ amr: ['hwk', 'user', 'mfa'] })
  })

  it('signs in once for each challenge, however many send the answer', async () => {
    const [browser, emulator] = [await signedIn('cat@example.org'), key()]
    await register(browser, emulator)
    const visitor = new TestBrowser()
    const answer = await assertion(visitor, emulator)
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await signIn(visitor, answer)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(49)
  })

  it('is refused for another browser’s challenge, another site, and without its owner’s check', async () => {
    const [browser, emulator] = [await signedIn('dan@example.org'), key()]
    await register(browser, emulator)
    const [here, there] = [new TestBrowser(), new TestBrowser()]
    await there.call('/api/auth/passkeys/options', { method: 'POST' })
    expect(await refusal(await signIn(there, await assertion(here, emulator)))).toEqual([410, 'link_over'])
    const answer = await assertion(here, emulator)
    const data = JSON.parse(atob(answer.response.clientDataJSON.replace(/-/g, '+').replace(/_/g, '/')))
    const forged = btoa(JSON.stringify({ ...data, origin: 'https://evil.example' }))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '')
    expect(
      await refusal(await signIn(here, { ...answer, response: { ...answer.response, clientDataJSON: forged } })),
    ).toEqual([401, 'code_wrong'])
    const options = await (await browser.call('/api/me/passkeys/options', { method: 'POST' })).json<Creation>()
    const unchecked = await withoutOwnersCheck(key().createJSON(ORIGIN, options))
    const added = await browser.call('/api/me/passkeys', { json: { name: 'Unchecked', response: unchecked } })
    expect(await refusal(added)).toEqual([401, 'code_wrong'])
    const strange = { ...(await assertion(here, emulator)), id: 'AAAA', rawId: 'AAAA' }
    expect(await refusal(await signIn(here, strange))).toEqual([401, 'code_wrong'])
  })

  it('is refused, with a critical event, when its counter falls', async () => {
    const [browser, emulator] = [await signedIn('eve@example.org'), key()]
    await register(browser, emulator)
    await env.DB.prepare("update passkeys set counter = 1000 where user_id = 'eve'").run()
    const visitor = new TestBrowser()
    expect(await refusal(await signIn(visitor, await assertion(visitor, emulator)))).toEqual([401, 'code_wrong'])
    const event = "select outcome from audit_events where kind = 'passkey_counter_fell' and subject_id = 'eve'"
    expect(await env.DB.prepare(event).first('outcome')).toBe('critical')
  })

  it('needs a fresh proof to be added or removed', async () => {
    const browser = await signedIn('fay@example.org')
    await env.DB.prepare('update sessions set auth_time = auth_time - 601 where id = ?').bind(browser.sessionId).run()
    expect(await refusal(await browser.call('/api/me/passkeys/options', { method: 'POST' }))).toEqual([
      403,
      'step_up_needed',
    ])
    expect(await refusal(await browser.call('/api/me/passkeys/AAAA', { method: 'DELETE' }))).toEqual([
      403,
      'step_up_needed',
    ])
  })

  it('is not removed when it is the last way in, of fifty removals of the last two at once neither both', async () => {
    const [browser, first, second] = [await signedIn('fay@example.org'), key(), key()]
    await register(browser, first, 'One')
    await register(browser, second, 'Two')
    await env.DB.prepare("update users set password_hash = null where id = 'fay'").run()
    const { passkeys } = await (await browser.call('/api/me/passkeys')).json<{ passkeys: { id: string }[] }>()
    const remove = (id = '') => browser.call(`/api/me/passkeys/${id}`, { method: 'DELETE' })
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => (await remove(passkeys[i % 2]?.id)).status),
    )
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    const { passkeys: left } = await (await browser.call('/api/me/passkeys')).json<{ passkeys: { id: string }[] }>()
    expect(left).toHaveLength(1)
    expect(await refusal(await remove(left[0]?.id))).toEqual([409, 'last_way_in'])
  })

  it('belongs to one account: nobody else may rename or remove it', async () => {
    const [ada, ben] = [new TestBrowser(), await signedIn('ben@example.org')]
    await ada.signIn(ADMIN.email, ADMIN.password)
    const { passkeys } = await (await ben.call('/api/me/passkeys')).json<{ passkeys: { id: string }[] }>()
    const path = `/api/me/passkeys/${passkeys[0]?.id}`
    expect(await refusal(await ada.call(path, { method: 'PATCH', json: { name: 'Mine' } }))).toEqual([404, 'not_found'])
    expect(await refusal(await ada.call(path, { method: 'DELETE' }))).toEqual([404, 'not_found'])
  })

  it('is the second factor of an admin whose password alone no longer opens the door', async () => {
    const [browser, emulator] = [await signedIn('adm@example.org', required), key()]
    expect(await refusal(await browser.call('/api/people'))).toEqual([403, 'second_factor_needed'])
    expect((await register(browser, emulator)).status).toBe(201)
    expect((await browser.call('/api/people')).status).toBe(200)
    const again = new TestBrowser(required)
    expect((await again.signIn('adm@example.org', password)).secondFactor.methods).toEqual(['passkey'])
    const options = await (
      await again.call('/api/auth/passkeys/second-factor-options', { method: 'POST' })
    ).json<Request>()
    const body = await again.take(
      await again.call('/api/auth/second-factor', { json: { passkey: emulator.getJSON(ORIGIN, options) } }),
    )
    expect(body.restriction).toBeNull()
    await env.DB.prepare('update sessions set auth_time = auth_time - 601 where id = ?').bind(again.sessionId).run()
    const asked = await (await again.call('/api/auth/step-up/passkey-options', { method: 'POST' })).json<Request>()
    expect((await again.call('/api/auth/step-up', { json: { passkey: emulator.getJSON(ORIGIN, asked) } })).status).toBe(
      200,
    )
  })
})
