/** What a film of the operator's own is, by the titles that bear its name. */
import { describe, expect, it } from 'vitest'
import { judgeMatch } from './judge-match.ts'

type Film = Parameters<typeof judgeMatch>[0]
const film = (more: Partial<Film> = {}): Film => ({
  ...{ year: null, imdbId: null, match: 'waiting', titleIds: '[]' },
  ...more,
})
const of1982 = { titleId: 'a', year: 1982, imdbId: 'tt0084787' }
const of2011 = { titleId: 'b', year: 2011 }
const twin = { titleId: 'c', year: 1982 }

describe('a film at home', () => {
  it.each<[string, Film, Parameters<typeof judgeMatch>[1], Parameters<typeof judgeMatch>[2], [string, string[]]]>([
    ['that no title is called like is unknown', film(), undefined, [], ['unknown', []]],
    ['is the only title of its name', film(), undefined, [of1982], ['fits', ['a']]],
    ['without a year is none of several years', film(), undefined, [of1982, of2011], ['several', ['a', 'b']]],
    ['without a year is every title of one year', film(), undefined, [of1982, twin], ['fits', ['a', 'c']]],
    ['with a year is what fits it', film({ year: 1982 }), undefined, [of1982, twin], ['fits', ['a', 'c']]],
    ['with an id is what bears it', film({ imdbId: 'tt0084787' }), undefined, [of1982, of2011], ['fits', ['a']]],
    [
      'stays what it was when another of its name becomes known',
      film({ match: 'fits', titleIds: '["b"]' }),
      undefined,
      [of1982, of2011],
      ['fits', ['b']],
    ],
    [
      'is not what it only might have been',
      film({ match: 'several', titleIds: '["a","b"]' }),
      undefined,
      [of1982, of2011],
      ['several', ['a', 'b']],
    ],
    ['is what the operator says', film(), { kind: 'movie', titleId: 'b' }, [of2011], ['chosen', ['b']]],
    ['is what the operator says, also where that is gone', film(), { kind: 'movie', titleId: 'x' }, [], ['chosen', []]],
    ['is nothing when the operator says so', film(), { kind: 'none' }, [of1982], ['aside', []]],
  ])('%s', (_what, one, choice, fits, [match, titleIds]) => {
    expect(judgeMatch(one, choice, fits)).toEqual({ match, titleIds })
  })
})
