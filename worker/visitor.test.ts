import { expect, it } from 'vitest'
import { networkOf, visitorOf } from './visitor.ts'

it.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['unknown', 'unknown'],
])('keeps of %s only %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

it('believes Cloudflare’s header and place, and nothing else a sender writes', () => {
  const headers = {
    'cf-connecting-ip': '203.0.113.77',
    'x-forwarded-for': '198.51.100.1',
    'user-agent': 'Firefox/143.0',
  }
  const visitor = visitorOf(new Request('http://porchlight.test', { headers, cf: { city: 'Lyon', country: 'FR' } }))
  expect(visitor).toEqual({
    address: '203.0.113.77',
    network: '203.0.113.0/24',
    place: 'Lyon, FR',
    deviceLabel: 'Firefox',
  })
})

it('knows no place of this machine, whatever the development server makes up', () => {
  const cf = { city: 'Austin', country: 'US' }
  const headers = { 'cf-connecting-ip': '127.0.0.1' }
  expect(visitorOf(new Request('http://porchlight.test', { headers, cf })).place).toBeNull()
})
