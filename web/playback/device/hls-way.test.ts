import { expect, it } from 'vitest'
import { hlsWay } from './hls-way.ts'

it.each([
  ['Safari and iOS from 17.1', true, true, true, 'native'],
  ['an iPhone with Managed Media Source alone', false, true, true, 'native'],
  ['an iPhone before 17.1', false, false, true, 'native'],
  ['Chromium, which says "maybe" to a playlist', true, false, true, 'mse'],
  ['Firefox', true, false, false, 'mse'],
  ['a browser without either', false, false, false, 'none'],
] as const)('%s', (_, hasMediaSource, hasManagedMediaSource, opensPlaylists, way) =>
  expect(hlsWay({ hasMediaSource, hasManagedMediaSource, opensPlaylists })).toBe(way),
)
