/** scrypt as we store it: a vector, old parameters, and equal work for nobody. */
import { describe, expect, it } from 'vitest'
import { decodeBase64Url } from '#protocol/base64url.ts'
import { currentParameters, hashPassword, isShortPassword, verifyPassword } from './password-hash.ts'

const weak = { log2N: 10, r: 8, p: 1 }
const password = 'seven lamps in the window'

it('gives the vector of RFC 7914 §12', () => {
  const salt = new TextEncoder().encode('SodiumChloride')
  const hash = decodeBase64Url(
    hashPassword('pleaseletmein', { parameters: { log2N: 14, r: 8, p: 1 }, salt })
      .split('$')
      .at(-1) ?? '',
  )
  const hex = [...(hash ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(hex).toBe('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2')
})

it('knows the right password from a wrong one, to the last character of a long one', () => {
  const long = 'x'.repeat(200)
  const stored = hashPassword(long, { parameters: weak })
  expect(verifyPassword(long, stored).matches).toBe(true)
  expect(verifyPassword(`${long.slice(0, -1)}y`, stored).matches).toBe(false)
})

it('takes a password however it was composed', () => {
  expect(
    verifyPassword('Cafe\u0301 at the corner', hashPassword('Caf\u00e9 at the corner', { parameters: weak })).matches,
  ).toBe(true)
})

it('hashes again with today’s parameters when the stored ones are older, and only when the password is right', () => {
  const stored = hashPassword(password, { parameters: weak })
  const { rehashed = '' } = verifyPassword(password, stored)
  expect(rehashed).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/)
  expect(verifyPassword(password, rehashed)).toEqual({ matches: true })
  expect(verifyPassword('wrong', stored)).toEqual({ matches: false })
})

it('does the work of one hash for an account that does not exist, and for a hash it cannot read', () => {
  const runs: object[] = []
  const counting: typeof verifyPassword = (given, stored) =>
    verifyPassword(given, stored, {
      derive: (_password, _salt, parameters) => {
        runs.push(parameters)
        return new Uint8Array(32)
      },
    })
  expect(counting(password, null).matches).toBe(false)
  expect(counting(password, '$2b$10$legacy').matches).toBe(false)
  expect(counting(password, hashPassword('another one', { parameters: weak })).matches).toBe(false)
  expect(runs).toEqual([currentParameters, currentParameters, weak])
})

it('stays under the cost that workerd allows in production', () => {
  const { log2N, r, p } = currentParameters
  expect(2 ** log2N * r * p).toBeLessThanOrEqual(2 ** 20)
  expect(128 * 2 ** log2N * r).toBeLessThanOrEqual(32 * 1024 * 1024)
})

describe('the pepper', () => {
  const keys = new Map([
    ['a', new Uint8Array(32).fill(1)],
    ['b', new Uint8Array(32).fill(2)],
  ])
  const [a, b] = [
    { active: 'a', keys },
    { active: 'b', keys },
  ]

  it('is needed to check what was hashed with it, and is not in the hash', () => {
    const stored = hashPassword(password, { parameters: weak, pepper: a })
    expect(stored).toMatch(/^\$scrypt\$ln=10,r=8,p=1,k=a\$/)
    expect(verifyPassword(password, stored, { pepper: a }).matches).toBe(true)
    expect(verifyPassword(password, stored).matches).toBe(false)
    expect(
      verifyPassword(password, stored, { pepper: { active: 'a', keys: new Map([['a', new Uint8Array(32)]]) } }).matches,
    ).toBe(false)
  })

  it('is added to older hashes, and changed with the key ring, at the next right password', () => {
    const bare = hashPassword(password)
    expect(verifyPassword(password, bare, { pepper: a }).rehashed).toContain(',k=a$')
    const before = hashPassword(password, { pepper: a, isShort: true })
    expect(verifyPassword(password, before, { pepper: a })).toEqual({ matches: true })
    expect(verifyPassword(password, before, { pepper: b }).rehashed).toContain(',k=b,s=1$')
  })

  it('remembers that a password is too short to stand alone', () => {
    expect(isShortPassword(hashPassword('eight ch', { parameters: weak, pepper: a, isShort: true }))).toBe(true)
    expect(isShortPassword(hashPassword(password, { parameters: weak }))).toBe(false)
    expect(isShortPassword(null)).toBe(false)
  })
})
