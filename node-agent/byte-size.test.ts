/** Sizes are read as they are meant, or refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteSize } from './byte-size.ts'

describe('byteSize', () => {
  it.each([
    ['200GB', 200e9],
    ['1.5 TiB', 1.5 * 1024 ** 4],
    ['100mb', 100e6],
    ['123456', 123456],
    ['0', 0],
  ])('reads %s', (text, bytes) => {
    expect(byteSize(0).parse(text)).toBe(bytes)
  })

  it.each(['', 'much', '200 G B', '-1', '1e9', '2000TB', '1.2345GB', '5 EB', '9MB'])('refuses %j', (text) => {
    expect(byteSize(10e6).safeParse(text).success).toBe(false)
  })

  it('gives a whole number of bytes or nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { success, data } = byteSize(0).safeParse(text)
        expect(!success || Number.isSafeInteger(data)).toBe(true)
      }),
    )
  })
})
