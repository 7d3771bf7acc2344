/** When a film is handed over to another agent, and when it is left where it is. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HandOver } from './hand-over.ts'
import type { StreamLease } from './stream-lease.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type World = { otherAgents?: number; answersAfterMs?: number; moves?: (() => Promise<boolean>)[] }

function world({ otherAgents = 1, answersAfterMs = Number.POSITIVE_INFINITY, moves = [] }: World) {
  const reasons: string[] = []
  const moved: boolean[] = []
  const lease = {
    ready: { otherAgents },
    way: {
      doubt: () => new Promise<void>((done) => Number.isFinite(answersAfterMs) && setTimeout(done, answersAfterMs)),
    },
    moveOn: ({ reason }: { reason: string }) => {
      reasons.push(reason)
      return (moves.shift() ?? (async () => true))()
    },
  } as unknown as StreamLease
  const handOver = new HandOver({
    lease,
    positionSeconds: () => 7,
    wish: () => ({}),
    onMoved: (isSame) => moved.push(isSame),
  })
  return { handOver, reasons, moved }
}
const passes = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

describe('a home that is silent', () => {
  it.each([
    ['is left when it does not answer', {}, ['agent_gone']],
    ['is left when it answers too late', { answersAfterMs: 5000 }, ['agent_gone']],
    ['is stayed with when it answers', { answersAfterMs: 300 }, []],
    ['is waited for when there is no other', { otherAgents: 0 }, []],
  ])('%s', async (_what, about, expected) => {
    const { handOver, reasons } = world(about)
    void handOver.suspect()
    await passes(1000)
    expect(reasons).toEqual(expected)
  })

  it('is left once, however often it is suspected', async () => {
    const { handOver, reasons, moved } = world({ moves: [() => new Promise((done) => setTimeout(done, 3000, true))] })
    for (let times = 0; times < 5; times++) {
      void handOver.suspect()
      await passes(500)
    }
    await passes(5000)
    expect([reasons, moved]).toEqual([['agent_gone'], [true]])
  })
})

describe('a hand-over', () => {
  it('that nobody takes leaves the film where it is, and is not asked for again at every beat', async () => {
    const refuse = () => Promise.reject(new Error('nobody'))
    const { handOver, reasons, moved } = world({ moves: [refuse, refuse, refuse] })
    for (let seconds = 0; seconds < 25; seconds++) {
      await handOver.begin('draining')
      await passes(1000)
    }
    expect([reasons.length, moved]).toEqual([3, []])
  })

  it('is none for whoever has left meanwhile', async () => {
    const { handOver, moved } = world({})
    const going = handOver.begin('draining')
    handOver.close()
    expect([await going, moved]).toEqual([false, []])
  })
})
