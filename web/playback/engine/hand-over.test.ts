/** When a film is handed over to another agent, and when it is left where it is. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HandOver } from './hand-over.ts'
import type { StreamLease } from './stream-lease.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type World = {
  otherAgents?: number
  aheadSeconds?: number
  answersAfterMs?: number
  /** The way in use is lost, and another that stood ready has been taken. */
  isWayLost?: boolean
  moves?: (() => Promise<boolean>)[]
}

function world({
  otherAgents = 1,
  aheadSeconds = 30,
  answersAfterMs = Number.POSITIVE_INFINITY,
  isWayLost = false,
  moves = [],
}: World) {
  const reasons: string[] = []
  const moved: boolean[] = []
  const lease = {
    ready: { otherAgents },
    way: {
      transport: 'direct',
      doubt(): Promise<void> {
        if (!isWayLost || this.transport !== 'direct')
          return new Promise((done) => Number.isFinite(answersAfterMs) && setTimeout(done, answersAfterMs))
        this.transport = 'p2p'
        return Promise.resolve()
      },
    },
    moveOn: ({ reason }: { reason: string }) => {
      reasons.push(reason)
      return (moves.shift() ?? (async () => true))()
    },
  }
  const handOver = new HandOver({
    lease: lease as unknown as StreamLease,
    positionSeconds: () => 7,
    aheadSeconds: () => aheadSeconds,
    wish: () => ({}),
    onMoved: (isSame) => moved.push(isSame),
  })
  return { handOver, reasons, moved, lease }
}
const passes = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

describe('a home that is silent', () => {
  it.each([
    ['is left when it does not answer', {}, ['agent_gone']],
    ['is left when it answers too late', { answersAfterMs: 5000 }, ['agent_gone']],
    ['is stayed with when it answers', { answersAfterMs: 300 }, []],
    ['is left when the way that stood ready is as dead', { isWayLost: true }, ['agent_gone']],
    ['is stayed with when it answers by the way that stood ready', { isWayLost: true, answersAfterMs: 300 }, []],
    ['is waited for when there is no other', { otherAgents: 0 }, []],
  ])('%s', async (_what, about, expected) => {
    const { handOver, reasons } = world(about)
    void handOver.suspect()
    await passes(1000)
    expect(reasons).toEqual(expected)
  })

  it('is left once by those who suspected it together, for the next one is another', async () => {
    const { handOver, reasons } = world({ moves: [() => new Promise((done) => setTimeout(done, 100, true))] })
    void handOver.suspect()
    await passes(500)
    void handOver.suspect()
    await passes(3000)
    expect(reasons).toEqual(['agent_gone'])
  })

  it('is left for the one that was left before, which may be back', async () => {
    const { handOver, reasons, lease } = world({})
    await Promise.all([handOver.suspect(), passes(1000)])
    // Nobody else was there when it was opened anew.
    lease.ready.otherAgents = 0
    await Promise.all([handOver.suspect(), passes(1000)])
    expect(reasons).toEqual(['agent_gone', 'agent_gone'])
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

describe('a home that waits for its VPN', () => {
  /** Says so once a second, as its status does. */
  async function waits(handOver: HandOver, seconds: number) {
    for (let second = 0; second < seconds; second++) {
      handOver.vpnIsAway(true)
      await passes(1000)
    }
  }

  it.each<[string, World, number, string[]]>([
    ['is waited for while its film lasts', {}, 5, []],
    ['is left when that takes long', {}, 7, ['draining']],
    ['is left at once by whoever holds little', { aheadSeconds: 4 }, 1, ['draining']],
    ['is waited for when there is no other', { otherAgents: 0, aheadSeconds: 0 }, 60, []],
  ])('%s', async (_what, about, seconds, expected) => {
    const { handOver, reasons } = world(about)
    await waits(handOver, seconds)
    expect(reasons).toEqual(expected)
  })

  it('is not left for the time in which it did not wait', async () => {
    const { handOver, reasons } = world({})
    for (let times = 0; times < 3; times++) {
      await waits(handOver, 4)
      handOver.vpnIsAway(false)
    }
    expect(reasons).toEqual([])
  })

  it('asks less and less often where nobody can take its film', async () => {
    const refuse = () => Promise.reject(new Error('nobody'))
    const { handOver, reasons } = world({ moves: Array.from({ length: 99 }, () => refuse) })
    await waits(handOver, 3600)
    // 10, 20, 40, 80, 160 s apart, and then five minutes.
    expect(reasons.length).toBe(16)
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

describe('a source that breaks', () => {
  it('goes on elsewhere', async () => {
    const { handOver, reasons } = world({})
    expect(await handOver.broke()).toBe(true)
    expect(reasons).toEqual(['agent_gone'])
  })

  it('has asked the agent that was left, when it breaks as soon as the film has moved', async () => {
    const { handOver, reasons } = world({})
    await handOver.begin('draining')
    await passes(300)
    expect(await handOver.broke()).toBe(true)
    expect(reasons).toEqual(['draining'])
  })

  it('goes on elsewhere again when it breaks later', async () => {
    const { handOver, reasons } = world({})
    await handOver.begin('draining')
    await passes(1100)
    expect(await handOver.broke()).toBe(true)
    expect(reasons).toEqual(['draining', 'agent_gone'])
  })
})
