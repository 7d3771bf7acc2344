import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { designPoster } from './poster-design.ts'

it('draws the same poster for the same name', () => {
  const drawn = (name: string) => {
    const { random, ...rest } = designPoster(name)
    return { ...rest, sequence: Array.from({ length: 8 }, random) }
  }
  expect(drawn('Nosferatu')).toEqual(drawn('Nosferatu'))
  expect(drawn('Nosferatu')).not.toEqual(drawn('The General'))
})

it('finds lines that fit the sheet for any name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
      const { lines, fontSize, random } = designPoster(name)
      expect(lines.length).toBeGreaterThan(0)
      expect(lines.length).toBeLessThanOrEqual(5)
      expect(Math.max(...lines.map((line) => line.length)) * fontSize * 0.56).toBeLessThanOrEqual(173)
      const next = random()
      expect(next >= 0 && next < 1).toBe(true)
    }),
  )
})

it('uses every scene and every palette over a shelf of films', () => {
  const shelf = Array.from({ length: 200 }, (_, i) => designPoster(`Film number ${i}`))
  expect(new Set(shelf.map(({ scene }) => scene)).size).toBe(6)
  expect(new Set(shelf.map(({ palette }) => palette)).size).toBe(7)
})
