/** Pure: what a film of the operator's own is, by the titles that may be it. */
import * as z from 'zod'
import type { OwnFilmChoice, OwnFilmMatch } from '#protocol/own-films.ts'
import type { TitleWish } from '#protocol/source-search.ts'
import type { LocalFilmRow } from '../../state/local-film-row.ts'

const MOST_TITLES = 10
const TitleIds = z.array(z.string())

export const titleIdsOf = ({ titleIds }: Pick<LocalFilmRow, 'titleIds'>): string[] =>
  TitleIds.parse(JSON.parse(titleIds))

/** `fits` are titles that bear its name, in a year that its name does not deny, or that the operator chose. */
export function judgeMatch(
  film: Pick<LocalFilmRow, 'year' | 'imdbId' | 'match' | 'titleIds'>,
  choice: OwnFilmChoice | undefined,
  fits: readonly Pick<TitleWish, 'titleId' | 'year' | 'imdbId'>[],
): { match: OwnFilmMatch; titleIds: string[] } {
  const as = (match: OwnFilmMatch, titles: readonly { titleId: string }[]) => ({
    match,
    titleIds: titles.map(({ titleId }) => titleId).slice(0, MOST_TITLES),
  })
  if (choice?.kind === 'none') return as('aside', [])
  if (choice) return as('chosen', fits)
  if (fits.length === 0) return as('unknown', [])
  const byId = fits.filter(({ imdbId }) => imdbId !== undefined && imdbId === film.imdbId)
  if (byId.length > 0) return as('fits', byId)
  const isOneFilm = film.year !== null || new Set(fits.map(({ year }) => year)).size === 1
  if (isOneFilm) return as('fits', fits)
  // The catalog has learned of another one since: it is still the film that it was.
  const before = film.match === 'fits' ? titleIdsOf(film) : []
  const kept = fits.filter(({ titleId }) => before.includes(titleId))
  return kept.length > 0 ? as('fits', kept) : as('several', fits)
}
