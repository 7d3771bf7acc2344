import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError, type ErrorCode } from '#protocol/errors.ts'
import type { Transport } from '#protocol/stream-url.ts'
import { chooseTransport, type Outcome } from './choose-transport.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Milliseconds until it answers; negative: until it is known to be silent. A code: refused at once. */
type Behaviour = number | ErrorCode

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

function world(ways: Partial<Record<Transport, Behaviour>>, isHasty = false) {
  const beganMs = performance.now()
  const asked: [Transport, number][] = []
  const outcomes: Outcome[] = []
  const leaving = new AbortController()
  const ask = async (transport: Transport) => {
    asked.push([transport, Math.round(performance.now() - beganMs)])
    const behaves = ways[transport] ?? -1
    if (typeof behaves === 'string') return new AppError(behaves, 'No.')
    await pause(Math.abs(behaves))
    return behaves < 0 ? ('silent' as const) : ('answers' as const)
  }
  const transports = Object.keys(ways) as Transport[]
  const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
  const chosen = chooseTransport(transports, { ask, signal: leaving.signal, onOutcome, isHasty })
  chosen.catch(() => undefined)
  return { asked, outcomes, leaving, chosen, tookMs: () => Math.round(performance.now() - beganMs) }
}

describe('choosing a transport', () => {
  it.each<[string, Partial<Record<Transport, Behaviour>>, Transport, Transport[]]>([
    [
      'the cheapest, and asks nobody else, when it answers at once',
      { direct: 50, p2p: 50, relay: 50 },
      'direct',
      ['direct'],
    ],
    [
      'the cheapest that answers soon, not the first',
      { direct: 500, p2p: 100, relay: 50 },
      'direct',
      ['direct', 'p2p'],
    ],
    ['the next when the cheapest is slow to answer', { direct: 2400, p2p: 600, relay: 50 }, 'p2p', ['direct', 'p2p']],
    ['the next at once when the cheapest is known to be dead', { direct: -10, p2p: 60 }, 'p2p', ['direct', 'p2p']],
    [
      'the relay when nothing else leads home',
      { direct: -2500, p2p: -2000, relay: 100 },
      'relay',
      ['direct', 'p2p', 'relay'],
    ],
    [
      'the relay at once when the others are known to be dead',
      { direct: -10, p2p: -20, relay: 100 },
      'relay',
      ['direct', 'p2p', 'relay'],
    ],
    ['what is slow rather than nothing', { direct: 2400, p2p: -300 }, 'direct', ['direct', 'p2p']],
    [
      'the next when the first refuses',
      { direct: 'token_for_another_agent', relay: 100 },
      'relay',
      ['direct', 'relay'],
    ],
  ])('takes %s', async (_, ways, expected, asked) => {
    const there = world(ways)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await there.chosen).toBe(expected)
    expect(there.asked.map(([transport]) => transport)).toEqual(asked)
  })

  it('gives the cheaper ones their time before the relay, which is paid for', async () => {
    const there = world({ direct: -2500, p2p: 2200, relay: 50 })
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await there.chosen).toBe('p2p')
    expect(Object.fromEntries(there.asked)).toMatchObject({ direct: 0, p2p: 201, relay: 1501 })
  })

  it.each<[string, Partial<Record<Transport, Behaviour>>, Transport, number]>([
    ['the cheaper one that answers within a moment', { direct: -2500, p2p: 250, relay: 50 }, 'p2p', 250],
    ['the dearer one after that moment', { direct: -2500, p2p: 2200, relay: 50 }, 'relay', 301],
    ['the dearer one at once where the others are dead', { direct: -10, p2p: -20, relay: 50 }, 'relay', 50],
  ])('in haste asks all at once, and takes %s', async (_, ways, expected, afterMs) => {
    const there = world(ways, true)
    let tookMs = Number.NaN
    const told = there.chosen.then(() => {
      tookMs = there.tookMs()
    })
    await vi.advanceTimersByTimeAsync(15_000)
    await told
    expect([await there.chosen, tookMs]).toEqual([expected, afterMs])
    expect(there.asked.map(([, atMs]) => atMs)).toEqual([0, 0, 0])
  })

  it('tells what came of each that was asked to its end', async () => {
    const there = world({ direct: -40, p2p: 'agent_offline', relay: 30 })
    await vi.advanceTimersByTimeAsync(15_000)
    await there.chosen
    expect(there.outcomes.map(({ transport, outcome }) => [transport, outcome])).toEqual([
      ['direct', 'silent'],
      ['p2p', 'refused'],
      ['relay', 'answers'],
    ])
  })

  it('prefers to throw what was refused over silence', async () => {
    const there = world({ direct: -100, relay: 'token_expired' })
    await vi.advanceTimersByTimeAsync(15_000)
    await expect(there.chosen).rejects.toMatchObject({ code: 'token_expired' })
  })

  it.each([[{}], [{ direct: -10, p2p: -10, relay: -10 }]])('says that no way leads home', async (ways) => {
    const there = world(ways)
    await vi.advanceTimersByTimeAsync(15_000)
    await expect(there.chosen).rejects.toMatchObject({ name: 'NoRoute' })
  })

  it('stops at once when the person has left', async () => {
    const there = world({ direct: 2000, relay: 2000 })
    await vi.advanceTimersByTimeAsync(100)
    there.leaving.abort()
    await expect(there.chosen).rejects.toMatchObject({ name: 'AbortError' })
    await vi.advanceTimersByTimeAsync(15_000)
    expect(there.asked).toHaveLength(1)
  })
})
