import { expect, it } from 'vitest'
import { shapeTvCode } from './tv-code.ts'

it.each([
  ['bcdf2345', 'BCDF-2345'],
  ['BCDF-2345', 'BCDF-2345'],
  [' bc df 23 45 67', 'BCDF-2345'],
  ['bcdf', 'BCDF'],
  ['', ''],
])('shapes %j', (typed, shaped) => expect(shapeTvCode(typed)).toBe(shaped))
