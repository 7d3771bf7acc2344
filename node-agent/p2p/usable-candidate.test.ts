import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUsableCandidate } from './usable-candidate.ts'

describe('a candidate of a viewer’s', () => {
  it.each([
    'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0',
    'candidate:1 1 UDP 2122317823 192.168.1.20 50000 typ host',
    'candidate:3 1 udp 41885439 2001:db8::5 60000 typ relay raddr 203.0.113.7 rport 46154',
  ])('is used: %s', (line) => expect(isUsableCandidate(line)).toBe(true))

  it.each([
    ['a name, which would be looked up', 'candidate:1 1 udp 1 0b8c9f2e-6d3d-4f6c.local 50000 typ host'],
    ['TCP, which home does not speak', 'candidate:1 1 tcp 1 203.0.113.7 50000 typ host tcptype passive'],
    ['the second component', 'candidate:1 2 udp 1 203.0.113.7 50000 typ host'],
    ['home itself', 'candidate:1 1 udp 1 127.0.0.1 50000 typ host'],
    ['home itself, in IPv6', 'candidate:1 1 udp 1 ::1 50000 typ host'],
    ['home itself, in an IPv6 coat', 'candidate:1 1 udp 1 ::ffff:127.0.0.1 50000 typ host'],
    ['everybody', 'candidate:1 1 udp 1 239.1.2.3 50000 typ host'],
    ['everybody, by broadcast', 'candidate:1 1 udp 1 255.255.255.255 50000 typ host'],
    ['nobody', 'candidate:1 1 udp 1 0.0.0.0 50000 typ host'],
    ['a port of a service', 'candidate:1 1 udp 1 192.168.1.1 53 typ host'],
    ['no port', 'candidate:1 1 udp 1 192.168.1.1 70000 typ host'],
    ['an end', ''],
  ])('is not used when it is %s', (_what, line) => expect(isUsableCandidate(line)).toBe(false))

  it('is never a reason to throw', () => {
    const words = fc.array(fc.oneof(fc.string(), fc.constantFrom('1', 'udp', 'typ', 'host', '1.2.3.4', '::')))
    fc.assert(
      fc.property(words, (parts) => {
        expect(isUsableCandidate(`candidate:1 ${parts.join(' ')}`)).toBeTypeOf('boolean')
      }),
    )
  })
})
