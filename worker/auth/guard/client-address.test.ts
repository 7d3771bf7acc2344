/** Addresses as guesses are counted by. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'

const from = (address?: string, other: Record<string, string> = {}) =>
  clientAddress(new Headers({ ...other, ...(address !== undefined && { 'cf-connecting-ip': address }) }))

describe('the address of a request', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::ffff:192.0.2.1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::2::3', 'unknown'],
    ['2001:db8', 'unknown'],
    ['', 'unknown'],
    ['<script>', 'unknown'],
  ])('of %s is %s', (address, expected) => {
    expect(from(address)).toBe(expected)
  })

  it('is not what the sender claims', () => {
    expect(from('192.0.2.7', { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9' })).toBe('192.0.2.7')
    expect(from(undefined, { 'x-forwarded-for': '203.0.113.9' })).toBe('unknown')
  })

  it('is short and harmless whatever is sent', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f:.]{0,60}$/), (text) => {
        expect(from(text)).toMatch(/^([0-9.]{7,15}|([0-9a-f]{1,4}:){4}:\/64|unknown)$/)
      }),
    )
  })
})
