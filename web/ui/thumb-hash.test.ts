import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pixelsOf, thumbPicture } from './thumb-hash.ts'

/** Of a picture of 92 by 138: dark blue above, brown below, a yellow sun right of the middle, in its upper half. */
const sun = 'WWgGPQ5Ae1ilZ4gnqpNpmFNgpwd3'
const bytesOf = (hash: string) =>
  Uint8Array.from(atob(hash.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
const { width, height, rgb } = pixelsOf(bytesOf(sun))
const colourAt = (x: number, y: number) => {
  const from = (Math.floor(y * height) * width + Math.floor(x * width)) * 3
  return [...rgb.slice(from, from + 3)] as [number, number, number]
}

describe('a hash', () => {
  it('is a picture of about the same shape', () => {
    expect(width / height).toBeCloseTo(92 / 138, 1)
    expect(rgb).toHaveLength(width * height * 3)
  })

  it('has the colours where they were', () => {
    const [lit, beside] = [colourAt(0.67, 0.29), colourAt(0.1, 0.29)]
    expect(lit[0] - beside[0]).toBeGreaterThan(60)
    expect(lit[1] - beside[1]).toBeGreaterThan(60)
    expect(lit[2] - beside[2]).toBeLessThan(20)
    const [top, foot] = [colourAt(0.1, 0.05), colourAt(0.1, 0.95)]
    expect(top[2] - top[0]).toBeGreaterThan(60)
    expect(foot[0] - foot[2]).toBeGreaterThan(60)
  })

  it('is a bitmap that a browser can show, made once', () => {
    const picture = thumbPicture(sun)
    const file = atob(picture?.split(',')[1] ?? '')
    expect(file.slice(0, 2)).toBe('BM')
    expect(file).toHaveLength(54 + Math.ceil((width * 3) / 4) * 4 * height)
    expect(thumbPicture(sun)).toBe(picture)
  })

  it.each(['', 'no', 'not a hash at all!', `${'A'.repeat(41)}`, 'AAAAAAAAAAAAA'])('%j is none', (text) => {
    expect(thumbPicture(text)).toBeUndefined()
  })

  it('of any bytes is a small picture', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 40 }), (bytes) => {
        const made = pixelsOf(bytes)
        expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(24)
        expect(Math.min(made.width, made.height)).toBeGreaterThanOrEqual(1)
        expect(made.rgb).toHaveLength(made.width * made.height * 3)
      }),
    )
  })
})
