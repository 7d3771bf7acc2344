import { expect, it } from 'vitest'
import { boundTo } from './bound-to.ts'

it.each([
  ['0.0.0.0', undefined],
  ['::', undefined],
  ['192.168.1.20', '192.168.1.20'],
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['localhost', '127.0.0.1'],
  ['attic.example', '127.0.0.1'],
])('an agent whose server listens on %s is reached by data channels on %s', (host, expected) => {
  expect(boundTo(host)).toBe(expected)
})
