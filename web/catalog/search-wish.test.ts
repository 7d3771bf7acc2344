import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readWish } from './search-wish.ts'

it.each([
  [{}, {}],
  [
    { q: 'sintel', kind: 'movie' },
    { q: 'sintel', kind: 'movie' },
  ],
  [{ q: '', kind: 'opera', yearFrom: 'soon' }, {}],
  [
    { yearFrom: 1999, yearTo: '2010', available: 1 },
    { yearFrom: '1999', yearTo: '2010', available: '1' },
  ],
  [{ available: '2', runtimeTo: 90 }, { runtimeTo: '90' }],
])('the address %j searches for %j', (search, wish) => {
  expect(readWish(search as Record<string, unknown>)).toEqual(wish)
})

it('reads whatever somebody types, and reads its own answer the same', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('q', 'kind', 'yearFrom', 'available', 'x'), fc.anything()), (typed) => {
      const wish = readWish(typed)
      expect(readWish(wish)).toEqual(wish)
    }),
  )
})
