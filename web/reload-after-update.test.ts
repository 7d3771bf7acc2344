import { expect, it } from 'vitest'
import { isReloadWorthwhile } from './reload-after-update.ts'

it.each([
  ['the first time', Number.NaN, 1000, true],
  ['right after a reload that did not help', 1000, 20_000, false],
  ['at the next deployment', 1000, 31_000, true],
])('%s', (_, last, now, expected) => expect(isReloadWorthwhile(last, now)).toBe(expected))
