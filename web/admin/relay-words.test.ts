/** The words for what went through the edge. */
import { describe, expect, it } from 'vitest'
import { limitWords, shownDay, sumOf } from './relay-words.ts'

describe('the relay', () => {
  it.each([
    [false, 1_000_000, null, 'It is switched off here.'],
    [true, null, null, 'It has no limit.'],
    [true, 2_500_000, null, 'It is limited to 2.5 MB/s for all together.'],
    [true, null, 1_000_000, 'It is limited to 1.0 MB/s for each viewer.'],
    [true, 2_500_000, 1_000_000, 'It is limited to 2.5 MB/s for all together and 1.0 MB/s for each viewer.'],
  ])('on %s, household %s, viewer %s: %s', (isOn, householdLimit, viewerLimit, words) => {
    expect(limitWords({ isOn, householdLimit, viewerLimit })).toBe(words)
  })

  it('names a day of UTC as it is, wherever the reader is', () => {
    expect(shownDay('2026-11-22', 'en-GB')).toBe('22 November')
    expect(shownDay('2026-12-31', 'en-GB')).toBe('31 December')
  })

  it('adds up a day', () => {
    expect(sumOf([])).toBe(0)
    expect(sumOf([1, 2].map((bytes) => ({ displayName: 'Ada', bytes })))).toBe(3)
  })
})
