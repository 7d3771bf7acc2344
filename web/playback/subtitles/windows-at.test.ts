import { expect, it } from 'vitest'
import { windowsAt } from './windows-at.ts'

it.each([
  ['the beginning', 0, 0, 600, [0]],
  ['the first half of a window', 70, 0, 600, [1]],
  ['the second half: the next one too', 95, 0, 600, [1, 2]],
  ['subtitles shown later', 61, 5, 600, [0, 1]],
  ['subtitles shown earlier', 58, -5, 600, [1]],
  ['later than the film is old', 1, 10, 600, [0]],
  ['the last window', 595, 0, 599, [9]],
  ['a film that does not say how long it is', 95, 0, 0, [1, 2]],
] as const)('%s', (_, position, offset, duration, windows) =>
  expect(windowsAt(position, offset, duration)).toEqual(windows),
)
