import { describe, expect, it } from 'vitest'
import { clock, fileSize, plural, runtime, since, speed, spokenTime, when } from './time-format.ts'

it.each([
  [0, '0:00'],
  [5.9, '0:05'],
  [65, '1:05'],
  [754, '12:34'],
  [3600, '1:00:00'],
  [3723, '1:02:03'],
  [36_000, '10:00:00'],
  [-3, '0:00'],
  [Number.NaN, '0:00'],
  [Number.POSITIVE_INFINITY, '0:00'],
])('shows %d s as %s', (seconds, shown) => expect(clock(seconds)).toBe(shown))

it.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [62, '1 minute 2 seconds'],
  [3600, '1 hour'],
  [7325, '2 hours 2 minutes 5 seconds'],
])('says %d s as %s', (seconds, said) => expect(spokenTime(seconds)).toBe(said))

it.each([
  [0.2, '1 min'],
  [52, '52 min'],
  [60, '1 h'],
  [94, '1 h 34 min'],
])('gives %d minutes as %s', (minutes, shown) => expect(runtime(minutes)).toBe(shown))

it.each([
  [0, '0 kB'],
  [2500, '3 kB'],
  [22_718_509, '23 MB'],
  [999_600, '1.0 MB'],
  [1.44e9, '1.4 GB'],
  [2e15, '2000 TB'],
])('gives %d bytes as %s', (bytes, shown) => expect(fileSize(bytes)).toBe(shown))

it('counts in words and speeds', () => {
  expect([plural(1, 'peer'), plural(3, 'peer'), plural(2, 'copy', 'copies')]).toEqual(['1 peer', '3 peers', '2 copies'])
  expect(speed(2_440_000)).toBe('2.4 MB/s')
})

describe('when something was last seen', () => {
  const now = new Date(2026, 10, 22, 22, 0).getTime()
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime() / 1000
  it.each([
    [at(2026, 10, 22, 21, 14), 'at 21:14'],
    [at(2026, 10, 21, 23, 59), 'yesterday at 23:59'],
    [at(2026, 10, 3, 9, 0), 'on 3 November'],
    [at(2026, 10, 22, 22, 5), 'at 22:05'],
  ])('%d reads %s', (then, words) => expect(since(then, now, 'en-GB')).toBe(words))

  it.each([
    [at(2026, 10, 22, 6, 56), 'Today, 06:56'],
    [at(2026, 10, 21, 0, 5), 'Yesterday, 00:05'],
    [at(2026, 10, 3, 9, 0), 'November 3'],
  ])('%d alone reads %s, also where the day has twice twelve hours', (then, words) =>
    expect(when(then, now, 'en-US')).toBe(words),
  )
})
