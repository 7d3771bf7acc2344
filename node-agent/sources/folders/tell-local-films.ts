/** Tells the edge of the operator's own films, so that they can be had before anybody looks for them; and what is gone. */
import { AppError } from '#protocol/errors.ts'
import {
  GONE_FILMS_AT_ONCE,
  LOCAL_FILMS_AT_ONCE,
  LocalFilm,
  type LocalFilms,
  LocalFilmTitles,
} from '#protocol/local-films.ts'
import { FOUND_AT_ONCE, type FoundSource, type TitleWish } from '#protocol/source-search.ts'
import type { Log } from '../../log.ts'
import type { LocalFilmRow } from '../../state/local-film-row.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { asFound, folders } from '../providers/folders.ts'
import { type PostFound, readName } from '../search.ts'
import { candidatesOf, filmsOf } from './films-of.ts'
import { judgeMatch } from './judge-match.ts'

/** By then the catalog may know a title that it did not, or the edge may be another one. */
const AGAIN_SECONDS = 7 * 86_400
/** In one run; the rest waits for the next. */
const MOST_MESSAGES = 20

export type TellLocalFilms = (signal: AbortSignal) => Promise<void>

export function createTellLocalFilms(rooms: {
  /** `POST /api/catalog/local-films`, signed; the answer as it came. */
  ask: (films: LocalFilms, signal: AbortSignal) => Promise<unknown>
  post: PostFound
  state: LocalFilmState
  /** The operator still has folders searched, and the edge is there. */
  isReady: () => boolean
  log: Log
  now?: () => number
}): TellLocalFilms {
  const { ask, post, state, isReady, log, now = Date.now } = rooms
  return async (signal) => {
    for (let message = 0; message < MOST_MESSAGES && isReady(); message++) {
      const at = Math.floor(now() / 1000)
      const gone = state.toWithdraw(GONE_FILMS_AT_ONCE)
      // What a film was is withdrawn before it is told what it is.
      const isMore = gone.length === GONE_FILMS_AT_ONCE
      const films = isMore ? [] : state.untold(at - AGAIN_SECONDS, LOCAL_FILMS_AT_ONCE)
      if (films.length === 0 && gone.length === 0) return
      const titles = await ask({ films: films.flatMap((film) => asTold(film, state)), gone }, signal).catch(
        (error: unknown) => {
          // An edge that does not know of this yet.
          if (error instanceof AppError && error.code === 'not_found') return undefined
          throw error
        },
      )
      if (titles === undefined) return
      const wishes = LocalFilmTitles.parse(titles).titles
      judge(films, wishes, state)
      let count = 0
      for (const wish of wishes) {
        const found = foundOf(wish, state, now())
        count += found.length
        if (found.length > 0) await post({ titleId: wish.titleId, found }, signal)
      }
      state.told(films, at)
      state.withdrawn(gone)
      log.info('local_films_told', { provider: folders.id, count })
    }
  }
}

/** By what the operator says of each now, which may be more than what the edge was asked. */
function judge(films: readonly LocalFilmRow[], wishes: readonly TitleWish[], state: LocalFilmState): void {
  const fits = new Map<string, TitleWish[]>()
  for (const wish of wishes) {
    for (const { path } of candidatesOf(wish, state)) fits.set(path, [...(fits.get(path) ?? []), wish])
  }
  for (const film of films) {
    state.choices.judged(film, judgeMatch(film, state.choices.of(film), fits.get(film.path) ?? []))
  }
}

const foundOf = (wish: TitleWish, state: LocalFilmState, nowMs: number): FoundSource[] =>
  filmsOf(wish, state)
    .slice(0, FOUND_AT_ONCE)
    .map(asFound)
    .map((one) => ({
      ...one,
      ...readName(one, wish, nowMs),
      provenance: [{ provider: folders.id, seenAt: Math.floor(nowMs / 1000) }],
    }))

/** A number that no film has is a mistake of the name's: such a one is found when somebody looks for it. */
function asTold(film: LocalFilmRow, state: LocalFilmState): LocalFilm[] {
  const { title, year, season, episode, imdbId } = film
  const choice = state.choices.of(film)
  if (choice?.kind === 'none') return []
  const named = episode === null ? undefined : { ...(season === null ? {} : { season }), episode }
  const part = choice === undefined ? named : choice.kind === 'show' ? (choice.episode ?? named) : undefined
  const { data } = LocalFilm.safeParse({
    title: title.slice(0, 200),
    ...(choice ? { titleId: choice.titleId } : {}),
    ...(choice || year === null ? {} : { year }),
    ...(choice || imdbId === null ? {} : { imdbId }),
    ...(part ? { episode: part } : {}),
  })
  return data === undefined ? [] : [data]
}
