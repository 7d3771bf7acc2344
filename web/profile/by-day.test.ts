import { expect, it } from 'vitest'
import { byDay } from './by-day.ts'

const at = (...parts: [number, number, number, number]) => new Date(...parts).getTime()
const now = at(2026, 0, 2, 1)

it('keeps the evening before midnight apart from the night after it', () => {
  const items = [at(2026, 0, 2, 0), at(2026, 0, 1, 23), at(2025, 11, 31, 20), at(2025, 11, 31, 18)]
  const groups = byDay(
    items.map((watchedAtMs) => ({ watchedAtMs })),
    now,
    'en-GB',
  )
  expect(groups.map(({ day, items: list }) => [day, list.length])).toEqual([
    ['Today', 1],
    ['Yesterday', 1],
    // With a comma or without: that is the runtime's own.
    [expect.stringMatching(/^Wednesday,? 31 December 2025$/), 2],
  ])
})

it('says no year for this one', () => {
  expect(byDay([{ watchedAtMs: at(2026, 2, 5, 20) }], at(2026, 5, 1, 1), 'en-GB')[0]?.day).toMatch(
    /^Thursday,? 5 March$/,
  )
})

it('is nothing for nothing', () => expect(byDay([], now)).toEqual([]))
