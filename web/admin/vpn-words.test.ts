/** Words for the guard: each state of each policy has some, and each reason that an agent gives. */
import { describe, expect, it } from 'vitest'
import { type Vpn, vpnWords, whyOf } from './vpn-words.ts'

describe('the words for a VPN', () => {
  it.each<[Vpn['policy'], Vpn['state'], string | undefined]>([
    ['off', 'unknown', undefined],
    ['required', 'up', 'Up'],
    ['required', 'down', 'Down: downloads wait'],
    ['required', 'unknown', 'Not known: downloads wait'],
    ['preferred', 'up', 'Up'],
    ['preferred', 'down', 'Down: downloads wait'],
    ['preferred', 'unknown', 'Not known: downloads may go on'],
  ])('%s, and %s', (policy, state, text) => {
    expect(vpnWords({ policy, state })?.text).toBe(text)
  })

  it('have a sentence for what they do not know', () => {
    const unknown = whyOf('of_a_newer_agent')
    expect(whyOf(undefined)).toBe(unknown)
    expect(whyOf('interface_gone')).not.toBe(unknown)
  })
})
