/** The names of an agent's addresses. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelOfAddress, NamesRequest } from './agent-names.ts'

describe('the label of an address', () => {
  it.each([
    ['192.168.1.20', '192-168-1-20'],
    ['203.0.113.7', '203-0-113-7'],
    ['2001:db8::1', '2001-db8-0-0-0-0-0-1'],
    ['2001:0DB8:0:0:0:0:0:1', '2001-db8-0-0-0-0-0-1'],
    ['2001:db8::', '2001-db8-0-0-0-0-0-0'],
    ['::1', '0-0-0-0-0-0-0-1'],
    ['fd00:1:2:3:4:5:6:7', 'fd00-1-2-3-4-5-6-7'],
    ['64:ff9b::192.0.2.33', '64-ff9b-0-0-0-0-c000-221'],
  ])('of %s is %s', (address, label) => {
    expect(labelOfAddress(address)).toBe(label)
  })

  it('is a good label of DNS for every address that may be named', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(address, (one) => {
        expect(NamesRequest.safeParse({ addresses: [one], challenges: [] }).success).toBe(true)
        expect(labelOfAddress(one)).toMatch(/^[a-z0-9](?!.?-{2})[a-z0-9-]{1,61}[a-z0-9]$/)
      }),
    )
  })

  it('is another one for another address', () => {
    const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
    const text = (all: number[]) => all.map((group) => group.toString(16)).join(':')
    fc.assert(
      fc.property(groups, groups, (a, b) => {
        expect(labelOfAddress(text(a)) === labelOfAddress(text(b))).toBe(text(a) === text(b))
      }),
    )
  })
})

describe('what an agent may ask for', () => {
  it.each([
    [{ addresses: ['example.org'], challenges: [] }],
    [{ addresses: ['192.168.1.1/24'], challenges: [] }],
    [{ addresses: [], challenges: ['"; v=spf1'] }],
    [{ addresses: Array.from({ length: 13 }, (_, n) => `10.0.0.${n}`), challenges: [] }],
  ])('is refused: %j', (asked) => {
    expect(NamesRequest.safeParse(asked).success).toBe(false)
  })
})
