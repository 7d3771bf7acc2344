import { networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { hasAddress } from './has-address.ts'

it.each([
  ['an address of the machine', '127.0.0.1', true],
  ['one of nobody', '192.0.2.77', false],
])('knows %s', (_which, address, has) => {
  expect(hasAddress(networkInterfaces(), address)).toBe(has)
})

it('knows none where there is none', () => {
  expect(hasAddress({ lo: undefined }, '127.0.0.1')).toBe(false)
})
