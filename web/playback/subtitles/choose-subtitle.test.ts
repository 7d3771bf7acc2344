import { expect, it } from 'vitest'
import type { SubtitleTrack, Tracks } from '#protocol/tracks.ts'
import { chooseSubtitle, type SubtitleTaste, type TitleSubtitle } from './choose-subtitle.ts'

const track = (id: string, language: string, more: Partial<SubtitleTrack> = {}): SubtitleTrack => ({
  id,
  kind: 'text',
  format: 'subrip',
  language,
  ...more,
})
const tracks: Tracks = {
  video: [],
  audio: [
    { id: 1, channels: 2, language: 'en' },
    { id: 2, channels: 2, language: 'de' },
  ],
  subtitles: [
    track('e3', 'en', { isForHardOfHearing: true }),
    track('e4', 'en'),
    track('e5', 'en', { isForced: true }),
    track('e6', 'de', { isForced: true }),
    track('e7', 'pt-BR'),
    track('e8', 'fr', { kind: 'other', format: 'vobsub' }),
  ],
}
const taste = (subtitles: SubtitleTaste['subtitles'], ...subtitleLanguages: string[]) => ({
  subtitles,
  subtitleLanguages,
})

it.each<[string, SubtitleTaste, number, TitleSubtitle, string | undefined]>([
  ['off', taste('off', 'en'), 1, null, undefined],
  ['forced: those of the language that is heard', taste('forced'), 2, null, 'e6'],
  ['on, in a language: not those for the hard of hearing when there are others', taste('on', 'en'), 2, null, 'e4'],
  ['on, in the first language that there is', taste('on', 'it', 'pt'), 1, null, 'e7'],
  ['on, in a language that there is not: what the film wants read', taste('on', 'it'), 1, null, 'e5'],
  ['on, without a language: the first', taste('on'), 1, null, 'e3'],
  ['what was chosen for this title wins', taste('off'), 1, { trackId: 'e7' }, 'e7'],
  ['off for this title wins', taste('on', 'en'), 1, 'off', undefined],
  ['a choice that this copy does not hold counts for nothing', taste('on', 'en'), 1, { trackId: 'u9' }, 'e4'],
  ['a kind that cannot be shown is never chosen', taste('on', 'fr'), 2, null, 'e6'],
])('%s', (_, wanted, audioTrackId, chosen, id) =>
  expect(chooseSubtitle(tracks, audioTrackId, wanted, chosen)?.id).toBe(id),
)
