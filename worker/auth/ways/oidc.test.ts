/** OpenID providers: a certified one that is honest, one of ours that lies in every way, and walks that are stolen. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { addInvite, addPerson, newWalker, order, walk } from '../../testing/walk-ways.ts'
import { googleKnows } from './google.ts'

const count = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .first<number>('n')
const hint = (person: object) => ({ login_hint: JSON.stringify(person) })

let admin: string
beforeAll(async () => {
  admin = await addPerson({ role: 'admin' })
})

/** A member of the household who comes in by this provider. */
async function known(way: string, issuer: string | undefined, subject: string): Promise<string> {
  const id = await addPerson()
  await env.DB.prepare('insert into identities (issuer, subject, user_id, provider, linked_at) values (?, ?, ?, ?, 0)')
    .bind(issuer, subject, id, way)
    .run()
  return id
}
const issuerOf = (way: string): string =>
  (JSON.parse(env.OIDC_PROVIDERS ?? '[]') as { id: string; issuer: string }[]).find(({ id }) => id === way)?.issuer ??
  ''

describe('an honest provider', () => {
  it('signs in whom it knows, by issuer and subject, and leads back to where they were', async () => {
    const id = await known('home', issuerOf('home'), 'sub-1')
    const walker = newWalker()
    const back = await walk('home', hint({ sub: 'sub-1' }), { returnTo: '/titles/sintel-2010' }, walker)
    expect(back).toMatch(/^\/titles\/sintel-2010#signed-in=[\w-]{22}$/)
    const session = back.split('=')[1]
    expect(walker.cookies()).toContain(`__Host-porchlight_rt_${session}=`)
    expect(walker.cookies()).not.toContain('_walk=')
    const me = await walker.call(`/api/auth/refresh/${session}`, { method: 'POST' })
    expect(await me.json()).toMatchObject({ person: { id } })
  })

  it('makes a person of whoever has an invite, once', async () => {
    const invite = await addInvite(admin)
    const person = { sub: 'sub-2', email: 'Cleo@Example.org', email_verified: true, name: 'Cleo' }
    expect(await walk('home', hint(person), { invite })).toMatch(/^\/#signed-in=/)
    const row = await env.DB.prepare(
      'select u.* from users u join identities i on i.user_id = u.id where i.subject = ?',
    )
      .bind('sub-2')
      .first<{ display_name: string; role: string; email: string | null }>()
    // The provider is not trusted with addresses, so the account gets none.
    expect(row).toMatchObject({ display_name: 'Cleo', role: 'user', email: null })
    expect(await walk('home', hint({ sub: 'sub-3' }), { invite })).toBe('/sign-in#error=invite_needed&way=home')
  })

  it('asks a stranger for an invite, and makes nobody', async () => {
    const before = await count('select count(*) n from users')
    expect(await walk('home', hint({ sub: 'stranger' }))).toBe('/sign-in#error=invite_needed&way=home')
    expect(await count('select count(*) n from users')).toBe(before)
  })

  it('tells two providers’ same subject apart', async () => {
    const id = await known('home', issuerOf('home'), 'same')
    const other = await known('google', env.GOOGLE_ISSUER, 'same')
    await walk('google', hint({ sub: 'same' }))
    const used = (userId: string) => count('select count(*) n from sessions where user_id = ?', userId)
    expect([await used(id), await used(other)]).toEqual([0, 1])
  })

  it('links by e-mail where the admin trusts it and it can know: Google, its own mailboxes', async () => {
    const id = await addPerson({ address: 'dana@gmail.com' })
    const person = { sub: 'g-1', email: 'Dana@gmail.com', email_verified: true }
    expect(await walk('google', hint(person))).toMatch(/^\/#signed-in=/)
    expect(await count('select count(*) n from identities where user_id = ? and subject = ?', id, 'g-1')).toBe(1)
    await addPerson({ address: 'eve@example.org' })
    const foreign = { sub: 'g-2', email: 'eve@example.org', email_verified: true }
    expect(await walk('google', hint(foreign))).toBe('/sign-in#error=invite_needed&way=google')
  })

  it('does not link onto an admin, nor on an address it did not verify', async () => {
    await addPerson({ address: 'root@gmail.com', role: 'admin' })
    const root = { sub: 'g-3', email: 'root@gmail.com', email_verified: true }
    expect(await walk('google', hint(root))).toBe('/sign-in#error=link_confirm_needed&way=google')
    await addPerson({ address: 'fay@gmail.com' })
    const fay = { sub: 'g-4', email: 'fay@gmail.com', email_verified: false }
    expect(await walk('google', hint(fay))).toBe('/sign-in#error=invite_needed&way=google')
  })

  it('has the row discarded that never showed it holds the address: the password of a squatter opens nothing', async () => {
    const squatter = await addPerson({ address: 'gil@gmail.com', emailVerifiedAt: null, passwordHash: 'x' })
    const person = { sub: 'g-5', email: 'gil@gmail.com', email_verified: true }
    expect(await walk('google', hint(person), { invite: await addInvite(admin) })).toMatch(/^\/#signed-in=/)
    expect(await count('select count(*) n from users where id = ?', squatter)).toBe(0)
  })

  it('is what Google is, with `hd` for a domain of its own', () => {
    expect(googleKnows({}, 'a@gmail.com')).toBe(true)
    expect(googleKnows({ hd: 'example.org' }, 'a@example.org')).toBe(true)
    expect(googleKnows({ hd: 'example.org' }, 'a@another.org')).toBe(false)
    expect(googleKnows({}, 'a@notgmail.com')).toBe(false)
  })
})

describe('a provider that lies', () => {
  const refusedWith = async (lie: string, json: object = {}) => {
    const way = `evil-${lie}`
    await known(way, issuerOf(way), 'mallory')
    try {
      return await walk(way, { login_hint: 'mallory' }, json)
    } catch (error) {
      return String(error)
    }
  }

  it('is believed by the same code when it tells the truth', async () => {
    expect(await refusedWith('honest')).toMatch(/^\/#signed-in=/)
  })

  it.each([
    'wrong-iss-parameter',
    'no-iss-parameter',
    'wrong-iss',
    'iss-with-a-slash',
    'wrong-nonce',
    'no-nonce',
    'alg-none',
    'hs256-with-the-public-key',
    'hs256-with-the-client-secret',
    'unknown-key',
    'key-in-the-header',
    'wrong-aud',
    'second-aud-without-azp',
    'wrong-azp',
    'expired',
    'from-the-future',
    'no-sub',
    'no-id-token',
    'userinfo-of-another',
  ])('signs nobody in: %s', async (lie) => {
    const before = await count('select count(*) n from sessions')
    expect(await refusedWith(lie)).toBe(`/sign-in#error=way_refused&way=evil-${lie}`)
    expect(await count('select count(*) n from sessions')).toBe(before)
  })

  it.each(['discovery-names-another-issuer', 'discovery-redirects', 'discovery-is-huge', 'discovery-is-not-json'])(
    'is not even walked to: %s',
    async (lie) => {
      expect(await refusedWith(lie)).toContain('503')
    },
  )

  it.each(['private-token-endpoint', 'private-jwks', 'private-userinfo', 'token-endpoint-redirects'])(
    'cannot send the edge where it wants: %s',
    async (lie) => {
      expect(await refusedWith(lie)).toBe(`/sign-in#error=way_unavailable&way=evil-${lie}`)
    },
  )

  it('says whose address it is only by the boolean', async () => {
    await addPerson({ address: 'hal@example.org' })
    const back = await walk('evil-email-verified-as-text', { login_hint: 'hal' })
    expect(back).toBe('/sign-in#error=invite_needed&way=evil-email-verified-as-text')
    expect(await walk('evil-honest', { login_hint: 'hal' })).toMatch(/^\/#signed-in=/)
  })
})

/** What holds against our own liar holds against a provider that other people wrote (oauth2-mock-server). */
describe('a provider by other hands', () => {
  const bend = (how: object) =>
    order(issuerOf('mock'), `/stand-in/bend?how=${encodeURIComponent(JSON.stringify(how))}`, {})
  const refused = '/sign-in#error=way_refused&way=mock'
  const past = Math.floor(Date.now() / 1000) - 7200

  it('signs in whom it knows', async () => {
    const id = await known('mock', issuerOf('mock'), 'johndoe')
    expect(await walk('mock', {})).toMatch(/^\/#signed-in=/)
    expect(await count('select count(*) n from sessions where user_id = ?', id)).toBe(1)
  })

  it.each<[string, object]>([
    ['a token of another issuer', { claims: { iss: 'http://127.0.0.1:1' } }],
    ['a token for another client', { claims: { aud: 'another-client' } }],
    ['a token of another walk', { claims: { nonce: 'of-another-walk' } }],
    ['a token that is over', { claims: { iat: past, nbf: past, exp: past + 600 } }],
    ['a token without a subject', { claims: { sub: null } }],
    ['an unsigned token', { answer: { id_token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2huZG9lIn0.' } }],
    ['no ID token', { answer: { id_token: null } }],
    ['another kind of access token', { answer: { token_type: 'mac' } }],
    ['a way back that another issuer signs', { back: { iss: 'http://127.0.0.1:1' } }],
    ['a way back with another state', { back: { state: 'made-up' } }],
  ])('signs nobody in with %s', async (_what, how) => {
    const before = await count('select count(*) n from sessions')
    await bend(how)
    expect([refused, refused.replace('way_refused', 'link_over')]).toContain(await walk('mock', {}))
    expect(await count('select count(*) n from sessions')).toBe(before)
    await bend({})
  })
})

describe('a walk', () => {
  const way = 'evil-ignores-pkce-and-reuse'
  const begin = async () => {
    const walker = newWalker()
    const begun = await walker.begin(`/api/auth/ways/${way}/begin`)
    return { walker, path: await walker.goThere(begun, { login_hint: 'mallory' }) }
  }
  const over = `/sign-in#error=link_over&way=${way}`
  beforeAll(() => known(way, issuerOf(way), 'mallory'))

  it('is good once, though the provider would take its code again', async () => {
    const { walker, path } = await begin()
    const cookie = walker.cookies()
    expect(await walker.comeBack(path)).toMatch(/^\/#signed-in=/)
    const again = await walker.call(path, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })
    expect(again.headers.get('location')).toContain(over)
  })

  it('is one person’s of fifty that come back at once', async () => {
    const { walker, path } = await begin()
    const headers = { cookie: walker.cookies(), 'sec-fetch-site': 'cross-site' }
    const before = (await count('select count(*) n from sessions')) ?? 0
    const answers = await Promise.all(Array.from({ length: 50 }, () => walker.call(path, { headers })))
    const back = answers.map((answer) => answer.headers.get('location') ?? '')
    expect(back.filter((location) => location.includes('#signed-in=')).length).toBe(1)
    expect(back.filter((location) => location.endsWith(over)).length).toBe(49)
    expect(await count('select count(*) n from sessions')).toBe(before + 1)
  })

  it('ends only in the browser where it began: an answer slipped into another’s opens nothing', async () => {
    const { path } = await begin()
    const victim = await begin()
    expect(await newWalker().comeBack(path)).toBe(over)
    expect(await victim.walker.comeBack(path)).toBe(over)
    // And the victim's own walk was not used up by it.
    expect(await victim.walker.comeBack(victim.path)).toMatch(/^\/#signed-in=/)
  })

  it('ends only at the provider where it began (mix-up)', async () => {
    const { walker, path } = await begin()
    expect(await walker.comeBack(path.replace(way, 'evil-honest'))).toBe('/sign-in#error=link_over&way=evil-honest')
  })

  it('takes no other state, no two states, and no code from an honest provider’s other walk', async () => {
    const { walker, path } = await begin()
    expect(await walker.comeBack(path.replace(/state=[^&]+/, 'state=made-up'))).toBe(over)
    await known('home', issuerOf('home'), 'ida')
    const [mine, theirs] = [newWalker(), newWalker()]
    const go = async (walker: typeof mine, sub: string) =>
      walker.goThere(await walker.begin('/api/auth/ways/home/begin'), hint({ sub }))
    const [myPath, theirPath] = [await go(mine, 'jo'), await go(theirs, 'ida')]
    const stolen = new URLSearchParams(theirPath.split('?')[1]).get('code') ?? ''
    const injected = myPath.replace(/code=[^&]+/, `code=${stolen}`)
    // PKCE: the code was made for the other walk's challenge.
    expect(await mine.comeBack(injected)).toBe('/sign-in#error=way_refused&way=home')
  })

  it('begins only from our own pages, and ends only at our own paths', async () => {
    const begin = (json: object, site: string) =>
      newWalker().call(`/api/auth/ways/${way}/begin`, { json, headers: { 'sec-fetch-site': site } })
    expect((await begin({}, 'cross-site')).status).toBe(403)
    expect((await begin({ returnTo: '//evil.example' }, 'same-origin')).status).toBe(400)
    expect((await begin({ returnTo: '/ok' }, 'same-origin')).status).toBe(200)
  })

  it('has its cookie bound to this host, out of reach of scripts, and its row sealed', async () => {
    const response = await newWalker().call(`/api/auth/ways/${way}/begin`, { json: {} })
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('__Host-porchlight_walk='))
    expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$|Max-Age=600/)
    expect(cookie).not.toContain('Domain')
    const { url } = await response.json<{ url: string }>()
    const asked = new URL(url).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    const rows = JSON.stringify((await env.DB.prepare('select * from auth_transactions').all()).results)
    for (const name of ['state', 'nonce'] as const) {
      expect(asked.get(name)?.length).toBeGreaterThanOrEqual(43)
      expect(rows).not.toContain(asked.get(name))
    }
    expect(rows).not.toContain(/=([^;]+)/.exec(cookie ?? '')?.[1])
  })
})
