/** Leases over time, over a restart, and against revocation; the state is real. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { StreamClaims } from '#protocol/stream-token.ts'
import { openState } from '../state/state.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { Leases } from './leases.ts'

const start = 1_000_000
const claims = (changes: Partial<StreamClaims> = {}): StreamClaims => ({
  keyId: 'k',
  streamId: 'stream-1',
  personId: 'p',
  sessionId: 's',
  agentId: 'a',
  sourceId: 'source',
  path: 'film',
  scopes: ['media'],
  notBefore: start,
  expiresAt: start + 300,
  counter: 0,
  correlationId: 'correlation',
  ...changes,
})
const seconds = (count: number) => vi.advanceTimersByTime(count * 1000)
const edgeNow = () => Date.now() / 1000
const code = (act: () => unknown): string | undefined => {
  try {
    act()
  } catch (error) {
    return (error as { code: string }).code
  }
  return undefined
}

beforeEach(() => {
  vi.useFakeTimers({ now: start * 1000, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function begin(directory = temporaryDirectory()) {
  const state = openState(directory)
  const leases = new Leases(state.streams, edgeNow)
  let isOpen = true
  const stop = () => {
    if (isOpen) state.close()
    isOpen = false
  }
  onTestFinished(stop)
  return { leases, state, directory, stop }
}

describe('Leases', () => {
  it('admits a token until it expires, and ends what runs then', () => {
    const { leases } = begin()
    const { signal } = leases.admit(claims())
    seconds(299)
    expect(signal.aborted).toBe(false)
    seconds(2)
    expect(signal.reason).toMatchObject({ code: 'token_expired' })
    expect(code(() => leases.admit(claims()))).toBe('token_expired')
  })

  it('goes on with the old URL when a newer token was shown', () => {
    const { leases } = begin()
    const { signal } = leases.admit(claims())
    seconds(200)
    leases.admit(claims({ counter: 1, expiresAt: start + 500 })).release()
    seconds(200)
    expect(signal.aborted).toBe(false)
    expect(code(() => leases.admit(claims()))).toBeUndefined()
    seconds(101)
    expect(signal.aborted).toBe(true)
    expect(code(() => leases.admit(claims()))).toBe('token_expired')
  })

  it.each<[string, Partial<StreamClaims>]>([
    ['person', { personId: 'x' }],
    ['session', { sessionId: 'x' }],
    ['source', { sourceId: 'x' }],
    ['file', { path: 'x' }],
    ['stream', { streamId: 'stream-2' }],
  ])('is not extended by a token of another %s', (_what, changes) => {
    const { leases } = begin()
    leases.admit(claims()).release()
    leases.admit(claims({ counter: 1, expiresAt: start + 900, ...changes })).release()
    seconds(301)
    expect(code(() => leases.admit(claims()))).toBe('token_expired')
  })

  it('is not extended by a newer token that has itself expired', () => {
    const { leases } = begin()
    seconds(301)
    expect(code(() => leases.admit(claims({ counter: 5 })))).toBe('token_expired')
    expect(code(() => leases.admit(claims()))).toBe('token_expired')
  })

  it('refuses a token before its time, give or take the clocks', () => {
    const { leases } = begin()
    expect(code(() => leases.admit(claims({ notBefore: start + 3 })))).toBeUndefined()
    expect(code(() => leases.admit(claims({ notBefore: start + 60 })))).toBe('token_invalid')
  })

  it('ends everything of a stream at once when it is revoked, and for good', () => {
    const { leases } = begin()
    const running = [leases.admit(claims()), leases.admit(claims({ counter: 1, expiresAt: start + 900 }))]
    const other = leases.admit(claims({ streamId: 'stream-2' }))
    leases.revoke(['stream-1', 'never-seen'])
    expect(running.map(({ signal }) => signal.reason.code)).toEqual(['token_revoked', 'token_revoked'])
    expect(other.signal.aborted).toBe(false)
    expect(code(() => leases.admit(claims({ counter: 2, expiresAt: start + 900 })))).toBe('token_revoked')
  })

  it('takes the edge’s whole list in place of its own', () => {
    const { leases } = begin()
    leases.revoke(['stream-1'])
    const { signal } = leases.admit(claims({ streamId: 'stream-2' }))
    leases.replaceRevoked(['stream-2'])
    expect(signal.aborted).toBe(true)
    expect(code(() => leases.admit(claims()))).toBeUndefined()
  })

  it('ends what runs when the viewer leaves, and lets the same token begin again', () => {
    const { leases } = begin()
    const { signal } = leases.admit(claims())
    leases.close('stream-1')
    expect(signal.aborted).toBe(true)
    expect(code(() => leases.admit(claims()))).toBeUndefined()
  })

  it('remembers leases and revocations over a restart', () => {
    const { leases, directory, stop } = begin()
    leases.admit(claims()).release()
    leases.admit(claims({ counter: 1, expiresAt: start + 900 })).release()
    leases.revoke(['stream-2'])
    stop()
    seconds(400)
    const again = begin(directory)
    expect(code(() => again.leases.admit(claims()))).toBeUndefined()
    expect(code(() => again.leases.admit(claims({ streamId: 'stream-2', expiresAt: start + 900 })))).toBe(
      'token_revoked',
    )
  })

  it('ends everything when the agent stops', () => {
    const { leases } = begin()
    const { signal } = leases.admit(claims())
    leases.endAll()
    expect(signal.aborted).toBe(true)
  })

  it('does not abort what was released', () => {
    const { leases } = begin()
    const admission = leases.admit(claims())
    admission.release()
    leases.revoke(['stream-1'])
    expect(admission.signal.aborted).toBe(false)
  })
})
