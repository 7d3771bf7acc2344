/** scrypt as we store it: a vector, old parameters, and equal work for nobody. */
import { expect, it } from 'vitest'
import { decodeBase64Url } from '#protocol/base64url.ts'
import { currentParameters, hashPassword, verifyPassword } from './password-hash.ts'

const weak = { log2N: 10, r: 8, p: 1 }
const password = 'seven lamps in the window'

it('gives the vector of RFC 7914 §12', () => {
  const salt = new TextEncoder().encode('SodiumChloride')
  const hash = decodeBase64Url(hashPassword('pleaseletmein', { log2N: 14, r: 8, p: 1 }, salt).split('$').at(-1) ?? '')
  const hex = [...(hash ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(hex).toBe('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2')
})

it('knows the right password from a wrong one, to the last character of a long one', () => {
  const long = 'x'.repeat(200)
  const stored = hashPassword(long, weak)
  expect(verifyPassword(long, stored).matches).toBe(true)
  expect(verifyPassword(`${long.slice(0, -1)}y`, stored).matches).toBe(false)
})

it('takes a password however it was composed', () => {
  expect(verifyPassword('Cafe\u0301 at the corner', hashPassword('Caf\u00e9 at the corner', weak)).matches).toBe(true)
})

it('hashes again with today’s parameters when the stored ones are older, and only when the password is right', () => {
  const stored = hashPassword(password, weak)
  const { rehashed = '' } = verifyPassword(password, stored)
  expect(rehashed).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/)
  expect(verifyPassword(password, rehashed)).toEqual({ matches: true })
  expect(verifyPassword('wrong', stored)).toEqual({ matches: false })
})

it('does the work of one hash for an account that does not exist, and for a hash it cannot read', () => {
  const runs: object[] = []
  const counting: typeof verifyPassword = (given, stored) =>
    verifyPassword(given, stored, (_password, _salt, parameters) => {
      runs.push(parameters)
      return new Uint8Array(32)
    })
  expect(counting(password, null).matches).toBe(false)
  expect(counting(password, '$2b$10$legacy').matches).toBe(false)
  expect(counting(password, hashPassword('another one', weak)).matches).toBe(false)
  expect(runs).toEqual([currentParameters, currentParameters, weak])
})

it('stays under the cost that workerd allows in production', () => {
  const { log2N, r, p } = currentParameters
  expect(2 ** log2N * r * p).toBeLessThanOrEqual(2 ** 20)
  expect(128 * 2 ** log2N * r).toBeLessThanOrEqual(32 * 1024 * 1024)
})
