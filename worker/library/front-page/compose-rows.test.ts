import { describe, expect, it } from 'vitest'
import type { TitleCard } from '../../catalog/answers.ts'
import { composeRows, type FoundRows } from './compose-rows.ts'

const film = (id: string): TitleCard => ({
  ...{ id, kind: 'movie', name: id, year: null, runtimeMinutes: null, poster: null, posterHash: null },
})
const nothing: FoundRows = {
  watchlist: { id: 'watchlist', name: 'Watchlist', titles: [], listId: 'watchlist' },
  because: { of: undefined, titles: [] },
  personal: [],
  builtin: [],
  recent: [],
  shelf: [],
}
const list = (id: string, ...titles: string[]) => ({ id, name: id, listId: id, titles: titles.map(film) })

describe('the rows of the front page', () => {
  it.each<[string, Partial<FoundRows>, string[]]>([
    ['nothing at all', {}, []],
    ['a shelf that is all new', { recent: [film('a')], shelf: [film('a')] }, ['shelf']],
    ['something new beside the shelf', { recent: [film('b')], shelf: [film('a')] }, ['recent', 'shelf']],
    ['lists without a title', { personal: [list('p')], builtin: [list('trending')] }, []],
    [
      'everything',
      {
        watchlist: { ...nothing.watchlist, titles: [film('w')] },
        because: { of: 'Sintel', titles: [film('x')] },
        personal: [list('p', 'y')],
        builtin: [list('trending', 'z')],
        recent: [film('b')],
        shelf: [film('a')],
      },
      ['watchlist', 'because', 'p', 'recent', 'trending', 'shelf'],
    ],
  ])('for %s', (_name, found, ids) => {
    expect(composeRows({ ...nothing, ...found }).map(({ id }) => id)).toEqual(ids)
  })

  it('say what was watched, and which list goes on', () => {
    const because = { of: 'Sintel', titles: [film('x')] }
    expect(composeRows({ ...nothing, because, personal: [list('p', 'y')] })).toMatchObject([
      { name: 'Because you watched Sintel', listId: null },
      { name: 'p', listId: 'p' },
    ])
  })
})
