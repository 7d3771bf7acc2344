import { describe, expect, it } from 'vitest'
import { learnSpeed } from './agent-speeds.ts'

const of = (megabytes: number, seconds: number) => ({ bytes: megabytes * 1e6, seconds, nowMs: 5 })

describe('the speed of each agent', () => {
  it('is learnt from what it sent, and from nothing another sent', () => {
    const once = learnSpeed([], 'a', of(10, 2))
    expect(once).toEqual([{ agentId: 'a', bytesPerSecond: 5e6, atMs: 5 }])
    const both = learnSpeed(once, 'b', of(1, 1))
    expect(both.map(({ agentId, bytesPerSecond }) => [agentId, bytesPerSecond])).toEqual([
      ['b', 1e6],
      ['a', 5e6],
    ])
    expect(learnSpeed(both, 'a', of(15, 1))[0]).toMatchObject({ agentId: 'a', bytesPerSecond: 8e6 })
  })

  it('is not learnt from what says nothing', () => {
    const known = learnSpeed([], 'a', of(10, 2))
    expect(learnSpeed(known, 'a', of(0.1, 1))).toBe(known)
    expect(learnSpeed(known, 'b', of(10, 0))).toBe(known)
  })

  it('is kept of eight agents, those used last', () => {
    const all = Array.from({ length: 12 }, (_, i) => `agent-${i}`)
    const known = all.reduce<ReturnType<typeof learnSpeed>>((before, id) => learnSpeed(before, id, of(1, 1)), [])
    expect(known.map(({ agentId }) => agentId)).toEqual(all.slice(4).reverse())
  })
})
