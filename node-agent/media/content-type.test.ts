/** Media types by extension. */
import { describe, expect, it } from 'vitest'
import { contentTypeOf } from './content-type.ts'

describe('contentTypeOf', () => {
  it.each([
    ['a/Film.MP4', 'video/mp4'],
    ['film.mkv', 'video/x-matroska'],
    ['film.webm', 'video/webm'],
    ['evil.html', 'application/octet-stream'],
    ['evil.svg', 'application/octet-stream'],
    ['film.constructor', 'application/octet-stream'],
    ['film', 'application/octet-stream'],
  ])('says of %s that it is %s', (path, type) => {
    expect(contentTypeOf(path)).toBe(type)
  })
})
