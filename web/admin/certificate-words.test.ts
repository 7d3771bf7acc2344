/** The words for a box's certificate. */
import { describe, expect, it } from 'vitest'
import { certificateWords } from './certificate-words.ts'

const now = 1_790_000_000_000

describe('a certificate', () => {
  it.each([
    [{ state: 'none' as const }, 'None yet', false, undefined],
    [{ state: 'held' as const, expiresAt: now / 1000 + 1 }, 'Held', true, undefined],
    [{ state: 'held' as const, expiresAt: now / 1000 }, 'Expired', false, undefined],
    [
      { state: 'held' as const, expiresAt: now / 1000 + 1, problem: 'rate_limited' },
      'Held',
      true,
      'The authority issues no more for now.',
    ],
    [{ state: 'none' as const, problem: 'of tomorrow' }, 'None yet', false, 'Update Porchlight to read why.'],
  ])('%j is said plainly', (certificate, text, isWell, why) => {
    expect(certificateWords(certificate, now)).toEqual({ text, isWell, why })
  })
})
