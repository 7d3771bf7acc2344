/** Secrets of every kind go through the main walks: none is in a log line, an audit row, a table, an error or an answer that is not its own. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { ADMIN } from './testing/call-edge.ts'
import { Canary, HeardBrowser } from './testing/canary.ts'
import { agreeable } from './testing/play.ts'
import { callAsAgent, connectAgent, type PairedAgent, pairAgent } from './testing/test-agent.ts'
import { codeOf } from './testing/test-browser.ts'
import { order } from './testing/walk-ways.ts'

const canary = new Canary()
const SETUP_SECRET = canary.plant('set-up secret', '4102444800.test-setup-secret-test-setup-secret')
const settings = {
  KEYRING: canary.plant('key ring', env.KEYRING),
  MAIL_API_KEY: canary.plant('mail key', env.MAIL_API_KEY ?? ''),
  GITHUB_CLIENT_SECRET: canary.plant('client secret', 'canary-github-client-secret'),
}
canary.plant('a key of the ring', 'dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdC0')
canary.plant('pairing secret', env.LOCAL_PAIRING_SECRET ?? '')
const email = canary.plant('address', ADMIN.email)
const password = canary.plant('password', ADMIN.password)
const newcomer = {
  email: canary.plant('address of the invited', 'canary-invited@example.org'),
  password: canary.plant('password of the invited', 'canary lives in a mine'),
}
const INFO_HASH = canary.plant('info hash', 'c0ffee'.repeat(7).slice(0, 40))
const INVITE_ROLE = { role: 'user', note: 'Cousin' }

const browser = () => new HeardBrowser(canary, settings)
const admin = browser()
const app = { secret: '', codes: [] as string[] }
let agent: PairedAgent
let letters: string[]

beforeAll(() => {
  ;({ letters } = canary.listen())
})

it('set-up, a wrong secret first', async () => {
  const json = { email, displayName: ADMIN.displayName, password }
  const wrong = canary.plant('wrong set-up secret', '4102444800.canary-wrong-setup-secret')
  expect((await browser().call('/api/setup', { json: { ...json, secret: wrong } })).status).toBe(403)
  const { accessToken } = await admin.take(await admin.call('/api/setup', { json: { ...json, secret: SETUP_SECRET } }))
  canary.plant('access token of set-up', accessToken)
})

it('an authenticator app and its recovery codes', async () => {
  const { secret } = await (await admin.call('/api/me/totp', { method: 'POST' })).json<{ secret: string }>()
  app.secret = canary.plant('secret of an app', secret)
  const confirmed = await admin.call('/api/me/totp/confirm', { json: { code: codeOf(secret, -1) } })
  app.codes = (await confirmed.json<{ recoveryCodes: string[] }>()).recoveryCodes
  expect(app.codes).toHaveLength(10)
  for (const code of app.codes) canary.plant('recovery code', code)
})

it('sign-in: wrong in every way, then right, with the second factor', async () => {
  const wrong = canary.plant('wrong password', 'canary wrong password')
  const guess = (json: object) => browser().call('/api/auth/sign-in', { json })
  expect((await guess({ email, password: wrong })).status).toBe(401)
  expect((await guess({ email: wrong, password: wrong })).status).toBe(401)
  expect((await guess({ email, password: wrong, more: wrong.repeat(100) })).status).toBe(400)
  expect((await guess({ email, password: [wrong] })).status).toBe(400)
  const broken = { body: `{"email":"${email}","password":"${wrong}`, headers: { 'content-type': 'application/json' } }
  expect((await browser().call('/api/auth/sign-in', { method: 'POST', ...broken })).status).toBe(400)

  const here = browser()
  expect((await here.call('/api/auth/sign-in', { json: { email, password } })).status).toBe(202)
  const guessed = canary.plant('wrong recovery code', 'CANARYCANARYCANARYCANARY')
  expect((await here.call('/api/auth/second-factor', { json: { recoveryCode: guessed } })).status).toBe(401)
  const shown = await here.call('/api/auth/second-factor', { json: { recoveryCode: app.codes[0] } })
  canary.plant('access token of sign-in', (await here.take(shown)).accessToken)
})

it('refresh, with a cookie that is right and one that is not', async () => {
  const path = `/api/auth/refresh/${admin.sessionId}`
  canary.plant('access token of refresh', (await admin.take(await admin.call(path, { method: 'POST' }))).accessToken)
  const forged = canary.plant('a cookie', `r1.t1.${admin.sessionId}.0.${'c'.repeat(43)}`)
  const cookie = `__Host-porchlight_rt_${admin.sessionId}=${forged}`
  expect((await browser().call(path, { method: 'POST', headers: { cookie } })).status).toBe(401)
  const bearer = canary.plant('forged access token', 'eyJhbGciOiJub25lIn0.eyJjYW5hcnkiOnRydWV9.canary')
  expect((await browser().call('/api/me', { headers: { authorization: `Bearer ${bearer}` } })).status).toBe(401)
  expect((await browser().call(`/api/${bearer}?secret=${bearer}`)).status).toBe(404)
})

it('an invite, made, looked at and taken', async () => {
  const { link } = await (await admin.call('/api/invites', { json: INVITE_ROLE })).json<{ link: string }>()
  const secret = canary.plant('invite', link.split('#')[1] ?? '')
  const guest = browser()
  expect((await guest.call('/api/auth/invites/look', { json: { secret } })).status).toBe(200)
  const accepted = await guest.call('/api/auth/invites/accept', { json: { secret, displayName: 'Guest', ...newcomer } })
  canary.plant('access token of an invite', (await guest.take(accepted)).accessToken)
  const wrong = canary.plant('wrong invite', 'canary'.repeat(8).slice(0, 43))
  expect((await guest.call('/api/auth/invites/look', { json: { secret: wrong } })).status).toBe(410)
})

it('two letters: an address verified, and a new password', async () => {
  const linkOf = (page: string) => new RegExp(`${page}#([\\w-]{43})`).exec(letters.join())?.[1] ?? ''
  const verify = canary.plant('link in a letter', linkOf('verify-email'))
  expect((await browser().call('/api/auth/email/verify', { json: { secret: verify } })).status).toBe(204)
  expect((await browser().call('/api/auth/password/forgot', { json: { email: newcomer.email } })).status).toBe(202)
  const secret = canary.plant('link in a letter', linkOf('reset-password'))
  const next = canary.plant('password set by mail', 'canary sings another song')
  const reset = () => browser().call('/api/auth/password/reset', { json: { secret, password: next } })
  expect([(await reset()).status, (await reset()).status]).toEqual([204, 410])
})

it('a television', async () => {
  const tv = browser()
  const { userCode } = await (await tv.call('/api/auth/tv', { method: 'POST' })).json<{ userCode: string }>()
  expect((await admin.call(`/api/auth/tv/${userCode}`, { json: { approve: true } })).status).toBe(204)
  const signedIn = await tv.take(await tv.call('/api/auth/tv/poll', { method: 'POST' }))
  canary.plant('access token of a television', signedIn.accessToken)
})

it('Plex, whose token stays here; and a redirect that brings a stolen code', async () => {
  const there = browser()
  const begun = await there.call('/api/auth/ways/plex/begin', { json: {} })
  const { userCode } = await begun.json<{ userCode: string }>()
  const person = { id: 901, username: 'canary-plex', email: canary.plant('address at Plex', 'canary@plex.example') }
  const servers = [env.PLEX_SERVER_ID ?? '']
  const { token } = await order<{ token: string }>(env.PLEX_URL, '/stand-in/people', { ...person, servers })
  canary.plant('token of Plex', token)
  const linked = { method: 'PUT', headers: { 'x-plex-token': token } }
  await order(env.PLEX_URL, '/api/v2/pins/link', { code: userCode }, linked)
  const polled = await there.call('/api/auth/ways/plex/poll', { method: 'POST' })
  const { signedIn } = await polled.json<{ signedIn: { accessToken: string } }>()
  canary.plant('access token of Plex', signedIn.accessToken)

  const code = canary.plant('code of a redirect', 'canary-code-of-a-redirect')
  await there.call('/api/auth/ways/github/begin', { json: {} })
  const back = await there.call(`/api/auth/oauth/callback/github?code=${code}&state=${code}&error=${code}`)
  expect(back.status).toBe(303)
})

it('a magnet, a stream and its token', async () => {
  agent = await pairAgent()
  const connected = await connectAgent(agent)
  connected.answer(agreeable)
  const magnet = `magnet:?xt=urn:btih:${INFO_HASH}`
  const source = { infoHash: INFO_HASH, magnet: canary.plant('magnet', magnet), torrentFile: 'ZDg6YW5ub3VuY2U' }
  const words = {
    name: 'Mine',
    year: 2020,
    runtimeMinutes: 1,
    overview: 'Mine.',
    licence: 'CC BY 3.0',
    credit: 'Me',
    poster: '/posters/mine.jpg',
  }
  const offer = { key: 'demo:mine', title: words, source, file: {}, sizeBytes: 1000 }
  const sent = await callAsAgent(agent, '/api/catalog/offers', JSON.stringify({ provider: 'demo', offers: [offer] }))
  expect(sent.status).toBe(204)
  const { titles } = await (await admin.call('/api/titles')).json<{ titles: { id: string; name: string }[] }>()
  const titleId = titles.find(({ name }) => name === 'Mine')?.id
  expect((await admin.call(`/api/titles/${titleId}`)).status).toBe(200)
  const played = await admin.call('/api/streams', { json: { titleId, startSeconds: 0 } })
  const { streamId, urls } = await played.json<{ streamId: string; urls: { url: string }[] }>()
  const token = canary.plant('stream token', /v1\.[\w.-]+/.exec(urls[0]?.url ?? '')?.[0] ?? '')
  expect((await admin.call(`/api/streams/${streamId}`, { method: 'DELETE' })).status).toBe(204)
  expect((await browser().call(`/api/stream/${token}`)).status).toBe(401)
})

it('the key of an index, which only the agent keeps, and a magnet that was pasted', async () => {
  const key = canary.plant('key of an index', 'canary-key-of-an-index')
  const infoHash = canary.plant('pasted info hash', 'feedc0de'.repeat(5))
  const paired = await pairAgent('Second')
  const connected = await connectAgent(paired, { alsoAnswers: ['set-provider'] })
  const provider = {
    ...{ id: 'torznab', label: 'Torznab', about: 'Asks.', asksForLawfulUse: true, isOn: true, isSwitchFixed: false },
    ...{ hosts: [], requestsPerSecond: { background: 1, awaited: 1 }, timeoutSeconds: 1, priority: 1, fields: [] },
  }
  connected.answer(({ kind }) => (kind === 'set-provider' ? { provider, problems: [] } : undefined))
  const path = `/api/agents/${paired.agentId}/providers/torznab`
  const set = (values: object) => admin.call(path, { method: 'PUT', json: { isOn: true, values } })
  expect((await set({ api_key: key })).status).toBe(200)
  expect((await set({ api_key: key.repeat(2000) })).status).toBe(400)
  const pasted = canary.plant('pasted magnet', `magnet:?xt=urn:btih:${infoHash}&tr=udp%3A%2F%2Fcanary.example`)
  expect((await admin.call('/api/titles/sintel-2010/sources', { json: { magnet: pasted } })).status).toBe(201)
  expect((await admin.call('/api/titles/sintel-2010/sources', { json: { magnet: `x${pasted}` } })).status).toBe(400)
  connected.close()
})

it('an error that nobody meant', async () => {
  // V8 quotes the first ten characters of what is no JSON.
  const spoilt = canary.plant('spoilt key ring', 'spoilt-rin')
  const lost = new HeardBrowser(canary, { KEYRING: `${spoilt}g-that-is-no-JSON` })
  expect((await lost.call('/api/auth/sign-in', { json: { email, password } })).status).toBe(500)
})

it('heard each of them where it belongs, and nowhere else', async () => {
  await canary.readDatabase()
  expect(canary.count('log')).toBeGreaterThan(30)
  expect(canary.count('table audit_events')).toBe(1)
  const signsIn = ['POST /api/auth/refresh/:id', 'POST /api/auth/second-factor', 'POST /api/auth/tv/poll']
  expect(canary.places()).toEqual({
    'access token of Plex': ['POST /api/auth/ways/plex/poll'],
    'access token of a television': ['POST /api/auth/tv/poll'],
    'access token of an invite': ['POST /api/auth/invites/accept'],
    'access token of refresh': ['POST /api/auth/refresh/:id'],
    'access token of set-up': ['POST /api/setup'],
    'access token of sign-in': ['POST /api/auth/second-factor'],
    // Of the person, to that person.
    address: [...signsIn, 'POST /api/me/totp', 'POST /api/setup'],
    'address of the invited': ['POST /api/auth/invites/accept', 'letter'],
    invite: ['POST /api/invites'],
    'link in a letter': ['letter'],
    'recovery code': ['POST /api/me/totp/confirm'],
    'secret of an app': ['POST /api/me/totp'],
    // Agents are told what to look for; nobody else is.
    'info hash': ['table sources'],
    magnet: ['table sources'],
    'stream token': ['POST /api/streams'],
  })
})
