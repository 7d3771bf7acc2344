/** A browser with a cookie jar, for walks of several requests; it can be given an edge with other settings. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { TOTP } from 'otpauth'
import app from '../app.ts'
import type { SecondFactorNeeded, SignedIn } from '../auth/answers.ts'
import type { Bindings } from '../env.ts'
import { type Call, ORIGIN } from './call-edge.ts'

export class TestBrowser {
  readonly cookies = new Map<string, string>()
  readonly #settings: Partial<Bindings>
  token: string | undefined
  sessionId = ''

  constructor(settings: Partial<Bindings> = {}) {
    this.#settings = settings
  }

  async call(path: string, call: Call = {}): Promise<Response> {
    const headers = new Headers({ 'sec-fetch-site': 'same-origin', ...call.headers })
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie) headers.set('cookie', cookie)
    if (this.token) headers.set('authorization', `Bearer ${this.token}`)
    if (call.json !== undefined) headers.set('content-type', 'application/json')
    const body = call.json === undefined ? call.body : JSON.stringify(call.json)
    const method = call.method ?? (body === undefined ? 'GET' : 'POST')
    const ctx = createExecutionContext()
    const request = new Request(ORIGIN + path, { method, headers, ...(body !== undefined && { body }) })
    const response = await app.fetch(request, { ...env, ...this.#settings }, ctx)
    await waitOnExecutionContext(ctx)
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return response
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ')
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  /** Keeps the access token of an answer that signs in; gives the body whichever it was. */
  async take(response: Response): Promise<SignedIn & SecondFactorNeeded> {
    if (!response.ok) throw new Error(`refused: ${response.status} ${await response.text()}`)
    const body = await response.json<SignedIn & SecondFactorNeeded>()
    if (body.accessToken) [this.token, this.sessionId] = [body.accessToken, body.sessionId]
    return body
  }

  async signIn(email: string, password: string): Promise<SignedIn & SecondFactorNeeded> {
    return this.take(await this.call('/api/auth/sign-in', { json: { email, password } }))
  }
}

/** The code an authenticator app shows, `ahead` steps from now: each code works once, so a test moves on. */
export function codeOf(secret: string, ahead = 0): string {
  return new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 })
}

/** Adds an authenticator app to whoever is signed in. Gives its secret and the recovery codes. Uses the step before now. */
export async function enrolApp(browser: TestBrowser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await (await browser.call('/api/me/totp', { method: 'POST' })).json<{ secret: string }>()
  const confirmed = await browser.call('/api/me/totp/confirm', { json: { code: codeOf(secret, -1) } })
  if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.status} ${await confirmed.text()}`)
  return { secret, ...(await confirmed.json<{ recoveryCodes: string[] }>()) }
}

/** A person of the household whose address is verified; the hash is the test's to choose, so that it can be a quick one. */
export async function insertPerson(person: {
  id: string
  email: string
  displayName: string
  passwordHash: string | null
  role: 'admin' | 'user'
}): Promise<void> {
  await env.DB.prepare(
    'insert into users (id, email, display_name, password_hash, role, created_at, email_verified_at) values (?, ?, ?, ?, ?, 0, 0)',
  )
    .bind(person.id, person.email, person.displayName, person.passwordHash, person.role)
    .run()
}
