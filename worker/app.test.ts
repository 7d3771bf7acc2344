/** The API as a whole: who may use which route, what every answer carries, what the document lists. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../package.json?raw'
import app from './app.ts'
import { hashPassword } from './auth/password-hash.ts'
import { callEdge, refusal, setUp, signInAs } from './testing/call-edge.ts'
import { version } from './version.ts'

const password = 'four words and a lamp'
let tokens: Record<'nobody' | 'user' | 'admin', string | undefined>

beforeAll(async () => {
  const admin = await setUp()
  await env.DB.prepare('insert into users values (?, ?, ?, ?, ?, 0)')
    .bind('user-1', 'ben@example.org', 'Ben', hashPassword(password), 'user')
    .run()
  const user = await signInAs('ben@example.org', password)
  tokens = { nobody: undefined, user: user.accessToken, admin: admin.accessToken }
})

const id = 'A'.repeat(22)
const json = {}
/** Each route with the code it answers to nobody, a user and an admin; `passes` is anything but a refusal for who asks. */
const table: [method: string, path: string, nobody: string, user: string, admin: string][] = [
  ['GET', '/health', 'passes', 'passes', 'passes'],
  ['GET', '/api/openapi.json', 'passes', 'passes', 'passes'],
  ['GET', '/api/setup', 'passes', 'passes', 'passes'],
  ['POST', '/api/setup', 'passes', 'passes', 'passes'],
  ['POST', '/api/auth/sign-in', 'passes', 'passes', 'passes'],
  ['POST', `/api/auth/refresh/${id}`, 'session_ended', 'session_ended', 'session_ended'],
  ['POST', `/api/auth/logout/${id}`, 'passes', 'passes', 'passes'],
  ['GET', '/api/me', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/home', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/titles', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/titles/sintel-2010', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/progress', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/progress/sintel-2010', 'not_signed_in', 'passes', 'passes'],
  ['PUT', '/api/progress/sintel-2010', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/preferences', 'not_signed_in', 'passes', 'passes'],
  ['PUT', '/api/preferences', 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/preferences/titles/sintel-2010', 'not_signed_in', 'passes', 'passes'],
  ['PUT', '/api/preferences/titles/sintel-2010', 'not_signed_in', 'passes', 'passes'],
  ['POST', '/api/streams', 'not_signed_in', 'passes', 'passes'],
  ['POST', `/api/streams/${id}/renew`, 'not_signed_in', 'passes', 'passes'],
  ['POST', `/api/streams/${id}/move`, 'not_signed_in', 'passes', 'passes'],
  ['POST', `/api/streams/${id}/subtitles`, 'not_signed_in', 'passes', 'passes'],
  ['GET', `/api/streams/${id}/subtitles/search`, 'not_signed_in', 'passes', 'passes'],
  ['POST', `/api/streams/${id}/subtitles/found`, 'not_signed_in', 'passes', 'passes'],
  ['DELETE', `/api/streams/${id}`, 'not_signed_in', 'passes', 'passes'],
  ['GET', '/api/stream/v1.a.b', 'token_invalid', 'token_invalid', 'token_invalid'],
  ['GET', '/api/stream/v1.a.b/status', 'token_invalid', 'token_invalid', 'token_invalid'],
  ['POST', `/api/relay/${id}/${id}?part=0&last=1`, 'bad_signature', 'bad_signature', 'bad_signature'],
  ['POST', '/api/agents/pairings', 'passes', 'passes', 'passes'],
  ['POST', '/api/agents/pairings/poll', 'passes', 'passes', 'passes'],
  ['GET', '/api/agents/pairings/ABCD-EFGH', 'not_signed_in', 'forbidden', 'passes'],
  ['POST', '/api/agents/pairings/ABCD-EFGH/confirm', 'not_signed_in', 'forbidden', 'passes'],
  ['GET', '/api/agents', 'not_signed_in', 'forbidden', 'passes'],
  ['DELETE', `/api/agents/${id}`, 'not_signed_in', 'forbidden', 'passes'],
  ['GET', `/api/agents/${id}/socket`, 'invalid', 'invalid', 'invalid'],
  ['POST', '/api/catalog/offers', 'bad_signature', 'bad_signature', 'bad_signature'],
]
const whoRefuses = new Set(['not_signed_in', 'forbidden', 'session_ended', 'token_invalid', 'bad_signature'])

/** `/api/titles/:id` matches `/api/titles/sintel-2010`. */
const isRoute = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replace(/:[^/]+/g, '[^/]+')}$`).test(path.split('?')[0] ?? '')
const routesOf = (pattern: string, method: string) =>
  table.filter(([m, path]) => m === method && isRoute(pattern, path))
const routes = [
  ...new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
]

describe('who may', () => {
  for (const [method, path, ...expected] of table) {
    it(`${method} ${path}: nobody ${expected[0]}, user ${expected[1]}, admin ${expected[2]}`, async () => {
      for (const [at, who] of (['nobody', 'user', 'admin'] as const).entries()) {
        const token = tokens[who]
        const call = { method, ...(token && { token }), ...(method !== 'GET' && method !== 'DELETE' && { json }) }
        const response = await callEdge(path, call)
        const code = response.ok ? 'passes' : (await refusal(response))[1]
        if (expected[at] === 'passes') expect(whoRefuses.has(code), `${who} got ${code}`).toBe(false)
        else expect(code).toBe(expected[at])
      }
    })
  }

  it('is decided in this table for every route there is', () => {
    const missing = routes.filter((route) => {
      const [method = '', pattern = ''] = route.split(' ')
      return routesOf(pattern, method).length === 0
    })
    expect(missing).toEqual([])
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
      'cross-origin-resource-policy': 'same-origin',
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
