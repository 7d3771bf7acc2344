/** What this machine's addresses become. */
import { describe, expect, it } from 'vitest'
import { addressesIn, announced, globalIpv6, namedOrigins } from './named-origins.ts'

const at = (address: string, family: 'IPv4' | 'IPv6', internal = false) => ({
  ...{ address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 },
})
const interfaces = {
  lo: [at('127.0.0.1', 'IPv4', true), at('::1', 'IPv6', true)],
  eth0: [
    at('192.168.1.20', 'IPv4'),
    ...['2a02:8388:1::aaaa', '2a02:8388:1::bbbb', '2a02:8388:1::cccc', '2a02:8388:1::1'].map((a) => at(a, 'IPv6')),
    ...['fe80::1', 'fd00::1', '2001:db8::1', 'ff02::1', '64:ff9b::1'].map((a) => at(a, 'IPv6')),
  ],
}

describe('IPv6', () => {
  it.each([
    ['0.0.0.0', []],
    ['192.168.1.20', []],
    ['::', ['2a02:8388:1::aaaa', '2a02:8388:1::bbbb', '2a02:8388:1::cccc']],
    ['2a02:8388:1::1', ['2a02:8388:1::1']],
    ['fd00::1', []],
    ['example.org', []],
  ])('is announced where the agent listens on %s', (host, addresses) => {
    expect(globalIpv6(host, interfaces)).toEqual(addresses)
  })
})

describe('the names of addresses', () => {
  it('are given to what is an address, and not to this machine’s own', () => {
    const origins = ['http://192.168.1.20:8788', 'http://[2a02:8388:1::1]:8788', 'http://localhost:8788']
    expect(
      addressesIn([...origins, 'http://127.0.0.1:1', 'http://[::1]:1', 'http://nas.local:2', origins[0] ?? '']),
    ).toEqual(['192.168.1.20', '2a02:8388:1::1'])
  })

  it('carry the port of HTTPS', () => {
    expect(namedOrigins(['192.168.1.20', '2a02:8388:1::1'], 'a1.home.test', 8789)).toEqual([
      'https://192-168-1-20.a1.home.test:8789',
      'https://2a02-8388-1-0-0-0-0-1.a1.home.test:8789',
    ])
  })

  it.each([
    ['https://porch.example', ['https://n', 'http://p']],
    ['http://192.168.1.2:8787', ['http://p', 'https://n']],
    [undefined, ['http://p', 'https://n']],
  ])('stand where a page from %s reads them best', (appOrigin, order) => {
    expect(announced(['http://p'], ['https://n'], appOrigin)).toEqual(order)
  })

  it('are never more than a message may hold', () => {
    const many = (kind: string) => Array.from({ length: 12 }, (_, n) => `${kind}${n}`)
    expect(announced(many('p'), many('n'), 'https://x')).toHaveLength(16)
  })
})
