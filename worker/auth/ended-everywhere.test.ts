/** Whatever ends a session ends all that hangs on it: access token, refresh token, streams at home, links of the relay. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { ADMIN, callEdge, refusal } from '../testing/call-edge.ts'
import { agreeable, makeHousehold, playing, relayPathOf } from '../testing/play.ts'
import { insertPerson, TestBrowser } from '../testing/test-browser.ts'
import { hashPassword } from './password-hash.ts'

const password = 'four words and a lamp'
const better = 'another four words and lamps'
const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
const heard: AgentRequest[] = []
const admin = new TestBrowser()

/** Somebody watches on `screen`; `other` is another device of theirs. */
type Scene = { id: string; email: string; screen: TestBrowser; other: TestBrowser }

beforeAll(async () => {
  const { agent } = await makeHousehold()
  agent.answer((...asked) => {
    heard.push(asked[0])
    return agreeable(...asked)
  })
  await admin.signIn(ADMIN.email, ADMIN.password)
})

async function sceneOf(name: string): Promise<Scene> {
  const [id, email] = [name.padEnd(22, '0'), `${name}@example.org`]
  await insertPerson({ id, email, displayName: name, passwordHash, role: 'user' })
  const [screen, other] = [new TestBrowser(), new TestBrowser()]
  await screen.signIn(email, password)
  await other.signIn(email, password)
  return { id, email, screen, other }
}

const refresh = (browser: TestBrowser) => browser.call(`/api/auth/refresh/${browser.sessionId}`, { method: 'POST' })

/** The secret in the letter that `send` sends. */
async function letterOf(send: () => Promise<Response>): Promise<string> {
  let text = ''
  const sending = vi.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    text = String(init?.body)
    return new Response('{}')
  })
  await send()
  await vi.waitFor(() => expect(text).not.toBe(''))
  sending.mockRestore()
  return /#([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? ''
}

const endings: [string, (scene: Scene) => Promise<Response>][] = [
  ['signing out', ({ screen }) => screen.call(`/api/auth/logout/${screen.sessionId}`, { method: 'POST' })],
  [
    'another device of theirs',
    ({ screen, other }) => other.call(`/api/me/sessions/${screen.sessionId}`, { method: 'DELETE' }),
  ],
  ['ending all others', ({ other }) => other.call('/api/me/sessions/end', { json: { keepCurrent: true } })],
  [
    'an admin who ends one',
    ({ id, screen }) => admin.call(`/api/people/${id}/sessions/${screen.sessionId}`, { method: 'DELETE' }),
  ],
  ['an admin who ends all', ({ id }) => admin.call(`/api/people/${id}/end-sessions`, { method: 'POST' })],
  [
    'an admin who disables the account',
    ({ id }) => admin.call(`/api/people/${id}`, { method: 'PATCH', json: { status: 'disabled' } }),
  ],
  ['an admin who resets the account', ({ id }) => admin.call(`/api/people/${id}/reset`, { method: 'POST' })],
  [
    'a new password',
    ({ other }) => other.call('/api/me/password', { method: 'PUT', json: { current: password, next: better } }),
  ],
  ['leaving', ({ other }) => other.call('/api/me/privacy/erasure', { method: 'POST' })],
  [
    'a password set by letter',
    async ({ email }) => {
      const secret = await letterOf(() => new TestBrowser().call('/api/auth/password/forgot', { json: { email } }))
      return new TestBrowser().call('/api/auth/password/reset', { json: { secret, password: better } })
    },
  ],
  [
    'a sixth device',
    async ({ screen, email }) => {
      // The screen was used longest ago.
      const older = env.DB.prepare('update sessions set rotated_at = rotated_at - 100 where id = ?')
      await older.bind(screen.sessionId).run()
      for (let i = 0; i < 3; i++) await new TestBrowser().signIn(email, password)
      return new TestBrowser().call('/api/auth/sign-in', { json: { email, password } })
    },
  ],
]

describe('a session that was ended by', () => {
  it.each(endings)('%s', async (name, end) => {
    const scene = await sceneOf(name.replaceAll(' ', '-').slice(0, 20))
    const { screen } = scene
    const stream = await playing(screen.token ?? '')
    expect((await screen.call('/api/me')).status).toBe(200)
    const ended = await end(scene)
    expect(ended.status, await ended.clone().text()).toBeLessThan(300)
    await expectOver(screen, stream)
  })

  it('an old copy of its key', async () => {
    const { screen } = await sceneOf('thief')
    const stolen = new Map(screen.cookies)
    for (let i = 0; i < 2; i++) expect((await refresh(screen)).status).toBe(200)
    const stream = await playing(screen.token ?? '')
    const thief = new TestBrowser()
    for (const [cookie, value] of stolen) thief.cookies.set(cookie, value)
    thief.sessionId = screen.sessionId
    expect(await refusal(await refresh(thief))).toEqual([401, 'refresh_reused'])
    await expectOver(screen, stream)
  })
})

async function expectOver(screen: TestBrowser, stream: Awaited<ReturnType<typeof playing>>): Promise<void> {
  expect(await refusal(await screen.call('/api/me'))).toEqual([401, 'session_ended'])
  expect((await refresh(screen)).status).toBe(401)
  expect((await screen.call(`/api/streams/${stream.streamId}/renew`, { method: 'POST' })).status).toBe(401)
  expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([401, 'token_revoked'])
  await expect.poll(() => heard).toContainEqual({ kind: 'revoke', streamIds: [stream.streamId] })
}
