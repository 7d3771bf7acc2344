/** What a request that only reads costs, and how long what ended elsewhere may still be read with. */
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { VIEW_SECONDS } from '../cache/brief-views.ts'
import { type Call, setUp } from '../testing/call-edge.ts'
import { countingDatabase } from '../testing/count-rows.ts'
import { insertPerson, TestBrowser } from '../testing/test-browser.ts'
import { hashPassword } from './password-hash.ts'

const password = 'four words and a lamp'

/** Somebody who signed in just now, and what their requests cost from here on. */
async function somebody(name: string) {
  const id = name.padEnd(22, '0')
  const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
  await insertPerson({ id, email: `${name}@example.org`, displayName: name, passwordHash, role: 'user' })
  const { database, cost } = countingDatabase(env.DB)
  const browser = new TestBrowser({ DB: database })
  await browser.signIn(`${name}@example.org`, password)
  const ask = async (path: string, call: Call = {}) => {
    Object.assign(cost, { calls: 0, queries: 0, rowsRead: 0, rowsWritten: 0 })
    const { status } = await browser.call(path, call)
    return { status, ...cost }
  }
  return { id, browser, ask }
}

/** As another isolate does it, or a task: not through this one's routes. */
const endElsewhere = ({ browser }: { browser: TestBrowser }) =>
  env.DB.prepare('update sessions set revoked_at = 1, revocation = ? where id = ?')
    .bind(crypto.randomUUID(), browser.sessionId)
    .run()

beforeAll(() => setUp())
afterEach(() => void vi.useRealTimers())

describe('a request that only reads', () => {
  it('reads the session and its person once, and neither while that is fresh', async () => {
    const ben = await somebody('ben')
    const own = { queries: 1, rowsRead: 1 }
    expect(await ben.ask('/api/me')).toMatchObject({
      status: 200,
      queries: own.queries + 1,
      rowsRead: own.rowsRead + 2,
    })
    expect(await ben.ask('/api/me')).toMatchObject({ status: 200, ...own, calls: 1 })
  })

  it('is refused some seconds after the session ended elsewhere', async () => {
    const cat = await somebody('cat')
    expect((await cat.ask('/api/me')).status).toBe(200)
    await endElsewhere(cat)
    vi.useFakeTimers({ now: Date.now() + VIEW_SECONDS * 1000, toFake: ['Date'] })
    expect((await cat.ask('/api/me')).status).toBe(401)
  })

  it('is refused at once when the session ended here', async () => {
    const dan = await somebody('dan')
    expect((await dan.ask('/api/me')).status).toBe(200)
    expect((await dan.browser.call(`/api/auth/logout/${dan.browser.sessionId}`, { method: 'POST' })).status).toBe(204)
    expect((await dan.ask('/api/me')).status).toBe(401)
  })

  it('asks each time where profiles share the account', async () => {
    const eve = await somebody('eve')
    await env.DB.prepare(
      `insert into profiles (id, user_id, name, avatar, language, rating_cap, created_at) values (?, ?, 'Mia', 'cat', 'en', 6, 0)`,
    )
      .bind('p'.repeat(22), eve.id)
      .run()
    expect((await eve.ask('/api/me')).status).toBe(200)
    await endElsewhere(eve)
    expect((await eve.ask('/api/me')).status).toBe(401)
  })
})

describe('whatever is more than a read asks D1 itself', () => {
  it.each([
    ['a write', 'PATCH', '/api/me', { displayName: 'Somebody' }],
    ['what only an admin may', 'GET', '/api/people', undefined],
    ['what reaches further for an admin', 'GET', '/api/me/sessions', undefined],
    ['what needs a fresh proof', 'GET', '/api/me/privacy/export', undefined],
  ])('%s', async (what, method, path, body) => {
    const fay = await somebody(what.replaceAll(' ', '-').slice(0, 20))
    expect((await fay.ask('/api/me')).status).toBe(200)
    await endElsewhere(fay)
    expect((await fay.ask('/api/me')).status).toBe(200)
    expect((await fay.ask(path, { method, json: body })).status).toBe(401)
  })
})
