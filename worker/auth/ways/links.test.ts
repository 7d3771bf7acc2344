/** Connecting and disconnecting accounts elsewhere: proof of both sides, one owner, never the last way in. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { refusal } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { addInvite, addPerson, newWalker, nowSeconds, tokenOf } from '../../testing/walk-ways.ts'
import { createPerson, findInvite } from './create-person.ts'
import type { ExternalAccount } from './external-way.ts'
import { linkIdentity } from './link-identity.ts'

const count = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .first<number>('n')
const hint = (person: object) => ({ login_hint: JSON.stringify(person) })
const account = (subject: string): ExternalAccount => ({
  issuer: 'https://id.example.org',
  subject,
  label: subject,
  displayName: subject,
  email: null,
  isEmailProven: false,
  isMember: false,
  token: null,
})

async function link(userId: string, subject: string, session?: { token: string; sessionId: string }) {
  const walker = newWalker()
  const { token } = session ?? (await tokenOf(userId))
  const begun = await walker.begin('/api/me/links/home/begin', { returnTo: '/settings' }, token)
  const path = await walker.goThere(
    begun,
    hint({ sub: subject, email: `${subject}@example.org`, email_verified: true }),
  )
  return { walker, token, back: () => walker.comeBack(path) }
}

describe('connecting', () => {
  it('adds an account to whoever is signed in, tells them, and lists it', async () => {
    const id = await addPerson({ passwordHash: 'x' })
    const { back, walker, token } = await link(id, 'mia')
    expect(await back()).toBe('/settings#linked=home')
    const { links } = await (await walker.call('/api/me/links', { token })).json<{ links: object[] }>()
    expect(links).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{43}$/),
        way: 'home',
        label: 'mia@example.org',
        linkedAt: expect.any(Number),
        lastUsedAt: null,
      },
    ])
    expect(await count("select count(*) n from notices where user_id = ? and kind = 'identity_linked'", id)).toBe(1)
    expect(await count("select count(*) n from audit_events where actor_id = ? and kind = 'identity_linked'", id)).toBe(
      1,
    )
    const stored = JSON.stringify((await env.DB.prepare('select * from identities').all()).results)
    expect(stored).not.toContain('mia@example.org')
  })

  it('needs a fresh session to begin, and one that has not ended to finish', async () => {
    const id = await addPerson({ passwordHash: 'x' })
    const old = await tokenOf(id)
    await env.DB.prepare('update sessions set auth_time = 0 where id = ?').bind(old.sessionId).run()
    const stale = await newWalker().call('/api/me/links/home/begin', { json: {}, token: old.token })
    expect(await refusal(stale)).toEqual([403, 'step_up_needed'])
    const session = await tokenOf(id)
    const { back } = await link(id, 'nat', session)
    await env.DB.prepare('update sessions set revoked_at = 1 where id = ?').bind(session.sessionId).run()
    expect(await back()).toBe('/settings#error=step_up_needed&way=home')
    expect(await count('select count(*) n from identities where subject = ?', 'nat')).toBe(0)
  })

  it('does not take an account from its owner', async () => {
    const [first, second] = [await addPerson(), await addPerson()]
    expect(await (await link(first, 'olu')).back()).toBe('/settings#linked=home')
    expect(await (await link(second, 'olu')).back()).toBe('/settings#error=identity_taken&way=home')
    expect(await count('select count(*) n from identities where subject = ? and user_id = ?', 'olu', first)).toBe(1)
  })

  it('gives one account one owner, of fifty who connect it at once', async () => {
    const people = await Promise.all(Array.from({ length: 50 }, () => addPerson()))
    const sessions = await Promise.all(people.map((id) => tokenOf(id)))
    const edge = testEdge(nowSeconds())
    const outcomes = await Promise.allSettled(
      people.map((id, at) =>
        linkIdentity(edge, id, 'home', account('raced'), { sessionId: sessions[at]?.sessionId ?? '' }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
    expect(new Set(codes)).toEqual(new Set(['identity_taken']))
    expect(
      await count(
        "select count(*) n from audit_events where kind = 'identity_linked' and actor_id in (select id from users where id in (select value from json_each(?)))",
        JSON.stringify(people),
      ),
    ).toBe(1)
  })

  it('makes one person of an invite that fifty use at once, and burns none for an account that has an owner', async () => {
    const admin = await addPerson({ role: 'admin' })
    const edge = testEdge(nowSeconds())
    const invite = await findInvite(edge, await addInvite(admin))
    const make = (subject: string) =>
      createPerson(edge, { provider: 'home', account: account(subject), invite, email: null, discard: null })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, at) => make(`new-${at}`)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    expect(await count("select count(*) n from identities where subject like 'new-%'")).toBe(1)
    const second = await findInvite(edge, await addInvite(admin))
    await expect(
      createPerson(edge, { provider: 'home', account: account('raced'), invite: second, email: null, discard: null }),
    ).rejects.toMatchObject({ code: 'invite_needed' })
    expect(await count('select count(*) n from invites where id = ? and used_at is null', second?.id)).toBe(1)
  })

  it('discards nobody who was verified in the meantime', async () => {
    const [admin, other] = [await addPerson({ role: 'admin' }), await addPerson({ address: 'pia@example.org' })]
    const edge = testEdge(nowSeconds())
    const invite = await findInvite(edge, await addInvite(admin))
    const wanted = { provider: 'home', account: account('pia'), invite, email: 'pia@example.org', discard: other }
    await expect(createPerson(edge, wanted)).rejects.toThrow()
    expect(await count('select count(*) n from users where id = ?', other)).toBe(1)
    expect(await count('select count(*) n from invites where id = ? and used_at is null', invite?.id)).toBe(1)
  })
})

describe('stepping up', () => {
  const stepUp = async (id: string, subject: string) => {
    const session = await tokenOf(id)
    await env.DB.prepare('update sessions set auth_time = 1 where id = ?').bind(session.sessionId).run()
    const walker = newWalker()
    const begun = await walker.begin('/api/me/links/home/step-up', { returnTo: '/settings' }, session.token)
    const back = await walker.comeBack(await walker.goThere(begun, hint({ sub: subject })))
    return {
      back,
      authTime: await env.DB.prepare('select auth_time n from sessions where id = ?')
        .bind(session.sessionId)
        .first<number>('n'),
    }
  }

  it('makes the session fresh for the owner of the account, and for nobody else', async () => {
    const id = await addPerson()
    await (await link(id, 'quinn')).back()
    const done = await stepUp(id, 'quinn')
    expect(done.back).toBe('/settings#stepped-up')
    expect(done.authTime).toBeGreaterThan(1)
    const other = await stepUp(await addPerson(), 'quinn')
    expect(other).toEqual({ back: '/settings#error=wrong_credentials&way=home', authTime: 1 })
  })
})

describe('disconnecting', () => {
  const links = async (token: string) =>
    (await (await newWalker().call('/api/me/links', { token })).json<{ links: { id: string }[] }>()).links.map(
      ({ id }) => id,
    )
  const remove = (id: string | undefined, token: string) =>
    newWalker().call(`/api/me/links/${id}`, { method: 'DELETE', token })

  it('never takes the last way in, also when both of the last two go at once', async () => {
    const id = await addPerson()
    await (await link(id, 'rex-1')).back()
    await (await link(id, 'rex-2')).back()
    const { token } = await tokenOf(id)
    const statuses = await Promise.all((await links(token)).map(async (one) => (await remove(one, token)).status))
    expect(statuses.sort()).toEqual([204, 409])
    const [last] = await links(token)
    expect(await refusal(await remove(last, token))).toEqual([409, 'last_way_in'])
  })

  it('takes one away while a password remains, and nobody else’s', async () => {
    const [id, other] = [await addPerson({ passwordHash: 'x' }), await addPerson({ passwordHash: 'x' })]
    await (await link(id, 'sam')).back()
    const [mine, theirs] = [await tokenOf(id), await tokenOf(other)]
    const [linkId] = await links(mine.token)
    expect(await refusal(await remove(linkId, theirs.token))).toEqual([404, 'not_found'])
    expect((await remove(linkId, mine.token)).status).toBe(204)
    expect(await links(mine.token)).toEqual([])
    expect(await count("select count(*) n from notices where user_id = ? and kind = 'identity_unlinked'", id)).toBe(1)
  })
})
