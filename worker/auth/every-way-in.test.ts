/** Every way in stops at the same gates: the second factor of whoever has one, and a closed account (ASVS 6.3.4). */
import { env } from 'cloudflare:workers'
import WebAuthnEmulator, { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository } from 'nid-webauthn-emulator'
import { describe, expect, it } from 'vitest'
import { sealField } from '../field-encryption.ts'
import { readKeyring } from '../keyring.ts'
import { ORIGIN } from '../testing/call-edge.ts'
import { TestBrowser } from '../testing/test-browser.ts'
import { testEdge } from '../testing/test-edge.ts'
import { addPerson, newWalker, nowSeconds, order, tokenOf, walk } from '../testing/walk-ways.ts'
import { totpPlace } from './factors/totp.ts'
import { newTotpSecret } from './factors/totp-code.ts'
import { hashPassword } from './password-hash.ts'
import { answerTv } from './tv/tv-sign-in.ts'

const password = 'four words and a lamp'
const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
let made = 5000

type Someone = { id: string; address: string; number: number }
type Ended = 'signed in' | 'second factor' | 'refused'
/** Gets ready while the account is open and guarded by nothing; then the walk itself, to be made later. */
type Way = (person: Someone) => Promise<() => Promise<Ended>>

async function owns(way: string, issuer: string | undefined, subject: string, { id }: Someone): Promise<void> {
  await env.DB.prepare('insert into identities (issuer, subject, user_id, provider, linked_at) values (?, ?, ?, ?, 0)')
    .bind(issuer, subject, id, way)
    .run()
}
const ofStatus = (status: number): Ended =>
  status === 200 ? 'signed in' : status === 202 ? 'second factor' : 'refused'
const ofPlace = (place: string): Ended =>
  place.includes('#signed-in=') ? 'signed in' : place.endsWith('#second-factor') ? 'second factor' : 'refused'
const ofPoll = (polled: object): Ended => {
  const state = 'state' in polled ? polled.state : ''
  return state === 'signed_in' ? 'signed in' : state === 'second_factor' ? 'second factor' : 'refused'
}
const openId = (way: 'home' | 'google', issuer: () => string | undefined) => async (person: Someone) => {
  const sub = `sub-${person.number}`
  await owns(way, issuer(), sub, person)
  return async () => ofPlace(await walk(way, { login_hint: JSON.stringify({ sub }) }))
}
const home = () => (JSON.parse(env.OIDC_PROVIDERS ?? '[]') as { issuer: string }[])[0]?.issuer

const ways: Record<string, Way> = {
  password:
    async ({ address }) =>
    async () =>
      ofStatus((await new TestBrowser().call('/api/auth/sign-in', { json: { email: address, password } })).status),
  'an OpenID provider': openId('home', home),
  Google: openId('google', () => env.GOOGLE_ISSUER),
  GitHub: async (person) => {
    const login = `gate-${person.number}`
    await order(env.GITHUB_URL, '/stand-in/people', { login, id: person.number, name: null, emails: [] })
    await owns('github', `${env.GITHUB_URL}/login/oauth`, String(person.number), person)
    return async () => ofPlace(await walk('github', { login }))
  },
  Plex: async (person) => {
    const plexPerson = { id: person.number, username: 'gate', email: person.address, servers: [] }
    const { token } = await order<{ token: string }>(env.PLEX_URL, '/stand-in/people', plexPerson)
    await owns('plex', env.PLEX_URL, String(person.number), person)
    return async () => {
      const walker = newWalker()
      const begun = await walker.begin('/api/auth/ways/plex/begin')
      const code = begun.kind === 'device' ? begun.userCode : ''
      const asThem = { method: 'PUT', headers: { 'x-plex-token': token } }
      await order(env.PLEX_URL, '/api/v2/pins/link', { code }, asThem)
      return ofPoll(await walker.poll('plex'))
    }
  },
  Trakt: async (person) => {
    const slug = `gate-${person.number}`
    await owns('trakt', env.TRAKT_URL, `uuid-of-${slug}`, person)
    return async () => {
      const walker = newWalker()
      const begun = await walker.begin('/api/auth/ways/trakt/begin')
      const user_code = begun.kind === 'device' ? begun.userCode : ''
      await order(env.TRAKT_URL, '/stand-in/device', { user_code, state: 'approved', slug })
      return ofPoll(await walker.poll('trakt'))
    }
  },
  'a television that was approved before': async ({ id }) => {
    const tv = new TestBrowser()
    const { userCode } = await (await tv.call('/api/auth/tv', { method: 'POST' })).json<{ userCode: string }>()
    await answerTv(testEdge(nowSeconds()), userCode, { id, sessionId: 'none', amr: ['pwd'] }, true)
    return async () => {
      const response = await tv.call('/api/auth/tv/poll', { method: 'POST' })
      const body = await response.json<object>()
      return 'accessToken' in body ? 'signed in' : 'secondFactor' in body ? 'second factor' : 'refused'
    }
  },
}

/** Two factors in itself, so it is the one way that a second factor does not hold up. */
const passkey: Way = async ({ id }) => {
  const authenticator = new AuthenticatorEmulator({
    algorithmIdentifiers: ['EdDSA'],
    credentialsRepository: new PasskeysCredentialsMemoryRepository(),
  })
  const emulator = new WebAuthnEmulator(authenticator)
  const owner = new TestBrowser()
  owner.token = (await tokenOf(id)).token
  const creation = await (await owner.call('/api/me/passkeys/options', { method: 'POST' })).json<
    Parameters<WebAuthnEmulator['createJSON']>[1]
  >()
  const response = emulator.createJSON(ORIGIN, creation)
  const added = await owner.call('/api/me/passkeys', { json: { name: 'Key', response } })
  if (!added.ok) throw new Error(`not added: ${added.status}`)
  await owner.call('/api/me/sessions/end', { json: { keepCurrent: false } })
  return async () => {
    const visitor = new TestBrowser()
    const options = await (await visitor.call('/api/auth/passkeys/options', { method: 'POST' })).json<
      Parameters<WebAuthnEmulator['getJSON']>[1]
    >()
    return ofStatus(
      (await visitor.call('/api/auth/passkeys/sign-in', { json: emulator.getJSON(ORIGIN, options) })).status,
    )
  }
}

async function someone(): Promise<Someone> {
  const number = made++
  const address = `gate-${number}@example.org`
  return { id: await addPerson({ address, passwordHash }), address, number }
}
const sessionsOf = ({ id }: Someone) =>
  env.DB.prepare('select count(*) n from sessions where user_id = ? and revoked_at is null').bind(id).first('n')

async function addApp({ id }: Someone): Promise<void> {
  const secret = await sealField(readKeyring(env.KEYRING), totpPlace(id), newTotpSecret())
  await env.DB.prepare('insert into totp_factors values (?, ?, 1, 0, 0)').bind(id, secret).run()
}
const disable = ({ id }: Someone) => env.DB.prepare("update users set status = 'disabled' where id = ?").bind(id).run()

describe.each([...Object.entries(ways), ['a passkey', passkey] as const])('%s', (name, way) => {
  it('lets its person in', async () => {
    const person = await someone()
    expect(await (await way(person))()).toBe('signed in')
    expect(await sessionsOf(person)).toBe(1)
  })

  it(name === 'a passkey' ? 'is two factors already' : 'stops at the second factor, with no session yet', async () => {
    const person = await someone()
    const walkIn = await way(person)
    await addApp(person)
    expect(await walkIn()).toBe(name === 'a passkey' ? 'signed in' : 'second factor')
    expect(await sessionsOf(person)).toBe(name === 'a passkey' ? 1 : 0)
  })

  it('does not open an account that was disabled', async () => {
    const person = await someone()
    const walkIn = await way(person)
    await disable(person)
    expect(await walkIn()).toBe('refused')
    expect(await sessionsOf(person)).toBe(0)
  })
})
