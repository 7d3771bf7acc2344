import { describe, expect, it } from 'vitest'
import { lanAddress } from './lan-address.ts'

const v4 = (address: string, internal = false) => ({ address, family: 'IPv4' as const, internal })

describe('the address a phone would use', () => {
  it.each([
    ['the Wi-Fi, not the loopback', { lo: [v4('127.0.0.1', true)], wlan0: [v4('192.168.1.7')] }, '192.168.1.7'],
    ['the Wi-Fi, not a container bridge', { docker0: [v4('172.17.0.1')], wlan0: [v4('10.0.0.4')] }, '10.0.0.4'],
    ['a private one before a public one', { eth0: [v4('203.0.113.9')], eth1: [v4('172.20.1.1')] }, '172.20.1.1'],
    ['a public one when there is no other', { eth0: [v4('203.0.113.9')] }, '203.0.113.9'],
    ['none without a network', { lo: [v4('127.0.0.1', true)] }, undefined],
    ['none from IPv6 alone', { eth0: [{ address: 'fe80::1', family: 'IPv6' as const, internal: false }] }, undefined],
  ])('is %s', (_, interfaces, expected) => {
    expect(lanAddress(interfaces)).toBe(expected)
  })
})
