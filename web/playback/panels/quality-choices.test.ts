import { expect, it } from 'vitest'
import type { Tracks } from '#protocol/tracks.ts'
import { qualityChoices } from './quality-choices.ts'

const film = (width: number, height: number): Tracks => ({
  video: [{ id: 1, width, height }],
  audio: [],
  subtitles: [],
})
const values = (tracks: Tracks | undefined) => qualityChoices(tracks, undefined).map(({ value }) => value)

it.each([
  ['4K', 3840, 2160, [undefined, 1080, 720, 480]],
  ['1080p', 1920, 1080, [undefined, 1080, 720, 480]],
  ['a wide 1080p', 1920, 800, [undefined, 1080, 720, 480]],
  ['DVD', 720, 576, [undefined, 480]],
  ['something small', 320, 240, [undefined]],
] as const)('%s offers what is not larger than itself', (_, width, height, offered) =>
  expect(values(film(width, height))).toEqual(offered),
)

it('says what Automatic gives now', () => {
  expect(qualityChoices(film(1920, 1080), 720)[0]).toEqual({ value: undefined, label: 'Automatic', note: 'now 720p' })
})
