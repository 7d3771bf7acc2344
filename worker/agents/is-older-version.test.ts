/** Which of two versions is the older one. */
import { describe, expect, it } from 'vitest'
import { isOlderVersion } from './is-older-version.ts'

describe('isOlderVersion', () => {
  it.each([
    ['0.1.0', '0.1.0', false],
    ['0.1.0', '0.1.1', true],
    ['0.9.9', '0.10.0', true],
    ['1.0.0', '0.99.99', false],
    ['0.1.9', '0.2.0', true],
    ['0.2.0-beta', '0.2.0', false],
    ['home-made', '0.2.0', false],
    ['0.1', '0.2.0', false],
  ])('of %s and %s', (version, than, expected) => {
    expect(isOlderVersion(version, than)).toBe(expected)
  })
})
