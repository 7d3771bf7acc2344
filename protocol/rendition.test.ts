import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rendition, readRendition, renditionName } from './rendition.ts'

const renditions: Rendition[] = [
  { kind: 'video', trackId: 1 },
  { kind: 'video', trackId: 12, made: { heightPixels: 720 } },
  { kind: 'audio', trackId: 0 },
  { kind: 'audio', trackId: 2, made: { channels: 2 } },
  { kind: 'audio', trackId: 2, made: { channels: 6 } },
  { kind: 'subtitles', trackId: 'e3' },
]

describe('names of renditions', () => {
  it.each(renditions.map((rendition) => [renditionName(rendition), rendition] as const))(
    'reads %s back',
    (name, rendition) => {
      expect(readRendition(name)).toEqual(rendition)
    },
  )

  it.each(['', 'v', 'v01', 'v1-', 'v1-721', 'v1-aac2', 'a1-aac3', 'a1-720', 's', 's3', 'se', 'x1', 'v1 ', 'v1234567'])(
    'refuses %j',
    (name) => {
      expect(readRendition(name)).toBeUndefined()
    },
  )

  it('reads nothing that it would write otherwise', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const rendition = readRendition(text)
        if (rendition) expect(renditionName(rendition)).toBe(text)
      }),
    )
  })
})
