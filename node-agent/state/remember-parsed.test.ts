/** A text is parsed once while it is among the latest; one that cannot be parsed throws each time. */
import { describe, expect, it } from 'vitest'
import { rememberParsed } from './remember-parsed.ts'

describe('rememberParsed', () => {
  it('parses a text once, and again when many others came since', () => {
    let parses = 0
    const read = rememberParsed((text) => {
      parses++
      return JSON.parse(text) as unknown
    })
    expect(read('{"a":1}')).toBe(read('{"a":1}'))
    expect(parses).toBe(1)
    for (let index = 0; index < 100; index++) read(String(index))
    expect(read('{"a":1}')).toEqual({ a: 1 })
    expect(parses).toBe(102)
  })

  it('throws for what cannot be parsed, each time', () => {
    const read = rememberParsed((text) => JSON.parse(text) as unknown)
    for (let time = 0; time < 2; time++) expect(() => read('{')).toThrow(SyntaxError)
  })
})
