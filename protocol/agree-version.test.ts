/** Versions that meet: a hub speaks its own and one before, an agent may be older or newer. */
import { describe, expect, it } from 'vitest'
import { agreeVersion } from './agree-version.ts'

const only = (version: number) => ({ oldest: version, newest: version })

describe('a hub that speaks 4 and 5', () => {
  const hub = { oldest: 4, newest: 5 }
  it.each([
    ['an agent of its own version', only(5), { version: 5, isAgentOld: false }],
    ['an agent that is one behind', only(4), { version: 4, isAgentOld: true }],
    ['an agent that is two behind', only(3), { tooOld: 'agent' }],
    ['an agent that has forgotten nothing', { oldest: 1, newest: 3 }, { tooOld: 'agent' }],
    ['a newer agent that still speaks 5', { oldest: 5, newest: 6 }, { version: 5, isAgentOld: false }],
    ['a newer agent that still speaks 4', { oldest: 4, newest: 9 }, { version: 5, isAgentOld: false }],
    ['a newer agent that speaks nothing older', only(6), { tooOld: 'hub' }],
  ])('meets %s', (_name, agent, expected) => {
    expect(agreeVersion(hub, agent)).toEqual(expected)
  })
})
