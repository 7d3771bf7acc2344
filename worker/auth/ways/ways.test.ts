/** GitHub, Plex and Trakt through the whole Worker, each beside its stand-in; the list of ways and their health. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { testEdge } from '../../testing/test-edge.ts'
import { addInvite, addPerson, newWalker, nowSeconds, order, type Walker, walk } from '../../testing/walk-ways.ts'
import { lettersGo } from '../mail/mailer.ts'
import { externalWay } from './external-ways.ts'
import { pollWalk } from './poll-walk.ts'
import { listProviders } from './providers.ts'
import { FAILURES_TO_OPEN, isClosed, REST_MS } from './way-health.ts'

const count = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .first<number>('n')
const everything = async (table: string) =>
  JSON.stringify((await env.DB.prepare(`select * from ${table}`).all()).results)
let admin: string
beforeAll(async () => {
  admin = await addPerson({ role: 'admin' })
})

async function known(way: string, issuer: string | undefined, subject: string): Promise<string> {
  const id = await addPerson()
  await env.DB.prepare('insert into identities (issuer, subject, user_id, provider, linked_at) values (?, ?, ?, ?, 0)')
    .bind(issuer, subject, id, way)
    .run()
  return id
}

describe('GitHub', () => {
  const issuer = `${env.GITHUB_URL}/login/oauth`
  const githubPerson = (login: string, id: number, emails: object[]) =>
    order(env.GITHUB_URL, '/stand-in/people', { login, id, name: null, emails })

  it('signs in by the account’s number, which stays when its name goes to somebody else', async () => {
    await known('github', issuer, '583231')
    expect(await walk('github', { login: 'octocat' })).toMatch(/^\/#signed-in=/)
    await githubPerson('renamed', 99, [])
    await known('github', issuer, '99')
    await githubPerson('renamed', 100, [])
    expect(await walk('github', { login: 'renamed' })).toBe('/sign-in#error=invite_needed&way=github')
  })

  it('knows an address only when it is primary and verified', async () => {
    await addPerson({ address: 'kim@example.org' })
    const entry = { email: 'kim@example.org', visibility: null }
    await githubPerson('kim', 201, [{ ...entry, primary: true, verified: false }])
    expect(await walk('github', { login: 'kim' })).toBe('/sign-in#error=invite_needed&way=github')
    await githubPerson('kim', 201, [{ ...entry, primary: false, verified: true }])
    expect(await walk('github', { login: 'kim' })).toBe('/sign-in#error=invite_needed&way=github')
    // Known now, but the admin did not say that GitHub's word links it.
    await githubPerson('kim', 201, [{ ...entry, primary: true, verified: true }])
    expect(await walk('github', { login: 'kim' })).toBe('/sign-in#error=link_confirm_needed&way=github')
  })

  it('is refused when the person says no there, and nothing they were told is repeated', async () => {
    expect(await walk('github', { login: 'denier' })).toBe('/sign-in#error=way_refused&way=github')
  })

  it('is not believed when its answer names another issuer (RFC 9207)', async () => {
    const walker = newWalker()
    const path = await walker.goThere(await walker.begin('/api/auth/ways/github/begin'), { login: 'octocat' })
    expect(path).toContain('iss=')
    const mixed = path.replace(/iss=[^&]+/, `iss=${encodeURIComponent('https://evil.example/login/oauth')}`)
    expect(await walker.comeBack(mixed)).toBe('/sign-in#error=way_refused&way=github')
  })

  it('takes no code that was made for another walk: PKCE, where there is no nonce', async () => {
    const go = async (walker: Walker, login: string) =>
      walker.goThere(await walker.begin('/api/auth/ways/github/begin'), { login })
    const [mine, theirs] = [newWalker(), newWalker()]
    const [myPath, theirPath] = [await go(mine, 'renamed'), await go(theirs, 'octocat')]
    const stolen = new URLSearchParams(theirPath.split('?')[1]).get('code') ?? ''
    const injected = await mine.comeBack(myPath.replace(/code=[^&]+/, `code=${stolen}`))
    expect(injected).toBe('/sign-in#error=way_refused&way=github')
  })

  it('leaves no token behind', async () => {
    expect(await count('select count(*) n from identities where provider = ? and token is not null', 'github')).toBe(0)
  })
})

describe('Plex', () => {
  const plexPerson = (id: number, servers: string[]) =>
    order<{ token: string }>(env.PLEX_URL, '/stand-in/people', {
      id,
      username: `plex-${id}`,
      email: `plex-${id}@example.org`,
      servers,
    })
  const typeIn = (code: string, token: string) =>
    order(env.PLEX_URL, '/api/v2/pins/link', { code }, { method: 'PUT', headers: { 'x-plex-token': token } })
  const begin = async (walker: Walker, json: object = {}) => {
    const begun = await walker.begin('/api/auth/ways/plex/begin', json)
    if (begun.kind !== 'device') throw new Error('no code')
    return begun
  }

  it('shows four characters for plex.tv/link, and nothing else of the PIN', async () => {
    const begun = await begin(newWalker())
    expect(begun).toMatchObject({ verificationUrl: 'https://plex.tv/link', intervalSeconds: 5 })
    expect(begun.userCode).toMatch(/^[A-Z0-9]{4}$/)
    expect(begun.expiresAt - nowSeconds()).toBeLessThanOrEqual(600)
    expect(Object.keys(begun).sort()).toEqual(['expiresAt', 'intervalSeconds', 'kind', 'userCode', 'verificationUrl'])
  })

  it('lets in whoever uses the owner’s server, with the token sealed and nowhere else', async () => {
    const walker = newWalker()
    const { userCode } = await begin(walker)
    const { token } = await plexPerson(301, [env.PLEX_SERVER_ID ?? ''])
    await typeIn(userCode, token)
    expect(await walker.poll('plex')).toMatchObject({
      state: 'signed_in',
      signedIn: { person: { displayName: 'plex-301', email: '' } },
    })
    const row = await env.DB.prepare('select * from identities where subject = ?')
      .bind('301')
      .first<{ token: string }>()
    expect(row?.token).toMatch(/^enc:v1:/)
    expect(await everything('identities')).not.toContain('plex-301@')
    expect(await walker.poll('plex')).toEqual({ error: 'link_over' })
  })

  it('asks everybody else for an invite', async () => {
    const { token } = await plexPerson(302, ['another-server'])
    const walker = newWalker()
    await typeIn((await begin(walker)).userCode, token)
    expect(await walker.poll('plex')).toEqual({ error: 'invite_needed' })
    const invited = newWalker()
    await typeIn((await begin(invited, { invite: await addInvite(admin) })).userCode, token)
    expect(await invited.poll('plex')).toMatchObject({ state: 'signed_in' })
  })

  it('gives a code to the browser that shows it and to no other', async () => {
    const [mine, another] = [newWalker(), newWalker()]
    const { userCode } = await begin(mine)
    await begin(another)
    await typeIn(userCode, (await plexPerson(303, [env.PLEX_SERVER_ID ?? ''])).token)
    expect(await newWalker().poll('plex')).toEqual({ error: 'link_over' })
    expect(await another.poll('plex')).toEqual({ state: 'pending', intervalSeconds: 5 })
    expect(await mine.poll('plex')).toMatchObject({ state: 'signed_in' })
  })

  it('signs one in of fifty polls at once', async () => {
    const walker = newWalker()
    await typeIn((await begin(walker)).userCode, (await plexPerson(304, [env.PLEX_SERVER_ID ?? ''])).token)
    const headers = { cookie: walker.cookies() }
    const polls = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await walker.call('/api/auth/ways/plex/poll', { method: 'POST', headers })
        return response.text()
      }),
    )
    expect(polls.filter((text) => text.includes('signed_in')).length).toBe(1)
    expect(
      await count(
        'select count(*) n from sessions s join identities i on i.user_id = s.user_id where i.subject = ?',
        '304',
      ),
    ).toBe(1)
  })

  it('asks plex.tv no faster than it wants, however fast the page polls, and ends with the PIN', async () => {
    const walker = newWalker()
    const { userCode } = await begin(walker)
    const way = externalWay(env, 'plex')
    if (way.kind !== 'device') throw new Error('Plex has a code')
    const secret = /_walk=([^;]+)/.exec(walker.cookies())?.[1] ?? ''
    const now = nowSeconds()
    expect(await pollWalk(testEdge(now), way, secret)).toMatchObject({ pending: true })
    await order(env.PLEX_URL, '/stand-in/expire', { code: userCode })
    expect(await pollWalk(testEdge(now + 4), way, secret)).toMatchObject({ pending: true })
    await expect(pollWalk(testEdge(now + 6), way, secret)).rejects.toMatchObject({ code: 'link_over' })
    expect(await walker.poll('plex')).toEqual({ error: 'link_over' })
  })
})

describe('Trakt', () => {
  const begin = async (walker: Walker) => {
    const begun = await walker.begin('/api/auth/ways/trakt/begin')
    if (begun.kind !== 'device') throw new Error('no code')
    return begun.userCode
  }
  const set = (user_code: string, state: string, slug = '') =>
    order(env.TRAKT_URL, '/stand-in/device', { user_code, state, slug })

  it('signs in by the uuid, not by the name that may change hands', async () => {
    const id = await known('trakt', env.TRAKT_URL, 'uuid-of-lea')
    const walker = newWalker()
    const code = await begin(walker)
    await set(code, 'approved', 'lea')
    expect(await walker.poll('trakt')).toMatchObject({ state: 'signed_in', signedIn: { person: { id } } })
    expect(
      await count("select count(*) n from identities where subject = 'uuid-of-lea' and token like 'enc:v1:%'"),
    ).toBe(1)
  })

  it.each([
    ['pending', { state: 'pending', intervalSeconds: 5 }],
    ['slow', { state: 'pending', intervalSeconds: 10 }],
    ['denied', { error: 'way_refused' }],
    ['expired', { error: 'link_over' }],
    ['used', { error: 'link_over' }],
    ['unknown', { error: 'link_over' }],
  ])('understands %s by its status alone', async (state, answer) => {
    const walker = newWalker()
    await set(await begin(walker), state)
    expect(await walker.poll('trakt')).toEqual(answer)
  })
})

describe('the list of ways', () => {
  it('is what is configured, the best first, for anybody', async () => {
    const response = await newWalker().call('/api/auth/providers')
    const { providers, letters } = await response.json<{
      providers: { id: string; kind: string; healthy: boolean }[]
      letters: string
    }>()
    expect(letters).toBe('out')
    expect(lettersGo({ ...env, MAILER: 'console' })).toBe('to_the_log')
    expect(lettersGo({ ...env, MAIL_API_KEY: '' })).toBe('nowhere')
    const ids = providers.map(({ id }) => id).filter((id) => !id.startsWith('evil-'))
    expect(ids).toEqual(['passkey', 'password', 'plex', 'home', 'mock', 'google', 'github', 'trakt'])
    for (const secret of [env.GITHUB_CLIENT_SECRET, env.GOOGLE_CLIENT_SECRET, env.TRAKT_CLIENT_SECRET]) {
      expect(JSON.stringify(providers)).not.toContain(secret)
    }
    expect(listProviders({ env: { ...env, GITHUB_CLIENT_ID: '' }, nowMs: 0 }).map(({ id }) => id)).not.toContain(
      'github',
    )
  })

  it('greys one out that does not answer, refuses it at once, and offers it again after a rest', async () => {
    const health = async () => {
      const { providers } = await (await newWalker().call('/api/auth/providers')).json<{
        providers: { id: string; healthy: boolean }[]
      }>()
      return providers.find(({ id }) => id === 'trakt')?.healthy
    }
    const begin = async () => (await newWalker().call('/api/auth/ways/trakt/begin', { json: {} })).status
    await order(env.TRAKT_URL, '/stand-in/faults', { path: '/oauth/device/code', times: FAILURES_TO_OPEN, status: 502 })
    expect(await health()).toBe(true)
    for (let tries = 0; tries < FAILURES_TO_OPEN; tries++) expect(await begin()).toBe(503)
    expect(await health()).toBe(false)
    // The stand-in is well again; nobody asks it yet.
    expect(await begin()).toBe(503)
    const circuit = { failures: FAILURES_TO_OPEN, lastFailureMs: 1000 }
    expect(isClosed(circuit, 1000 + REST_MS - 1)).toBe(false)
    expect(isClosed(circuit, 1000 + REST_MS)).toBe(true)
  })

  it('does not count a person’s mistake against a provider', async () => {
    for (let tries = 0; tries < FAILURES_TO_OPEN + 1; tries++) await walk('github', { login: 'denier' })
    expect(listProviders({ env, nowMs: Date.now() }).find(({ id }) => id === 'github')?.healthy).toBe(true)
  })
})
