/** Placement: the same agent each time, little moves when one leaves, nothing starts where the VPN says no. */
import { describe, expect, it } from 'vitest'
import type { Capabilities } from '#protocol/capabilities.ts'
import type { AgentMode } from '../agents/standing.ts'
import { capabilities } from '../testing/test-agent.ts'
import { type Candidate, placeTitle } from './place-title.ts'

const load = (streams: number, mostStreams: number, makings = 0) => ({ streams, mostStreams, makings, mostMakings: 1 })

type Vpn = Extract<Candidate, { online: true }>['capabilities']['vpn']
const here = (agentId: string, vpn: Vpn = capabilities.vpn): Candidate => ({
  agentId,
  online: true,
  capabilities: { ...capabilities, vpn },
})
const five = ['a', 'b', 'c', 'd', 'e'].map((id) => here(id))
const titles = Array.from({ length: 500 }, (_, i) => `title-${i}`)

describe('placement', () => {
  it('does not depend on the order in which agents are listed', () => {
    for (const title of titles.slice(0, 50)) {
      expect(placeTitle(title, five).order).toEqual(placeTitle(title, [...five].reverse()).order)
    }
  })

  it('gives each of five agents its share of titles', () => {
    const firsts = Object.groupBy(titles, (title) => placeTitle(title, five).order[0] ?? '')
    for (const { agentId } of five) expect(firsts[agentId]?.length).toBeGreaterThan(60)
  })

  it('moves only the titles of the agent that left', () => {
    const left = five.filter(({ agentId }) => agentId !== 'c')
    for (const title of titles) {
      const before = placeTitle(title, five).order
      expect(placeTitle(title, left).order).toEqual(before.filter((id) => id !== 'c'))
    }
  })

  it.each<[Vpn['policy'], Vpn['state'], boolean]>([
    ['required', 'up', false],
    ['required', 'down', true],
    ['required', 'unknown', true],
    ['preferred', 'down', false],
    ['preferred', 'unknown', false],
    ['off', 'unknown', false],
  ])('with VPN %s and %s is for what is whole at home alone: %s', (policy, state, isHeldBack) => {
    const placed = placeTitle('t', [here('a', { policy, state })])
    expect(placed).toEqual({ order: ['a'], waitForVpn: isHeldBack ? ['a'] : [], refused: [] })
  })

  it('asks who waits for the VPN after all others', () => {
    const down = here('c', { policy: 'required', state: 'down' })
    const mixed = five.map((one) => (one.agentId === 'c' ? down : one))
    for (const title of titles.slice(0, 50)) {
      const others = placeTitle(title, five).order.filter((id) => id !== 'c')
      expect(placeTitle(title, mixed).order).toEqual([...others, 'c'])
    }
  })

  it('asks whoever has not answered after all others, also for what is whole there', () => {
    for (const title of titles.slice(0, 50)) {
      const others = placeTitle(title, five).order.filter((id) => id !== 'c')
      const about = { silent: new Set(['c']), wholeAt: new Set(['c']) }
      expect(placeTitle(title, five, about).order).toEqual([...others, 'c'])
    }
  })

  it('passes over who is not there', () => {
    const placed = placeTitle('t', [{ agentId: 'gone', online: false }, here('a')])
    expect(placed).toEqual({ order: ['a'], waitForVpn: [], refused: [{ agentId: 'gone', reason: 'agent_offline' }] })
  })

  it.each<[string, Partial<Capabilities>, AgentMode, 'full' | 'resting']>([
    ['one that is full', { load: load(3, 3) }, 'serving', 'full'],
    ['one that an admin drains', {}, 'draining', 'resting'],
    ['one that is looked after', {}, 'maintenance', 'resting'],
    ['one that is about to stop', { isLeaving: true }, 'serving', 'resting'],
  ])('passes over %s, unless it plays the stream already', (_who, change, mode, reason) => {
    const busy = { ...here('a'), capabilities: { ...capabilities, ...change }, mode }
    expect(placeTitle('t', [busy, here('b')])).toEqual({
      order: ['b'],
      waitForVpn: [],
      refused: [{ agentId: 'a', reason }],
    })
    expect(placeTitle('t', [busy, here('b')], { current: 'a' }).refused).toEqual([])
    expect(placeTitle('t', [busy], { current: 'a' }).order).toEqual(['a'])
  })

  it('leaves for a stream that an agent at rest plays every other agent before it', () => {
    for (const title of titles.slice(0, 50)) {
      const resting = five.map((one) => ({ ...one, mode: one.agentId === 'c' ? ('draining' as const) : undefined }))
      const known = resting.map(({ mode, ...one }) => ({ ...one, ...(mode && { mode }) }))
      expect(placeTitle(title, known, { current: 'c' }).order.at(-1)).toBe('c')
    }
  })

  it('puts those first that have the film whole at home, VPN or not', () => {
    const down = here('c', { policy: 'required', state: 'down' })
    const mixed = five.map((one) => (one.agentId === 'c' ? down : one))
    for (const title of titles.slice(0, 50)) {
      const { order } = placeTitle(title, mixed, { wholeAt: new Set(['c', 'e']) })
      expect(order.slice(0, 2).sort()).toEqual(['c', 'e'])
    }
  })

  it('gives each agent a share of the titles after its speed to this viewer, where that is too slow for a film', () => {
    const speeds = new Map([
      ['a', 1.25e6],
      ['b', 6.25e6],
      ['c', 500e6],
    ])
    const firsts = Object.groupBy(titles, (title) => placeTitle(title, five, { speeds }).order[0] ?? '')
    // Of 500, by weights of 0.1, 0.5, 1, 1, 1: 14, 69, 139 each; three standard deviations about that.
    const counts = five.map(({ agentId }) => firsts[agentId]?.length ?? 0)
    for (const [i, [least, most]] of [
      [3, 26],
      [45, 94],
      [109, 169],
      [109, 169],
      [109, 169],
    ].entries()) {
      expect(counts[i]).toBeGreaterThanOrEqual(least as number)
      expect(counts[i]).toBeLessThanOrEqual(most as number)
    }
  })

  it('moves titles only away from an agent whose weight falls', () => {
    const speeds = new Map([['c', 2e6]])
    for (const title of titles) {
      const [before, after] = [placeTitle(title, five).order[0], placeTitle(title, five, { speeds }).order[0]]
      if (before !== after) expect(before).toBe('c')
    }
  })

  it('asks an agent that makes all it can for fewer titles', () => {
    const making = five.map((one) =>
      one.agentId === 'c' ? { ...one, capabilities: { ...capabilities, load: load(1, 30, 1) } } : one,
    )
    const count = (of: readonly Candidate[]) => titles.filter((title) => placeTitle(title, of).order[0] === 'c').length
    expect(count(making)).toBeLessThan(count(five) / 2)
    expect(count(making)).toBeGreaterThan(0)
  })
})
