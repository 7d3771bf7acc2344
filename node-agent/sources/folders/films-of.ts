/** Which of the operator's own films a title is: what the operator said, else an IMDb id, else the name and the year. */
import type { TitleWish } from '#protocol/source-search.ts'
import type { LocalFilmRow } from '../../state/local-film-row.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { plainTitle } from '../same-title.ts'
import { titleIdsOf } from './judge-match.ts'

type Known = Pick<LocalFilmState, 'withImdbId' | 'withTitle' | 'choices'>

/** All that may be it, also where a name is of several titles. */
export function candidatesOf(wish: TitleWish, state: Known): LocalFilmRow[] {
  const part = wish.kind === 'movie' ? undefined : wish.episode
  // An episode without a number is nobody's.
  if (wish.kind === 'episode' && !part) return []
  const byId = wish.imdbId === undefined ? [] : state.withImdbId(wish.imdbId, part)
  const names = new Set([wish.name, ...wish.otherNames].map(plainTitle).filter(Boolean))
  const byName = [...names].flatMap((name) => state.withTitle(name, part))
  const isOther = (film: LocalFilmRow) =>
    (wish.imdbId !== undefined && film.imdbId !== null && film.imdbId !== wish.imdbId) ||
    (wish.year !== undefined && film.year !== null && Math.abs(film.year - wish.year) > 1)
  const named = [...byId, ...byName.filter((film) => !isOther(film))].filter((film) => !state.choices.of(film))
  const titleId = wish.kind === 'movie' ? wish.titleId : wish.showId
  const chosen = titleId === undefined ? [] : state.choices.chosenAs(titleId, part)
  return [...new Map([...chosen, ...named].map((film) => [film.path, film])).values()]
}

/** Those that may be offered as this title. */
export const filmsOf = (wish: TitleWish, state: Known): LocalFilmRow[] =>
  candidatesOf(wish, state).filter((film) => {
    if (film.match === 'several') return false
    // Found by its name alone, it stays what it was first: another year's film of that name is not this one.
    const isBound = film.match === 'fits' && film.year === null && film.imdbId === null
    return !isBound || titleIdsOf(film).includes(wish.titleId)
  })
