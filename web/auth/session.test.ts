import { afterEach, describe, expect, it } from 'vitest'
import { Session } from './session.ts'

const person = { id: 'p1', email: 'ana@example.org', displayName: 'Ana', role: 'user' as const }

const needed = { secondFactor: { methods: ['totp'], expiresAt: 1 } }

/** An edge that rotates: each refresh makes the older access tokens worthless. */
class StandInEdge {
  refreshes = 0
  served = 0
  isUp = true
  isEnded = false
  asksForSecondFactor = false
  token = 'none'
  restriction: 'second_factor_needed' | null = null
  /** What the next requests are refused with. */
  refusals: string[] = []
  refused: string[] = []

  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (!this.isUp) throw new TypeError('Failed to fetch')
    const path = String(input)
    if (path.startsWith('/api/auth/logout')) return new Response(null, { status: 204 })
    if (path.startsWith('/api/auth') || path === '/api/setup') {
      if (path === '/api/auth/sign-in' && this.asksForSecondFactor) return Response.json(needed, { status: 202 })
      if (this.isEnded || path.endsWith('/gone')) return refuse('session_ended')
      this.refreshes += 1
      this.token = `token-${this.refreshes}`
      return Response.json({
        sessionId: 's1',
        accessToken: this.token,
        expiresAt: Date.now() / 1000 + 900,
        person,
        restriction: this.restriction,
      })
    }
    const sent = new Headers(init.headers).get('authorization')
    if (sent !== `Bearer ${this.token}`) {
      this.refused.push(String(sent))
      return refuse('not_signed_in')
    }
    const refusal = this.refusals.shift()
    if (refusal !== undefined) return refuse(refusal, 403)
    this.served += 1
    return Response.json({})
  }
}

const refuse = (code: string, status = 401) => Response.json({ error: { code, message: 'x' } }, { status })

const channels: BroadcastChannel[] = []
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close()
})

/** A tab: tabs of one browser share storage, locks and a channel. */
function browser(edge: StandInEdge) {
  const entries = new Map<string, string>()
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  }
  const name = `session-${Math.random()}`
  const tab = () => {
    const channel = new BroadcastChannel(name)
    channels.push(channel)
    return new Session({ fetch: edge.fetch, storage, locks: navigator.locks, channel, now: Date.now })
  }
  return { tab, entries }
}

async function signedInTab(edge: StandInEdge, { tab } = browser(edge)) {
  const session = tab()
  await session.signIn('/api/auth/sign-in', { email: 'ana@example.org', password: 'x' })
  return session
}

describe('a session', () => {
  it('keeps no credential in storage', async () => {
    const edge = new StandInEdge()
    const here = browser(edge)
    await signedInTab(edge, here)
    expect([...here.entries.values()].join()).toContain('s1')
    expect([...here.entries.values()].join()).not.toContain('token')
  })

  it('is found again by a new tab', async () => {
    const edge = new StandInEdge()
    const here = browser(edge)
    await signedInTab(edge, here)
    expect(await here.tab().start()).toMatchObject({ status: 'signed-in', person })
  })

  it('makes one refresh when fifty requests meet a refused token', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    edge.token = 'rotated elsewhere'
    const before = edge.refreshes
    const answers = await Promise.all(Array.from({ length: 50 }, () => session.fetch('/api/titles')))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(edge.refreshes - before).toBe(1)
  })

  it('refreshes once for ten tabs that all start at the same moment and then all ask', async () => {
    const edge = new StandInEdge()
    const here = browser(edge)
    await signedInTab(edge, here)
    const tabs = Array.from({ length: 10 }, here.tab)
    await Promise.all(tabs.map((tab) => tab.start()))
    // Each start is a refresh of its own, one after another, and each tab hears of the newest token.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const before = edge.refreshes
    const answers = await Promise.all(tabs.map((tab) => tab.fetch('/api/titles')))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(edge.refreshes).toBe(before)
    expect(edge.refused).toEqual([])
  })

  it('gives a second refusal to the caller instead of asking for ever', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    const real = edge.fetch
    let refused = 0
    edge.fetch = async (input, init) => {
      if (String(input).startsWith('/api/auth')) return real(input, init)
      refused += 1
      return refuse('not_signed_in')
    }
    const other = browser(edge).tab()
    await other.signIn('/api/auth/sign-in', {})
    expect((await other.fetch('/api/titles')).status).toBe(401)
    expect(refused).toBe(2)
    expect(session.getState().status).toBe('signed-in')
  })

  it('survives an edge that is away, and goes on when it is back', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    edge.token = 'rotated elsewhere'
    edge.isUp = false
    await expect(session.fetch('/api/titles')).rejects.toThrow()
    expect(session.getState().status).toBe('signed-in')
    edge.isUp = true
    expect((await session.fetch('/api/titles')).ok).toBe(true)
  })

  it('ends when the edge says so, and says why', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    edge.token = 'revoked'
    edge.isEnded = true
    await expect(session.fetch('/api/titles')).rejects.toMatchObject({ code: 'session_ended' })
    expect(session.getState()).toEqual({ status: 'signed-out', because: 'session_ended' })
    await expect(session.fetch('/api/titles')).rejects.toMatchObject({ code: 'session_ended' })
  })

  it('leaves a tab undecided when the edge is away at its start', async () => {
    const edge = new StandInEdge()
    const here = browser(edge)
    await signedInTab(edge, here)
    edge.isUp = false
    const session = here.tab()
    await expect(session.start()).rejects.toMatchObject({ name: 'Unreachable' })
    expect(session.getState().status).toBe('unknown')
    edge.isUp = true
    expect(await session.start()).toMatchObject({ status: 'signed-in' })
  })

  it('signs out in every tab of the session', async () => {
    const edge = new StandInEdge()
    const here = browser(edge)
    const first = await signedInTab(edge, here)
    const second = here.tab()
    await second.start()
    await first.signOut()
    await expect.poll(() => second.getState().status).toBe('signed-out')
    expect(await here.tab().start()).toEqual({ status: 'signed-out' })
  })

  it('hands the second factor that is asked for to the form, and is not signed in', async () => {
    const edge = new StandInEdge()
    edge.asksForSecondFactor = true
    const session = browser(edge).tab()
    expect(await session.signIn('/api/auth/sign-in', {})).toEqual(needed)
    expect(session.getState().status).toBe('unknown')
    expect(await session.signIn('/api/auth/second-factor', { totp: '123456' })).toBeUndefined()
    expect(session.getState().status).toBe('signed-in')
  })

  it('asks for a step-up when the edge does, and then makes the request again', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    session.onStepUp(async () => {
      edge.token = 'stepped-up'
      session.takeToken({ accessToken: 'stepped-up', expiresAt: Date.now() / 1000 + 900 }, null)
      return true
    })
    edge.refusals = ['step_up_needed']
    expect((await session.fetch('/api/people')).ok).toBe(true)
    expect(edge.refused).toEqual([])
  })

  it('gives the refusal to the caller when the person would rather not step up', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    session.onStepUp(async () => false)
    edge.refusals = ['step_up_needed']
    expect((await session.fetch('/api/people')).status).toBe(403)
    expect(edge.served).toBe(0)
  })

  it('learns that it is restricted from a refusal', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    edge.refusals = ['second_factor_needed']
    edge.restriction = 'second_factor_needed'
    await session.fetch('/api/titles')
    expect(session.getState()).toMatchObject({ restriction: 'second_factor_needed' })
  })

  it('stays who it is when somebody else’s sign-in has ended', async () => {
    const edge = new StandInEdge()
    const session = await signedInTab(edge)
    await session.resume('gone')
    expect(session.getState()).toMatchObject({ status: 'signed-in', sessionId: 's1' })
  })
})
