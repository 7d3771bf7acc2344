import { expect, it } from 'vitest'
import { episodeLine } from './episode-line.ts'

it.each([
  ['The lamp', 'S2 E5 · The lamp'],
  ['Episode 5', 'S2 E5'],
  ['', 'S2 E5'],
  ['Episode 5 of many', 'S2 E5 · Episode 5 of many'],
])('the episode named %j is %s', (name, line) => {
  expect(episodeLine({ seasonNumber: 2, episodeNumber: 5 }, name)).toBe(line)
})
