/** A person at a browser who walks to a provider and back: keeps the cookies of both sides, follows redirects. */
import { env } from 'cloudflare:workers'
import type { Person } from '../auth/answers.ts'
import { emailColumns } from '../auth/email.ts'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import { users } from '../auth/schema.ts'
import type { WalkBegun } from '../auth/ways/begin-walk.ts'
import type { WalkState } from '../auth/ways/routes.ts'
import { openDb } from '../db.ts'
import { blindIndex } from '../field-encryption.ts'
import { readKeyring } from '../keyring.ts'
import { randomId } from '../random-id.ts'
import { callEdge, ORIGIN } from './call-edge.ts'
import { testEdge } from './test-edge.ts'

/** Epoch seconds. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000)

type Row = Partial<typeof users.$inferInsert> & { address?: string }

/** Somebody who lives here, without the time a password takes; `address` is an e-mail, verified unless said otherwise. */
export async function addPerson({ address, ...row }: Row = {}): Promise<string> {
  const id = row.id ?? randomId()
  const columns = address === undefined ? {} : await emailColumns(readKeyring(env.KEYRING), id, address)
  await openDb(env.DB)
    .insert(users)
    .values({ displayName: 'Somebody', role: 'user', emailVerifiedAt: 1, createdAt: 1, ...columns, ...row, id })
  return id
}

/** An access token of a session that began just now; `amr` with `mfa` for somebody who has a second factor. */
export async function tokenOf(userId: string, amr = ['pwd']): Promise<{ token: string; sessionId: string }> {
  const finished = await finishSignIn(testEdge(nowSeconds()), { userId, method: 'password', amr })
  if (finished.kind !== 'signed_in') throw new Error('this person needs a second factor')
  const { accessToken, sessionId } = finished.issued.signedIn
  return { token: accessToken, sessionId }
}

/** Gives the invite's secret. */
export async function addInvite(createdBy: string, role: Person['role'] = 'user'): Promise<string> {
  const secret = randomId(32)
  const mac = await blindIndex(readKeyring(env.KEYRING), 'invite', secret)
  await env.DB.prepare(
    'insert into invites (id, secret_mac, role, note, created_by, created_at, expires_at) values (?, ?, ?, ?, ?, 0, ?)',
  )
    .bind(randomId(), mac, role, '', createdBy, nowSeconds() + 3600)
    .run()
  return secret
}

export type Walker = ReturnType<typeof newWalker>

export function newWalker() {
  const jars = new Map<string, Map<string, string>>()
  const cookiesOf = (origin: string) => [...(jars.get(origin) ?? [])].map((pair) => pair.join('=')).join('; ')
  const keep = (origin: string, response: Response) => {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (value === '' || /max-age=0/i.test(header)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  const call = async (path: string, options: Parameters<typeof callEdge>[1] = {}) => {
    const headers = { cookie: cookiesOf(ORIGIN), ...options.headers }
    return keep(ORIGIN, await callEdge(path, { ...options, headers }))
  }

  return {
    call,
    cookies: () => cookiesOf(ORIGIN),
    begin: async (path: string, json: object = {}, token?: string): Promise<WalkBegun> => {
      const response = await call(path, { json, ...(token && { token }) })
      if (!response.ok) throw new Error(`not begun: ${response.status} ${await response.text()}`)
      return response.json<WalkBegun>()
    },
    /** Opens the provider's page and goes wherever it sends, until that is home again. Gives that path with its query. */
    goThere: async (begun: WalkBegun, as: Record<string, string>): Promise<string> => {
      if (begun.kind !== 'redirect') throw new Error('there is no page to open')
      let url = new URL(begun.url)
      for (const [name, value] of Object.entries(as)) url.searchParams.set(name, value)
      for (let hops = 0; url.origin !== ORIGIN; hops++) {
        const response = keep(
          url.origin,
          await fetch(url, { redirect: 'manual', headers: { cookie: cookiesOf(url.origin) } }),
        )
        const location = response.headers.get('location')
        if (location === null || hops > 10) throw new Error(`stuck at ${url}: ${await response.text()}`)
        url = new URL(location, url)
      }
      return url.pathname + url.search
    },
    /** The browser follows the provider's redirect: a navigation from another site. Gives where the app is opened. */
    comeBack: async (path: string): Promise<string> => {
      const response = await call(path, { headers: { 'sec-fetch-site': 'cross-site', cookie: cookiesOf(ORIGIN) } })
      if (response.status !== 303) throw new Error(`${response.status} ${await response.text()}`)
      return (response.headers.get('location') ?? '').replace(ORIGIN, '')
    },
    poll: async (way: string): Promise<WalkState | { error: string }> => {
      const response = await call(`/api/auth/ways/${way}/poll`, { method: 'POST' })
      if (response.ok) return response.json<WalkState>()
      const { error } = await response.json<{ error: { code: string } }>()
      return { error: error.code }
    },
  }
}

/** The whole walk of a way that redirects. */
export async function walk(
  way: string,
  as: Record<string, string>,
  json: object = {},
  walker: Walker = newWalker(),
): Promise<string> {
  const begun = await walker.begin(`/api/auth/ways/${way}/begin`, json)
  return walker.comeBack(await walker.goThere(begun, as))
}

/** An order to a stand-in, e.g. to add a person. */
export async function order<Answer>(
  origin: string | undefined,
  path: string,
  json: object,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    body: JSON.stringify(json),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  })
  if (!response.ok) throw new Error(`the stand-in answers ${response.status}`)
  return (response.status === 204 ? undefined : await response.json()) as Answer
}
