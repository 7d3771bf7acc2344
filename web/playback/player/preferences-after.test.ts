import { expect, it } from 'vitest'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import { afterAudio, afterSubtitle } from './preferences-after.ts'

const before = {
  audioLanguages: ['en', 'de'],
  subtitleLanguages: ['en'],
  subtitles: 'forced',
  subtitleSizePercent: 120,
  mostHeightPixels: null,
} as const
const preferences = () => ({ ...before, audioLanguages: ['en', 'de'], subtitleLanguages: ['en'] })
const subtitle = (more: Partial<SubtitleTrack>): SubtitleTrack => ({
  id: 'e1',
  kind: 'text',
  format: 'subrip',
  ...more,
})

it('likes the language that was chosen best, and remembers the others', () => {
  expect(afterAudio(preferences(), { id: 1, channels: 2, language: 'de' }).audioLanguages).toEqual(['de', 'en'])
})

it('remembers eight languages at most', () => {
  const many = {
    ...preferences(),
    audioLanguages: ['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1', 'h1'].map((x) => `x-${x}`),
  }
  expect(afterAudio(many, { id: 1, channels: 2, language: 'fr' }).audioLanguages).toHaveLength(8)
})

it.each([undefined, 'und', 'the director', 'é'])('learns nothing from a sound whose language is %j', (language) => {
  const track = { id: 1, channels: 2, ...(language !== undefined && { language }) }
  expect(afterAudio(preferences(), track)).toEqual(preferences())
})

it.each([
  ['off', undefined, { subtitles: 'off', subtitleLanguages: ['en'] }],
  ['forced', subtitle({ language: 'de', isForced: true }), { subtitles: 'forced', subtitleLanguages: ['en'] }],
  ['a language', subtitle({ language: 'fr' }), { subtitles: 'on', subtitleLanguages: ['fr', 'en'] }],
  ['one of an unknown language', subtitle({}), { subtitles: 'on', subtitleLanguages: ['en'] }],
] as const)('subtitles: %s', (_, track, after) => expect(afterSubtitle(preferences(), track)).toMatchObject(after))
