/** Subtitle files beside a film: which are its own, and what their names say. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SubtitleTrack } from '#protocol/tracks.ts'
import { besideFilm } from './beside-film.ts'
import { languageOfWord } from './language-words.ts'

const list = (paths: readonly string[], film: string) =>
  besideFilm(
    paths.map((path, index) => ({ index, path, sizeBytes: 1000 })),
    film,
  ).map(({ track: { name: _name, format: _format, kind: _kind, ...said }, file }) => [file.path, said] as const)

it.each([
  ['A/Film.mkv', 'A/Film.de.srt', { language: 'de' }],
  ['Film.2010.1080p.mkv', 'Film.2010.1080p.pt-BR.vtt', { language: 'pt-BR' }],
  ['film.mkv', 'film.en.forced.srt', { language: 'en', isForced: true }],
  ['film.mkv', 'Film.eng.SDH.ass', { language: 'en', isForHardOfHearing: true }],
  ['film.mkv', 'film.en.hi.srt', { language: 'en', isForHardOfHearing: true }],
  ['film.mkv', 'film.hi.srt', { language: 'hi' }],
  ['film.mkv', 'film.default.ger.ssa', { language: 'de', isDefault: true }],
  ['A/film.mkv', 'A/Subs/2_English.srt', { language: 'en' }],
  ['A/film.mkv', 'A/Subs/film/3_German.srt', { language: 'de' }],
  ['A/film.mkv', 'A/Untertitel/Deutsch.srt', { language: 'de' }],
  ['A/film.mkv', 'A/whatever.srt', {}],
])('beside %s, %s is %j', (film, path, said) => {
  expect(list([film, path], film)).toEqual([[path, { id: 'f1', ...said }]])
})

it.each([
  ['a file of another folder', 'A/film.mkv', 'B/film.de.srt'],
  ['pictures with an index', 'A/film.mkv', 'A/film.sub'],
  ['a text', 'A/film.mkv', 'A/film.nfo'],
])('leaves out %s', (_name, film, path) => {
  expect(list([film, path], film)).toEqual([])
})

it('keeps the episodes of a season apart', () => {
  const paths = [
    'S/e1.mkv',
    'S/e2.mkv',
    'S/e1.en.srt',
    'S/e2.en.srt',
    'S/Subs/e1/English.srt',
    'S/e1 2.srt',
    'S/e10.srt',
  ]
  expect(list(paths, 'S/e1.mkv').map(([path]) => path)).toEqual(['S/e1.en.srt', 'S/Subs/e1/English.srt'])
})

it('leaves out what is no subtitle by its size', () => {
  const files = [
    { index: 0, path: 'film.mkv', sizeBytes: 1 },
    { index: 1, path: 'film.de.srt', sizeBytes: 100_000_000 },
    { index: 2, path: 'film.en.srt', sizeBytes: 0 },
  ]
  expect(besideFilm(files, 'film.mkv')).toEqual([])
})

it.each([
  ['german', 'de'],
  ['deutsch', 'de'],
  ['français', 'fr'],
  ['ger', 'de'],
  ['zh-hant', 'zh-Hant'],
  ['1080p', undefined],
  ['the', undefined],
])('reads the word %s as %s', (word, language) => {
  expect(languageOfWord(word)).toBe(language)
})

it('makes tracks that the protocol takes, of any names', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 30 }), { maxLength: 8 }), (names) => {
      const files = ['f.mkv', ...names.map((name) => `f.${name}.srt`)].map((path, index) => ({
        index,
        path,
        sizeBytes: 9,
      }))
      for (const { track } of besideFilm(files, 'f.mkv')) expect(SubtitleTrack.parse(track)).toEqual(track)
    }),
  )
})
