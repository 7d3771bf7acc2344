import { expect, it } from 'vitest'
import { canHavePasskeys } from './passkey.ts'

it.each([
  ['localhost', true],
  ['porch.example.org', true],
  ['4lamps.example', true],
  ['192.168.1.20', false],
  ['127.0.0.1', false],
  ['[fd00::1]', false],
])('a passkey at %s: %s', (hostname, can) => {
  expect(canHavePasskeys(hostname)).toBe(can)
})
