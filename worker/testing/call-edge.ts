/** A browser for tests: sends requests to the whole Worker in workerd, keeps cookies, carries the access token. */
import { exports } from 'cloudflare:workers'
import type { SignedIn } from '../auth/answers.ts'

export const ORIGIN = 'http://porchlight.test'

export type Call = {
  method?: string
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
  token?: string
  signal?: AbortSignal
}

/** One request as our own page would send it. */
export function callEdge(path: string, call: Call = {}): Promise<Response> {
  const headers = new Headers({ 'sec-fetch-site': 'same-origin', ...call.headers })
  if (call.token) headers.set('authorization', `Bearer ${call.token}`)
  if (call.json !== undefined) headers.set('content-type', 'application/json')
  const body = call.json === undefined ? call.body : JSON.stringify(call.json)
  const method = call.method ?? (body === undefined ? 'GET' : 'POST')
  const { signal } = call
  return exports.default.fetch(
    new Request(ORIGIN + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    }),
  )
}

/** Status and code of a refusal, to compare at one glance. */
export async function refusal(response: Response): Promise<[number, string]> {
  const { error } = await response.json<{ error: { code: string } }>()
  return [response.status, error.code]
}

/** The refresh cookie a response set: its name, its value and its attributes; undefined when it set none. */
export function cookieOf(response: Response): { pair: string; value: string; attributes: string } | undefined {
  const header = response.headers.getSetCookie()[0]
  const [pair, ...attributes] = header?.split('; ') ?? []
  return pair === undefined
    ? undefined
    : { pair, value: pair.slice(pair.indexOf('=') + 1), attributes: attributes.join('; ') }
}

export const ADMIN = { email: 'ada@example.org', displayName: 'Ada', password: 'seven lamps in the window' }

export type Browser = SignedIn & { cookie: string }

async function browserOf(response: Response): Promise<Browser> {
  if (!response.ok) throw new Error(`not signed in: ${response.status} ${await response.text()}`)
  const cookie = cookieOf(response)?.pair ?? ''
  return { ...(await response.json<SignedIn>()), cookie }
}

/** Sets the household up with its first admin. */
export const setUp = async (): Promise<Browser> =>
  browserOf(
    await callEdge('/api/setup', { json: { secret: '4102444800.test-setup-secret-test-setup-secret', ...ADMIN } }),
  )

export const signInAs = async (email: string, password: string): Promise<Browser> =>
  browserOf(await callEdge('/api/auth/sign-in', { json: { email, password } }))

export const refresh = (sessionId: string, cookie: string, headers: Record<string, string> = {}): Promise<Response> =>
  callEdge(`/api/auth/refresh/${sessionId}`, { method: 'POST', headers: { cookie, ...headers } })
