/** Defences of the edge as a whole that belong to no one room: what no route, no file and no cookie may do. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import app from './app.ts'
import { mintAccessToken } from './auth/access-token.ts'
import { readKeyring } from './keyring.ts'
import { randomId } from './random-id.ts'
import { ADMIN, callEdge, refusal, setUp } from './testing/call-edge.ts'
import { TestBrowser } from './testing/test-browser.ts'

const admin = new TestBrowser()
beforeAll(async () => {
  await setUp()
  await admin.signIn(ADMIN.email, ADMIN.password)
})

const sources = Object.entries({
  ...import.meta.glob<string>('./**/*.ts', { eager: true, query: '?raw', import: 'default' }),
  ...import.meta.glob<string>('../protocol/*.ts', { eager: true, query: '?raw', import: 'default' }),
}).filter(([file]) => !file.endsWith('.test.ts') && !file.startsWith('./testing/'))
const filesWith = (pattern: RegExp) => sources.filter(([, text]) => pattern.test(text)).map(([file]) => file)

const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }))
const pathOf = (pattern: string) => pattern.replace(/:[^/]+/g, 'A'.repeat(22)).replace('*', 'status')

/** All of the database, to see whether anything in it is another than before. */
async function everything(): Promise<string> {
  const { results } = await env.DB.prepare(
    "select name from sqlite_schema where type = 'table' and name not glob '_cf*' and sql not like '%virtual%' order by name",
  ).all<{ name: string }>()
  const tables = await env.DB.batch(results.map(({ name }) => env.DB.prepare(`select * from "${name}"`)))
  return JSON.stringify(tables.map((table) => table.results))
}

describe('randomness', () => {
  it('comes from the runtime’s CSPRNG alone', () => {
    expect(sources.length).toBeGreaterThan(100)
    expect(filesWith(/Math\.random/)).toEqual([])
    // A UUID is not random in all of its bits: it names a request in the log, and no more (ASVS 11.5.1).
    expect(filesWith(/randomUUID/)).toEqual(['../protocol/correlation.ts'])
  })

  it('gives ids of 128 bits and secrets of 256', () => {
    expect(atob(randomId().replace(/-/g, '+').replace(/_/g, '/'))).toHaveLength(16)
    expect(randomId(32)).toHaveLength(43)
    expect(new Set(Array.from({ length: 1000 }, () => randomId())).size).toBe(1000)
  })
})

describe('the audit', () => {
  it('is written by one file, changed by the erasure of a person alone, and deleted from by nobody', () => {
    expect(filesWith(/insert\(auditEvents\)|into audit_events/i)).toEqual(['./audit/write-event.ts'])
    expect(filesWith(/update\(auditEvents\)|update audit_events/i)).toEqual(['./privacy/erase-person.ts'])
    expect(filesWith(/delete\(auditEvents\)|from audit_events/i)).toEqual([])
  })
})

describe('a request', () => {
  it('cannot move the clock: an access token stays over, whatever date is sent along', async () => {
    const then = Math.floor(Date.now() / 1000) - 3600
    const { results } = await env.DB.prepare('select id, user_id from sessions').all<{ id: string; user_id: string }>()
    const claims = { sub: results[0]?.user_id ?? '', sid: results[0]?.id ?? '', role: 'admin' as const, amr: ['pwd'] }
    const { accessToken } = await mintAccessToken(readKeyring(env.KEYRING), { ...claims, auth_time: then }, then)
    const headers = { date: new Date(then * 1000).toUTCString() }
    expect(await refusal(await callEdge('/api/me', { token: accessToken, headers }))).toEqual([401, 'not_signed_in'])
  })

  it('with a method that a route does not know finds nothing', async () => {
    for (const path of new Set(routes.map((route) => route.path))) {
      const known = routes.filter((route) => route.path === path).map(({ method }) => method)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].filter(
        (one) => !known.includes(one),
      )) {
        if (routes.some((route) => route.method === method && matches(route.path, path))) continue
        const { status } = await admin.call(pathOf(path), { method })
        expect([404, 403], `${method} ${path}: ${status}`).toContain(status)
      }
    }
  })

  it('that only reads changes nothing, on any route', async () => {
    const before = await everything()
    for (const { path } of routes.filter(({ method }) => method === 'GET')) {
      if (path !== '/api/me/privacy/export') await admin.call(pathOf(path))
    }
    expect(await everything()).toBe(before)
  })

  it('to rename oneself takes along no role, status or anything else', async () => {
    for (const more of [{ role: 'admin' }, { status: 'active' }, { emailVerifiedAt: 1 }, { id: 'x' }]) {
      const renamed = await admin.call('/api/me', { method: 'PATCH', json: { displayName: 'Ada', ...more } })
      expect(await refusal(renamed)).toEqual([400, 'invalid'])
    }
  })

  it('is asked for no hint and no secret question', async () => {
    const { paths } = await (await callEdge('/api/openapi.json')).json<{ paths: object }>()
    const names = [...JSON.stringify(paths).matchAll(/"([A-Za-z_]+)":\{"type"/g)].map(([, name]) => name ?? '')
    expect(names).toContain('password')
    expect(names.filter((name) => /hint|question|maiden|answer/i.test(name))).toEqual([])
  })
})

/** Would a request for `path` (a pattern) be answered by another, wider pattern? */
function matches(wide: string, path: string): boolean {
  const [a, b] = [wide.split('/'), path.split('/')]
  return a.length === b.length && a.every((part, i) => part === b[i] || part.startsWith(':') || part === '*')
}

describe('every cookie', () => {
  it('is bound to this host, out of reach of scripts, and never sent along from another site', async () => {
    const browser = new TestBrowser()
    const answers = [
      await browser.call('/api/auth/sign-in', { json: { email: ADMIN.email, password: ADMIN.password } }),
      await browser.call('/api/auth/passkeys/options', { method: 'POST' }),
      await browser.call('/api/auth/tv', { method: 'POST' }),
      await browser.call('/api/auth/ways/github/begin', { json: {} }),
    ]
    const cookies = answers.flatMap((answer) => answer.headers.getSetCookie())
    const names = cookies.map((cookie) => cookie.split('=')[0]?.replace(/_(rt|device)_.*/, '_$1'))
    expect(names.sort()).toEqual(['challenge', 'device', 'rt', 'tv', 'walk'].map((name) => `__Host-porchlight_${name}`))
    for (const cookie of cookies) {
      // The walk to a provider comes back by a link from there, so its cookie alone is Lax (RFC 6265bis §5.8.3).
      const sameSite = cookie.includes('_walk=') ? 'Lax' : 'Strict'
      const attributes = cookie
        .split('; ')
        .slice(1)
        .filter((one) => !/^Max-Age=[1-9]\d*$/.test(one))
        .sort()
      expect(attributes, cookie.split('=')[0] ?? '').toEqual(['HttpOnly', 'Path=/', `SameSite=${sameSite}`, 'Secure'])
    }
  })
})
