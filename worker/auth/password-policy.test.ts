/** Which passwords may be set. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkNewPassword, normalizePassword } from './password-policy.ts'

const own = ['ada.lovelace@example.org', 'Ada Lovelace King']
const check = (password: string) => () => checkNewPassword(password, own)

describe('a new password', () => {
  it.each([
    'fifteen letters',
    'abcdefghijkzmno',
    'seven lamps in the window',
    'наш свет горит на крыльце',
    '🦊🐇🐿️🦔🦉🐝🌿🍄🌰🪵🔥🏡🌙⭐🌧️🌈',
    `${'x'.repeat(500)}y${'z'.repeat(500)}`,
    'my password is not password',
  ])('may be %s', (password) => {
    expect(check(password)).not.toThrow()
  })

  it.each([
    ['too short', 'fourteen chars'],
    ['too short in code points, though not in bytes', '🦊🐇🦔🦉🐝🌿🍄🌰🔥🏡🌙⭐🌈🌧'],
    ['one letter', 'aaaaaaaaaaaaaaaaa'],
    ['two letters', 'abababababababab'],
    ['a common word again and again', 'Password Password!'],
    ['digits in a row', '123456789012345678'],
    ['digits backwards', '987654321098765'],
    ['the alphabet', 'abcdefghijklmnopqrs'],
    ['along the keyboard', 'qwertyuiopasdfgh'],
    ['a famous one', 'Correct-Horse-Battery-Staple'],
    ['our own name', 'porchlightporchlight'],
    ['the own e-mail', 'ada.lovelace@example.org'],
    ['the own name', 'ada lovelace king'],
    ['more bytes than we hash', 'ä'.repeat(513)],
  ])('may not be %s', (_name, password) => {
    expect(check(password)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('is never refused or let in for case, spaces or punctuation around a common one', () => {
    const noise = fc.array(fc.constantFrom(' ', '-', '_', '.', '!'), { maxLength: 4 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        expect(check(`${before}PassWord${after}password${before}`)).toThrow()
      }),
    )
  })

  it('is the same however the keyboard composed it', () => {
    expect(normalizePassword('Cafe\u0301')).toBe('Caf\u00e9')
  })
})

describe('beside a second factor', () => {
  const beside = (password: string) => () => checkNewPassword(password, own, { hasSecondFactor: true })

  it('eight characters are enough, and seven are not', () => {
    expect(beside('7 lamps!')).not.toThrow()
    expect(beside('7 lamps')).toThrow(/at least 8/)
  })

  it.each(['password1', 'iloveyou', 'football1', 'Trust.No1', 'qwertyui', '12345678'])(
    'refuses %s, which guessers try first',
    (password) => {
      expect(beside(password)).toThrow()
    },
  )
})
