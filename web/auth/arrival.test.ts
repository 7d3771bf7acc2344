import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readArrival } from './arrival.ts'

const id = 'abcdefghijklmnopqrstuv'

it.each([
  [`#signed-in=${id}`, { kind: 'signed-in', sessionId: id }],
  ['#second-factor', { kind: 'second-factor' }],
  ['#stepped-up', { kind: 'stepped-up' }],
  ['#linked=github', { kind: 'linked', way: 'github' }],
  ['#error=way_refused&way=google', { kind: 'refused', code: 'way_refused', way: 'google' }],
  ['', undefined],
  [`#signed-in=${id}/../x`, undefined],
  ['#linked=', undefined],
])('reads %s', (hash, expected) => expect(readArrival(hash)).toEqual(expected))

it('never takes the secret of a letter for an arrival', () => {
  const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 43, maxLength: 43 })
  fc.assert(fc.property(secret, (text) => readArrival(`#${text}`) === undefined))
})
