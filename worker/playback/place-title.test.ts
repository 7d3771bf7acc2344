/** Placement: the same agent each time, little moves when one leaves, nothing starts where the VPN says no. */
import { describe, expect, it } from 'vitest'
import { capabilities } from '../testing/test-agent.ts'
import { type Candidate, placeTitle } from './place-title.ts'

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

  it('passes over who is not there', () => {
    const placed = placeTitle('t', [{ agentId: 'gone', online: false }, here('a')])
    expect(placed).toEqual({ order: ['a'], waitForVpn: [], refused: [{ agentId: 'gone', reason: 'agent_offline' }] })
  })
})
