/** The guard in its Durable Object: exact under fifty guesses at once, and no way to lock somebody else out. */
import { describe, expect, it } from 'vitest'
import { testEdge } from '../../testing/test-edge.ts'
import { factorPlaces, guarded, signInPlaces } from './guarded.ts'

const NOW = 2_000_000_000
let made = 0
const someone = () => `person-${made++}`
const guess = (places: ReturnType<typeof signInPlaces>, isRight: boolean, now = NOW) =>
  guarded(
    testEdge(now),
    places,
    async () => isRight,
    (value) => value,
  ).then(
    () => 'checked',
    (error: { code: string }) => error.code,
  )
const codesOf = async (guesses: Promise<string>[]) =>
  Object.fromEntries(
    [...Map.groupBy(await Promise.all(guesses), (code) => code)].map(([code, all]) => [code, all.length]),
  )

describe('guessing a password', () => {
  it('gets five checks out of fifty at once, and none at the sixth', async () => {
    const places = signInPlaces(someone(), '192.0.2.1', undefined)
    const codes = await codesOf(Array.from({ length: 50 }, () => guess(places, false)))
    expect(codes).toEqual({ checked: 5, too_many: 45 })
    expect(await guess(places, true)).toBe('too_many')
    expect(await guess(places, true, NOW + 31)).toBe('checked')
  })

  it('does not lock out a browser that has signed in before, nor the person at another address', async () => {
    const account = someone()
    for (let i = 0; i < 5; i++) await guess(signInPlaces(account, '192.0.2.2', undefined), false)
    expect(await guess(signInPlaces(account, '192.0.2.2', undefined), false)).toBe('too_many')
    expect(await guess(signInPlaces(account, '192.0.2.2', 'known-device'), true)).toBe('checked')
    expect(await guess(signInPlaces(account, '198.51.100.1', undefined), true)).toBe('checked')
  })

  it('is slowed for an account that is guessed at from everywhere, but not for its own browser', async () => {
    const account = someone()
    for (let i = 0; i < 20; i++) await guess(signInPlaces(account, `203.0.113.${i}`, undefined), false)
    expect(await guess(signInPlaces(account, '203.0.113.99', undefined), false)).toBe('too_many')
    expect(await guess(signInPlaces(account, '203.0.113.99', 'own'), true)).toBe('checked')
  })

  it('is slowed for an address that guesses at everybody, also when one of the accounts is its own', async () => {
    const address = '198.51.100.77'
    for (let i = 0; i < 39; i++) await guess(signInPlaces(someone(), address, undefined), false)
    expect(await guess(signInPlaces(someone(), address, undefined), true)).toBe('checked')
    await guess(signInPlaces(someone(), address, undefined), false)
    expect(await guess(signInPlaces(someone(), address, undefined), true)).toBe('too_many')
  })

  it('charges nobody when the check itself could not be made', async () => {
    const places = factorPlaces(someone())
    const broken = () => Promise.reject(new Error('the database is away'))
    for (let i = 0; i < 20; i++) await guarded(testEdge(NOW), places, broken, () => true).catch(() => undefined)
    expect(await guess(places, true)).toBe('checked')
  })
})
