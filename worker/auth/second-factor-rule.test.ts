import { expect, it } from 'vitest'
import { hasSecondFactor, isSecondFactorRequired, mergeAmr, mustEnrol } from './second-factor-rule.ts'

it.each([
  ['user', true, { hasTotp: false, passkeys: 0 }, false],
  ['user', true, { hasTotp: false, passkeys: 1 }, false],
  ['user', true, { hasTotp: true, passkeys: 0 }, true],
  ['admin', true, { hasTotp: false, passkeys: 0 }, false],
  ['admin', true, { hasTotp: false, passkeys: 1 }, true],
  ['admin', false, { hasTotp: false, passkeys: 1 }, false],
  ['admin', false, { hasTotp: true, passkeys: 0 }, true],
] as const)(
  '%s, required of admins %s, with %o: asked for a second factor %s',
  (role, isRequiredOfAdmins, factors, asked) => {
    expect(hasSecondFactor(factors, { role, isRequiredOfAdmins })).toBe(asked)
  },
)

it.each([
  ['admin', true, ['pwd'], true],
  ['admin', true, ['pwd', 'otp', 'mfa'], false],
  ['admin', false, ['pwd'], false],
  ['user', true, ['pwd'], false],
] as const)('%s, required %s, signed in by %s: may only enrol %s', (role, isRequiredOfAdmins, amr, must) => {
  expect(mustEnrol(amr, { role, isRequiredOfAdmins })).toBe(must)
})

it('is required unless the operator wrote exactly off', () => {
  expect(
    [undefined, '', 'on', 'OFF', 'off'].map((value) =>
      isSecondFactorRequired(value === undefined ? {} : { REQUIRE_ADMIN_SECOND_FACTOR: value }),
    ),
  ).toEqual([true, true, true, true, false])
})

it('names each method once', () => {
  expect(mergeAmr(['pwd'], ['pwd', 'otp', 'mfa'])).toEqual(['pwd', 'otp', 'mfa'])
})
