import { expect, it } from 'vitest'
import { advisePassword } from './password-advice.ts'

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
