import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { UserCode } from '#protocol/pairing.ts'
import { readCode, shapeCode } from './user-code.ts'

it.each([
  ['abcd', 'ABCD'],
  ['abcde', 'ABCD-E'],
  ['abcd-efgh', 'ABCD-EFGH'],
  [' ab cd ef gh ij', 'ABCD-EFGH'],
  ['', ''],
])('shapes %j into %j', (typed, shaped) => expect(shapeCode(typed)).toBe(shaped))

it.each(['', 'ABCD', 'ABCD-EFG', 'ABCD-EFG0', 'ABCL-EFGH', 'ABC1-EFGH'])('does not take %j for a code', (typed) => {
  expect(readCode(typed)).toBeUndefined()
})

it('reads nothing but well-formed codes, and shaping twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const code = readCode(typed)
      expect(code === undefined || UserCode.safeParse(code).success).toBe(true)
      expect(shapeCode(shapeCode(typed))).toBe(shapeCode(typed))
    }),
  )
})
