import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'

it('gives back every byte it encoded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes)
    }),
  )
})

it('never throws, and reads nothing but its own spelling', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      const decoded = decodeBase64Url(text)
      if (decoded) expect(encodeBase64Url(decoded)).toBe(text)
    }),
  )
})

it.each(['A', 'AB', 'AA==', 'A+', 'A/', 'a b', 'é'])('does not read %s', (text) => {
  expect(decodeBase64Url(text)).toBeUndefined()
})
