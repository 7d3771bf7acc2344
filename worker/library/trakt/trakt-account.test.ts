/** Tokens of Trakt: renewed once by fifty who need them, kept when Trakt is away, forgotten when it says so. */
import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { sealAccount } from '../../auth/ways/identities.ts'
import { randomId } from '../../random-id.ts'
import { linkTrakt } from '../../testing/link-trakt.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { addPerson, nowSeconds, order } from '../../testing/walk-ways.ts'
import { askAs, freshToken, readAccount, requireSite, type TraktAccount } from './trakt-account.ts'

const WEEK = 7 * 86_400
let personId: string
let slug: string
const edge = () => testEdge(nowSeconds())
const account = async (): Promise<TraktAccount> => {
  const found = await readAccount(edge(), personId)
  if (!found) throw new Error('not linked')
  return found
}
const refreshes = async () =>
  (await order<{ refreshes: number }>(env.TRAKT_URL, '/stand-in/library', { slug })).refreshes
const fresh = async (known: TraktAccount, refused?: string) => freshToken(edge(), requireSite(edge()), known, refused)

beforeEach(async () => {
  personId = await addPerson()
  slug = randomId(8)
})

it('asks with the token it has while that is good', async () => {
  const before = await refreshes()
  await linkTrakt(personId, slug)
  expect(await askAs(edge(), await account(), { path: '/sync/playback' })).toMatchObject({ kind: 'ok', body: [] })
  expect(await refreshes()).toBe(before)
})

it('renews a token that runs out once, though fifty need it at once', async () => {
  await linkTrakt(personId, slug, { age: WEEK - 60 })
  const before = await refreshes()
  const known = await account()
  const tokens = await Promise.all(Array.from({ length: 50 }, () => fresh(known)))
  const stored = (await account()).tokens.access_token
  expect(new Set(tokens.map((one) => one.kind === 'token' && one.token))).toEqual(new Set([stored]))
  expect(stored).not.toBe(known.tokens.access_token)
  expect(await refreshes()).toBe(before + 1)
})

it('renews a token that Trakt turned away, and asks again with the new one', async () => {
  await linkTrakt(personId, slug)
  const known = await account()
  await order(env.TRAKT_URL, '/oauth/revoke', { token: known.tokens.access_token })
  expect(await askAs(edge(), known, { path: '/sync/playback' })).toMatchObject({ kind: 'ok' })
})

it('uses what is left of the old token while Trakt does not renew it', async () => {
  await linkTrakt(personId, slug, { age: WEEK - 60 })
  const known = await account()
  await order(env.TRAKT_URL, '/stand-in/faults', { path: '/oauth/token', times: 1, status: 503 })
  expect(await fresh(known)).toEqual({ kind: 'token', token: known.tokens.access_token })
  // Nothing was lost: the next one renews it.
  expect(await fresh(known)).not.toEqual({ kind: 'token', token: known.tokens.access_token })
})

it('keeps the tokens when they ran out while Trakt was away', async () => {
  await linkTrakt(personId, slug, { age: WEEK + 60 })
  await order(env.TRAKT_URL, '/stand-in/faults', { path: '/oauth/token', times: 1, status: 503 })
  expect(await fresh(await account())).toMatchObject({ kind: 'later' })
  expect(await fresh(await account())).toMatchObject({ kind: 'token' })
})

it('forgets tokens that Trakt took back, and the account must be connected again', async () => {
  await linkTrakt(personId, slug, { age: WEEK + 60 })
  await order(env.TRAKT_URL, '/stand-in/faults', { path: '/oauth/token', times: 1, status: 400, text: '{}' })
  expect(await fresh(await account())).toEqual({ kind: 'signed_out' })
  expect(await readAccount(edge(), personId)).toBeUndefined()
})

it('does not overwrite an account that was linked anew while the old token was being renewed', async () => {
  await linkTrakt(personId, slug, { age: WEEK - 60 })
  const stale = await account()
  const site = requireSite(edge())
  const { token } = await sealAccount(edge(), {
    ...{ issuer: stale.issuer, subject: stale.subject, label: slug, displayName: slug, email: null },
    ...{ isEmailProven: false, isMember: false },
    token: JSON.stringify({ ...stale.tokens, access_token: 'linked-anew', created_at: nowSeconds() }),
  })
  const linkMeanwhile: typeof site.fetch = async (...args) => {
    const answer = await fetch(...args)
    await env.DB.prepare('update identities set token = ? where subject = ?').bind(token, stale.subject).run()
    return answer
  }
  await freshToken(edge(), { ...site, fetch: linkMeanwhile }, stale)
  expect((await account()).tokens.access_token).toBe('linked-anew')
})

it('takes the turn of somebody who never gave it back, after twenty seconds', async () => {
  await linkTrakt(personId, slug, { age: WEEK - 60 })
  await env.DB.prepare('insert into sync_states (name, person_id, not_before) values (?, ?, ?)')
    .bind(`trakt:token:${personId}`, personId, nowSeconds() - 1)
    .run()
  const known = await account()
  expect(await fresh(known)).not.toEqual({ kind: 'token', token: known.tokens.access_token })
})
