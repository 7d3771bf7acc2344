import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isLocalHost } from './local-address.ts'

it.each([
  ...['localhost', 'home.localhost', 'box.local', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.20'],
  ...['169.254.1.1', '100.64.0.1', '127.0.0.1', '[::1]', '[fd12::1]', '[fe80::1]', '[::ffff:c0a8:114]'],
  ...['192-168-1-20.abc.direct.example', '10-0-0-1.x.example'],
])('%s is in a local network', (host) => expect(isLocalHost(host)).toBe(true))

it.each([
  ...['porch.example', '8.8.8.8', '172.32.0.1', '172.15.0.1', '192.169.1.1', '100.128.0.1', '[2001:db8::1]'],
  ...['8-8-8-8.direct.example', '192-168-1.example', '999-1-1-1.example', 'localhost.example', '[::ffff:808:808]'],
])('%s is not', (host) => expect(isLocalHost(host)).toBe(false))

it('says of a name with dashes what it says of the address in it', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isLocalHost(`${address.replaceAll('.', '-')}.example`)).toBe(isLocalHost(address))
    }),
  )
})
