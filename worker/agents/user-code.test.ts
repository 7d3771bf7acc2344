/** The short code: always of its form, and no letter favoured. */
import { expect, it } from 'vitest'
import { UserCode } from '#protocol/pairing.ts'
import { UserCodeParam } from './answers.ts'
import { newUserCode } from './user-code.ts'

it('is always a code that a person can type', () => {
  for (let i = 0; i < 500; i++) expect(UserCode.safeParse(newUserCode()).success).toBe(true)
})

it('favours no letter: each comes from eight byte values, and the rest are drawn again', () => {
  const letters = Array.from({ length: 248 }, (_, value) => newUserCode((bytes) => bytes.fill(value))[0] ?? '')
  const counts = Object.values(Object.groupBy(letters, (letter) => letter)).map((same) => same?.length)
  expect(counts).toEqual(Array(31).fill(8))
  let calls = 0
  expect(newUserCode((bytes) => bytes.fill(calls++ === 0 ? 255 : 0))).toBe('AAAA-AAAA')
})

it.each(['abcd-efgh', 'ABCDEFGH', ' ab cd ef gh ', 'abcd–efgh'])('is forgiven how a person types it: %s', (typed) => {
  expect(UserCodeParam.parse({ userCode: typed })).toEqual({ userCode: 'ABCD-EFGH' })
})

it.each(['ABCD-EFG', 'ABCD-EFGO', 'ABCD-EFG1', '', 'ABCD-EFGHJ'])('is refused when it is none: %s', (typed) => {
  expect(UserCodeParam.safeParse({ userCode: typed }).success).toBe(false)
})
