/** Somebody guesses at an account from everywhere: nobody new comes in, and its owner does. */
import { beforeAll, describe, expect, it } from 'vitest'
import { refusal, setUp } from '../../testing/call-edge.ts'
import { insertPerson, TestBrowser } from '../../testing/test-browser.ts'
import { hashPassword } from '../password-hash.ts'

const [email, password] = ['ben@example.org', 'four words and a lamp']
const atHome = { 'cf-connecting-ip': '198.51.100.7' }

const signIn = (browser: TestBrowser, tried: string, headers: Record<string, string>) =>
  browser.call('/api/auth/sign-in', { json: { email, password: tried }, headers })

describe('an account that is guessed at from everywhere', () => {
  const known = new TestBrowser()

  beforeAll(async () => {
    await setUp()
    const passwordHash = hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } })
    await insertPerson({ id: 'ben'.padEnd(22, '0'), email, displayName: 'Ben', passwordHash, role: 'user' })
    await known.take(await signIn(known, password, atHome))
    // Each from a network of its own, until the account itself is slowed.
    let refused = 0
    for (let i = 0; i < 250 && refused < 3; i++) {
      const { status } = await signIn(new TestBrowser(), 'not the password', { 'cf-connecting-ip': `203.0.${i}.9` })
      if (status === 429) refused++
    }
    expect(refused).toBe(3)
  })

  it('lets no browser in that is new to it, not with the right password either, and says when to come back', async () => {
    const answer = await signIn(new TestBrowser(), password, { 'cf-connecting-ip': '192.0.2.77' })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refusal(answer)).toEqual([429, 'too_many'])
  })

  it('lets the browser in that has signed in before, from wherever it is', async () => {
    expect((await signIn(known, password, { 'cf-connecting-ip': '192.0.2.78' })).status).toBe(200)
  })

  it('keeps who is signed in', async () => {
    expect((await known.call('/api/me')).status).toBe(200)
    expect((await known.call(`/api/auth/refresh/${known.sessionId}`, { method: 'POST' })).status).toBe(200)
  })
})
