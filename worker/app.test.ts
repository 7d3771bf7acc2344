/** The API as a whole: who may use which route, what every answer carries, what the document lists. */
import { env } from 'cloudflare:workers'
import type { MiddlewareHandler } from 'hono'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import packageJson from '../package.json?raw'
import app from './app.ts'
import { actionOf } from './auth/may.ts'
import { hashPassword } from './auth/password-hash.ts'
import { type Action, type Permission, permissions } from './auth/permissions.ts'
import { ADMIN, callEdge, refusal, setUp } from './testing/call-edge.ts'
import { insertPerson, TestBrowser } from './testing/test-browser.ts'
import { version } from './version.ts'

const password = 'four words and a lamp'
const id = 'A'.repeat(22)

/** Who may ask: each a browser in one state. */
const askers: Record<State, TestBrowser> = {
  nobody: new TestBrowser(),
  user: new TestBrowser(),
  admin: new TestBrowser(),
  'user, not fresh': new TestBrowser(),
  'admin, not fresh': new TestBrowser(),
  'disabled user': new TestBrowser(),
  'ended session': new TestBrowser(),
  'admin without a second factor': new TestBrowser({ REQUIRE_ADMIN_SECOND_FACTOR: 'on' }),
  'user with a password to change': new TestBrowser(),
  'admin whose child watches': new TestBrowser(),
}
type State =
  | 'nobody'
  | `${'user' | 'admin'}${'' | ', not fresh'}`
  | 'disabled user'
  | 'ended session'
  | 'admin without a second factor'
  | 'user with a password to change'
  | 'admin whose child watches'

/** What the table of permissions says of an action, in the words of a refusal; `passes` is anything but one for who asks. */
function expected(action: Action, state: State): string {
  const permission: Permission = permissions[action]
  const reach = permission[state.startsWith('admin') ? 'admin' : 'user']
  if (state === 'nobody') return 'not_signed_in'
  if (state === 'disabled user' || state === 'ended session') return 'session_ended'
  if (state === 'admin whose child watches' && !permission.whileCapped) return 'forbidden'
  if (state === 'admin without a second factor' && !permission.whileRestricted) return 'second_factor_needed'
  if (state === 'user with a password to change' && !permission.whileRestricted) return 'password_change_needed'
  if (reach === 'none') return 'forbidden'
  if (state.endsWith('not fresh') && permission.needsStepUp) return 'step_up_needed'
  return 'passes'
}

/** Routes that no signed-in person is asked about, and what keeps them: the code for whoever has nothing to show. */
const doors: Record<string, string> = {
  'GET /health': 'passes',
  'GET /api/openapi.json': 'passes',
  'GET /api/docs': 'passes',
  'GET /api/setup': 'passes',
  'POST /api/setup': 'passes',
  'POST /api/auth/sign-in': 'passes',
  'GET /api/auth/second-factor': 'link_over',
  'POST /api/auth/second-factor': 'passes',
  'DELETE /api/auth/second-factor': 'passes',
  'POST /api/auth/refresh/:session': 'session_ended',
  'POST /api/auth/logout/:session': 'passes',
  'POST /api/auth/passkeys/options': 'passes',
  'POST /api/auth/passkeys/second-factor-options': 'link_over',
  'POST /api/auth/passkeys/sign-in': 'passes',
  'POST /api/auth/password/forgot': 'passes',
  'POST /api/auth/password/reset': 'passes',
  'POST /api/auth/email/verify': 'passes',
  'POST /api/auth/invites/look': 'passes',
  'POST /api/auth/invites/accept': 'passes',
  'POST /api/auth/tv': 'passes',
  'POST /api/auth/tv/poll': 'passes',
  'GET /api/auth/providers': 'passes',
  'POST /api/auth/ways/:way/begin': 'passes',
  'POST /api/auth/ways/:way/poll': 'passes',
  'GET /api/auth/oauth/callback/:way': 'passes',
  'GET /api/stream/:token': 'token_invalid',
  'GET /api/stream/:token/*': 'token_invalid',
  'POST /api/relay/:streamId/:requestId': 'bad_signature',
  'POST /api/agents/pairings': 'passes',
  'POST /api/agents/pairings/poll': 'passes',
  'GET /api/agents/:id/socket': 'invalid',
  'POST /api/agents/names': 'bad_signature',
  'POST /api/catalog/offers': 'bad_signature',
  'POST /api/catalog/found': 'bad_signature',
  'POST /api/catalog/local-films': 'bad_signature',
  'POST /api/work': 'bad_signature',
}

const refusals = new Set<string>([
  'not_signed_in',
  'session_ended',
  'forbidden',
  'step_up_needed',
  'second_factor_needed',
  'password_change_needed',
  'token_invalid',
  'bad_signature',
])

const routes = [
  ...new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
]
const actionOfRoute = (route: string): Action | undefined =>
  app.routes
    .filter(({ method, path }) => `${method} ${path}` === route)
    .flatMap(({ handler }) => actionOf(handler as MiddlewareHandler) ?? [])[0]

/** An address that the pattern matches; nothing is behind it. */
const pathOf = (pattern: string): string =>
  pattern
    .replace(':token', 'v1.a.b')
    .replace('*', 'status')
    .replace(':userCode', pattern.startsWith('/api/agents') ? 'ABCD-EFGH' : 'BCDF-2345')
    .replace(/:[^/]+/g, id) + (pattern.startsWith('/api/relay') ? '?part=0&last=1' : '')

async function answer(state: State, route: string): Promise<string> {
  const [method = '', pattern = ''] = route.split(' ')
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const response = await askers[state].call(pathOf(pattern), { method, ...(hasBody && { json: {} }) })
  return response.status < 400 ? 'passes' : (await refusal(response))[1]
}

async function expectAnswer(state: State, route: string, code: string): Promise<void> {
  const given = await answer(state, route)
  if (code === 'passes') expect(refusals.has(given), `${state}: ${given}`).toBe(false)
  else expect(given, state).toBe(code)
}

beforeAll(async () => {
  await setUp()
  await askers.admin.signIn(ADMIN.email, ADMIN.password)
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  for (const [name, state] of [
    ['ben', 'user'],
    ['cat', 'user, not fresh'],
    ['dan', 'disabled user'],
    ['eve', 'ended session'],
    ['fay', 'admin without a second factor'],
    ['gus', 'user with a password to change'],
    ['hal', 'admin, not fresh'],
    ['ida', 'admin whose child watches'],
  ] as const) {
    const role = state.startsWith('admin') ? 'admin' : 'user'
    await insertPerson({ id: name, email: `${name}@example.org`, displayName: name, passwordHash, role })
    await askers[state].signIn(`${name}@example.org`, password)
  }
  await env.DB.prepare(
    "insert into profiles (id, user_id, name, avatar, language, rating_cap, created_at) values ('kit', 'ida', 'Kit', 'cat', 'en', 6, 0)",
  ).run()
})

/** Before each route, because some of them end sessions or put an account aside. */
beforeEach(() =>
  env.DB.batch([
    env.DB.prepare("update users set status = case id when 'dan' then 'disabled' else 'active' end"),
    env.DB.prepare("update users set must_change_password = (id = 'gus')"),
    env.DB.prepare("update sessions set revoked_at = case user_id when 'eve' then 1 end"),
    env.DB.prepare("update sessions set profile_id = case user_id when 'ida' then 'kit' end"),
    env.DB.prepare("update sessions set auth_time = case when user_id in ('cat', 'hal') then 1 else unixepoch() end"),
  ]),
)

describe('who may', () => {
  for (const route of routes) {
    const action = actionOfRoute(route)
    it(`${route}: ${action ?? doors[route]}`, async () => {
      for (const state of Object.keys(askers) as State[]) {
        await expectAnswer(state, route, action ? expected(action, state) : (doors[route] ?? 'in no table'))
      }
    })
  }

  it('is decided for every route by an action of the permissions, or among the doors, and never by both', () => {
    const decided = routes.filter((route) => (actionOfRoute(route) === undefined) !== (doors[route] === undefined))
    expect(routes.filter((route) => !decided.includes(route))).toEqual([])
  })

  it('is decided by every action there is', () => {
    const named = new Set(routes.map(actionOfRoute))
    expect(Object.keys(permissions).filter((action) => !named.has(action as Action))).toEqual([])
  })
})

describe('the document', () => {
  it('lists every route, and nothing that is not there', async () => {
    const { paths, openapi, info } = await (await callEdge('/api/openapi.json')).json<{
      openapi: string
      info: { version: string }
      paths: Record<string, Record<string, { security: unknown[]; tags: string[] }>>
    }>()
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/{([^}]+)}/g, ':$1')}`),
    )
    expect(listed.sort()).toEqual([...routes].sort())
    expect(openapi).toBe('3.1.0')
    expect(info.version).toBe(version)
    expect(version).toBe(JSON.parse(packageJson).version)
    expect(paths['/api/agents']?.get?.tags).toEqual(['admin'])
    expect(JSON.stringify(paths)).toContain('accessToken')
  })
})

describe('every answer', () => {
  it.each([
    ['/health', 200],
    ['/api/nothing', 404],
    ['/api/me', 401],
  ])('of %s carries strict headers and a correlation id', async (path, status) => {
    const response = await callEdge(path, { headers: { 'x-correlation-id': 'browser-1234' } })
    expect(response.status).toBe(status)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-correlation-id': 'browser-1234',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': expect.stringMatching(/^max-age=63072000/),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('has a new correlation id when the caller’s is not one', async () => {
    const response = await callEdge('/health', { headers: { 'x-correlation-id': 'a"}{"b' } })
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f]{16}$/)
  })

  it('is a refusal with a code when the request cannot be read', async () => {
    const broken = { method: 'POST', body: '{"email":', headers: { 'content-type': 'application/json' } }
    expect(await refusal(await callEdge('/api/auth/sign-in', broken))).toEqual([400, 'invalid'])
    const form = { method: 'POST', body: 'email=a', headers: { 'content-type': 'text/plain' } }
    expect(await refusal(await callEdge('/api/auth/sign-in', form))).toEqual([400, 'invalid'])
    const extra = { json: { email: 'a@example.org', password: 'x', role: 'admin' } }
    expect(await refusal(await callEdge('/api/auth/sign-in', extra))).toEqual([400, 'invalid'])
    const long = { json: { email: 'a@example.org', password: 'x'.repeat(70_000) } }
    expect(await refusal(await callEdge('/api/auth/sign-in', long))).toEqual([413, 'too_large'])
  })

  it('tells which field is wrong, and never what was in it', async () => {
    const response = await callEdge('/api/auth/sign-in', { json: { email: 'a@example.org', password: ['hunter2'] } })
    const { error } = await response.json<{ error: { message: string } }>()
    expect(error.message).toContain('password')
    expect(error.message).not.toContain('hunter2')
  })
})
