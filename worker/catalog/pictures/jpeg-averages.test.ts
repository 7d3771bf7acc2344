/** The averages of a JPEG's blocks, beside those of the library that wrote it; and whatever else a stranger may send. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PictureError } from './huffman.ts'
import { jpegAverages } from './jpeg-averages.ts'
import { pictures } from './pictures.fixture.ts'
import { thumbHash } from './thumb-hash.ts'

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
const of = (name: string) => pictures[name] ?? { jpeg: '', width: 0, height: 0, averages: '' }
/** Lightness: where colours are kept at half the size, theirs differ at an edge by how they are spread. */
const lightness = (rgb: Uint8Array) =>
  Array.from({ length: rgb.length / 3 }, (_, n) => {
    const [r = 0, g = 0, b = 0] = rgb.subarray(n * 3, n * 3 + 3)
    return 0.299 * r + 0.587 * g + 0.114 * b
  })
const furthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, n) => Math.abs(value - (b[n] ?? Number.POSITIVE_INFINITY))))
const mean = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? Number.POSITIVE_INFINITY)), 0) / a.length

describe('a JPEG', () => {
  it.each(['sequential', 'progressive', 'whole', 'grey', 'wide'])(
    'that is %s is read at an eighth of its size',
    (name) => {
      const { jpeg, width, height, averages } = of(name)
      const small = jpegAverages(bytesOf(jpeg))
      const expected = bytesOf(averages)
      expect([small.width, small.height, small.rgb.length]).toEqual([width, height, expected.length])
      expect(mean(lightness(small.rgb), lightness(expected))).toBeLessThan(2.5)
      expect(mean([...small.rgb], [...expected])).toBeLessThan(7)
    },
  )

  it.each(['whole', 'grey'])('whose colours are kept whole (%s) is read to the last level', (name) => {
    const { jpeg, averages } = of(name)
    expect(furthest([...jpegAverages(bytesOf(jpeg)).rgb], [...bytesOf(averages)])).toBeLessThanOrEqual(2)
  })

  it('that ends early, at whichever byte, is refused', () => {
    const whole = bytesOf(of('sequential').jpeg)
    for (let length = 0; length < whole.length - 40; length += 7) {
      expect(() => jpegAverages(whole.slice(0, length))).toThrow(PictureError)
    }
  })

  it('is read or refused, whatever bytes it has', () => {
    const whole = Object.values(pictures).map(({ jpeg }) => bytesOf(jpeg))
    const bent = fc
      .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 12 }))
      .map(([bytes, changes]) => {
        const changed = bytes.slice()
        for (const [at, value] of changes) changed[at % changed.length] = value
        return changed
      })
    fc.assert(
      fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        try {
          const small = jpegAverages(bytes)
          expect(small.rgb).toHaveLength(small.width * small.height * 3)
          expect(thumbHash(small)).toMatch(/^[A-Za-z0-9_-]{14,36}$/)
        } catch (error) {
          expect(error).toBeInstanceOf(PictureError)
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('its hash', () => {
  it('is short, and the same for the same picture', () => {
    expect(thumbHash(jpegAverages(bytesOf(of('whole').jpeg)))).toBe('WWgGPQ5Ae1ilZ4gnqpNpmFNgpwd3')
    expect(thumbHash(jpegAverages(bytesOf(of('wide').jpeg))).length).toBeLessThanOrEqual(36)
  })

  it('of one colour is that colour', () => {
    const rgb = Uint8Array.from({ length: 12 * 18 * 3 }, (_, n) => [200, 100, 50][n % 3] ?? 0)
    const hash = atob(thumbHash({ width: 12, height: 18, rgb }).replaceAll('-', '+').replaceAll('_', '/'))
    const head = hash.charCodeAt(0) | (hash.charCodeAt(1) << 8) | (hash.charCodeAt(2) << 16)
    const [l, p, q] = [(head & 63) / 63, ((head >> 6) & 63) / 31.5 - 1, ((head >> 12) & 63) / 31.5 - 1]
    const b = l - (2 / 3) * p
    const r = (3 * l - b + q) / 2
    for (const [n, value] of [r, r - q, b].entries()) expect(value * 255).toBeCloseTo([200, 100, 50][n] ?? 0, -1.3)
  })
})
