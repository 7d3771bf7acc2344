/** What became of a film in a box's folders, in words. */
import { describe, expect, it } from 'vitest'
import { countWords, likelyName, matchWords, placeWords } from './own-film-words.ts'

type Film = Parameters<typeof matchWords>[0]
const film = (more: Partial<Film>): Film => ({ match: 'unknown', title: 'thing', titles: [], ...more })
const of1982 = { id: 'a', kind: 'movie', name: 'The Thing', year: 1982 } as const
const of2011 = { id: 'b', kind: 'movie', name: 'The Thing', year: 2011 } as const
const show = { id: 's', kind: 'show', name: 'Pioneer One', year: null } as const

describe('a film in a folder', () => {
  it.each<[string, Film]>([
    ['No film called “thing” is in the catalog.', film({})],
    ['No film called “thing” of 1982 is in the catalog.', film({ year: 1982 })],
    ['No show called “thing” in the catalog has a season 1, episode 2.', film({ episode: { episode: 2 } })],
    ['Its name says no title.', film({ title: '' })],
    [
      'Its name says no year, and the catalog has 2 titles of that name: The Thing (1982), The Thing (2011).',
      film({ match: 'several', titles: [of1982, of2011] }),
    ],
    ['Its name says no year, and the catalog has several of that name.', film({ match: 'several' })],
    ['Is The Thing (1982).', film({ match: 'fits', titles: [of1982] })],
    ['You said: The Thing (2011).', film({ match: 'chosen', titles: [of2011], episode: { episode: 1 } })],
    [
      'You said: Pioneer One, season 2, episode 3.',
      film({ match: 'chosen', titles: [show], episode: { season: 2, episode: 3 } }),
    ],
    ['You said a title that the catalog no longer has.', film({ match: 'chosen' })],
    ['You said that it is not a film.', film({ match: 'aside' })],
    ['Is being looked up.', film({ match: 'waiting' })],
  ])('%s', (words, one) => expect(matchWords(one)).toBe(words))

  it.each([
    ['a/b/Film.mkv', 'Film.mkv', 'a/b'],
    ['Film.mkv', 'Film.mkv', undefined],
  ])('%s lies where it lies', (name, file, folder) => expect(placeWords({ name })).toEqual({ file, folder }))

  it.each([
    ['party/Grandma’s birthday (2015).mp4', 'Grandma’s birthday'],
    ['School.play.2019.1080p.mkv', 'School play'],
    ['2019.mkv', 'plain'],
    ['holiday_in_rome.avi', 'holiday in rome'],
  ])('%s might be called %s', (name, likely) => expect(likelyName({ name, title: 'plain' })).toBe(likely))
})

describe('all of them', () => {
  it.each([
    [{ waiting: 0, matched: 0, unmatched: 0, decided: 0 }, 'There is no film in its folders.'],
    [{ waiting: 0, matched: 1, unmatched: 0, decided: 0 }, '1 file: 1 found in the catalog.'],
    [
      { waiting: 4, matched: 1, unmatched: 2, decided: 3 },
      '10 files: 1 found in the catalog, 2 not, 3 decided by you, 4 being looked up.',
    ],
  ])('%j', (counts, words) => expect(countWords(counts)).toBe(words))
})
