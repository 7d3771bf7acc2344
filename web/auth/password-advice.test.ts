import { expect, it } from 'vitest'
import { advisePassword, withStrength } from './password-advice.ts'

it.each([
  ['', false, 0],
  ['short', false, 1],
  ['fourteen chars', false, 1],
  ['aaaaaaaaaaaaaaaaaaaa', false, 1],
  ['ana@example.org.ana', false, 1],
  ['fifteen charsss', true, 2],
  ['four quiet lamps shine', true, 3],
  ['日本語のとても長いパスワードです', true, 2],
] as const)('judges %j', (password, isEnough, level) => {
  expect(advisePassword(password, ['Ana', 'ana@example.org'])).toMatchObject({ isEnough, level })
})

it('counts characters as people do, not as UTF-16 does', () => {
  expect(advisePassword('🏮🏮🏮🏮🏮🏮🏮🏮').isEnough).toBe(false)
})

it('always says the next thing to do', () => {
  for (const password of ['', 'a', 'abcdefghijklmn', 'abcdefghijklmno', 'four quiet lamps shine'])
    expect(advisePassword(password).advice).toMatch(/\.$/)
})

it('asks for less where the password never opens the account alone', () => {
  expect(advisePassword('eight ch', [], 8).isEnough).toBe(true)
  expect(advisePassword('eight ch').isEnough).toBe(false)
})

it.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 3],
] as const)('shows a strong-looking password that a guesser scores %d as level %d', (score, level) => {
  expect(withStrength(advisePassword('four quiet lamps shine'), score).level).toBe(level)
})
