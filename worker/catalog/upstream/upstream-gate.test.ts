/** The gate: no second holds more than it may, people before tasks, a pause is kept, and what is away is left alone. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterOutcome, closedBreaker, type Outcome, permitOf, retryAfterSeconds } from './breaker.ts'
import { gone, nextGoMs, type Pace } from './pace.ts'

const gate = () => env.UPSTREAM_GATE.get(env.UPSTREAM_GATE.newUniqueId())
const failed: Outcome = { kind: 'failed' }
const times = (count: number, outcome: Outcome, atMs: number) =>
  Array.from({ length: count }).reduce<typeof closedBreaker>((one) => afterOutcome(one, outcome, atMs), closedBreaker)

describe('the pace', () => {
  it('lets no second hold more than it may, whenever they come', () => {
    const arrivals = fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 10 }), (waits, perSecond) => {
        let pace: Pace = []
        let nowMs = 0
        const went: number[] = []
        for (const wait of waits) {
          nowMs = nextGoMs(pace, perSecond, nowMs + wait)
          pace = gone(pace, perSecond, nowMs)
          went.push(nowMs)
        }
        for (const [at, ms] of went.entries()) {
          expect(went.slice(at).filter((later) => later < ms + 1000).length).toBeLessThanOrEqual(perSecond)
        }
      }),
    )
  })
})

describe('the breaker', () => {
  it('opens after five failures of one trouble, rests, and lets one probe through', () => {
    expect(permitOf(times(4, failed, 1000), 1000)).toBe('go')
    const open = times(5, failed, 1000)
    expect([permitOf(open, 1000), permitOf(open, 15_999), permitOf(open, 16_000)]).toEqual(['away', 'away', 'probe'])
    expect(permitOf(afterOutcome(open, { kind: 'answered' }, 16_500), 16_500)).toBe('go')
  })

  it('rests longer each time, never past ten minutes', () => {
    let breaker = times(5, failed, 0)
    for (let i = 0; i < 30; i++) breaker = afterOutcome(breaker, failed, breaker.openUntilMs)
    expect(breaker.openUntilMs - breaker.failedAtMs).toBe(600_000)
  })

  it('forgets failures that lie far apart', () => {
    const four = times(4, failed, 0)
    expect(permitOf(afterOutcome(four, failed, 61_000), 61_000)).toBe('go')
  })

  it.each([
    ['7', 7],
    ['Sun, 22 Nov 2026 08:00:09 GMT', 9],
    ['Sun, 22 Nov 2026 07:00:00 GMT', 0],
    ['soon', 10],
    ['-4', 10],
    [null, 10],
  ])('reads Retry-After: %s as %s s', (header, seconds) => {
    expect(retryAfterSeconds(header, Date.UTC(2026, 10, 22, 8))).toBe(seconds)
  })

  it('waits as long as it is asked to, and an hour at most', () => {
    const paused = afterOutcome(closedBreaker, { kind: 'paused', seconds: 10 }, 0)
    expect([permitOf(paused, 9999), permitOf(paused, 10_000)]).toEqual(['away', 'go'])
    expect(afterOutcome(closedBreaker, { kind: 'paused', seconds: 1e9 }, 0).pausedUntilMs).toBe(3_600_000)
  })
})

describe('the gate', () => {
  it('serves people before tasks that came earlier, and tells at once who would wait too long', async () => {
    const one = gate()
    const order: string[] = []
    const enter = async (name: string, priority: 'person' | 'task', waitMs: number) => {
      const admission = await one.enter(priority, 2, waitMs)
      order.push(admission === 'go' ? name : `${name}: ${admission}`)
    }
    await Promise.all([enter('first', 'task', 5000), enter('second', 'task', 5000)])
    await Promise.all([
      enter('task', 'task', 5000),
      enter('impatient', 'person', 10),
      enter('person', 'person', 5000),
      enter('person too', 'person', 5000),
    ])
    expect(order).toEqual(['first', 'second', 'impatient: late', 'person', 'person too', 'task'])
  })

  it('keeps everybody away while a pause lasts, those who wait too', async () => {
    const one = gate()
    expect(await one.enter('task', 1, 0)).toBe('go')
    const waiting = one.enter('person', 1, 5000)
    await one.tell({ kind: 'paused', seconds: 60 })
    expect(await waiting).toBe('away')
    expect(await one.enter('person', 1, 5000)).toBe('away')
    expect(await one.state()).toEqual({ isAway: true, waiting: 0 })
  })
})
