import { expect, it } from 'vitest'
import { audioLabel, subtitleLabel } from './track-labels.ts'

it.each([
  [{ id: 1, channels: 6, language: 'en' }, 'English, 5.1'],
  [{ id: 1, channels: 2, language: 'pt-BR', name: 'Commentary' }, 'Brazilian Portuguese, stereo, Commentary'],
  [{ id: 1, channels: 1 }, 'Unknown language, mono'],
  [{ id: 1, channels: 3, language: 'und' }, 'Unknown language, 3 channels'],
  [{ id: 1, channels: 2, language: 'not a tag' }, 'not a tag, stereo'],
])('names a sound', (track, label) => expect(audioLabel(track)).toBe(label))

it('names subtitles', () => {
  expect(subtitleLabel({ id: 'e1', kind: 'text', format: 'subrip', language: 'de', name: 'Forced' })).toBe(
    'German, Forced',
  )
})
