/** Which pictures come in several sizes. */
import { expect, it } from 'vitest'
import { pictureSizes } from './picture-sizes.ts'

it('gives every size of a picture of TMDB, whichever it was asked for', () => {
  expect(pictureSizes('https://image.tmdb.org/t/p/w342/a-B_1.jpg')).toBe(
    [185, 342, 500, 780].map((width) => `https://image.tmdb.org/t/p/w${width}/a-B_1.jpg ${width}w`).join(', '),
  )
})

it.each([
  '/posters/sintel.jpg',
  'https://image.tmdb.org.evil.example/t/p/w342/a.jpg',
  'https://image.tmdb.org/t/p/w342/../a',
])('gives none for %s', (src) => expect(pictureSizes(src)).toBeUndefined())
