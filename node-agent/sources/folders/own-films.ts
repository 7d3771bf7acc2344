/** The operator's own films for the admin page: which titles they are, and what the operator says that they are. */
import type { OwnFilmsRequest, SetOwnFilmRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import { OWN_FILMS_AT_ONCE, type OwnFilm, type OwnFilmPage } from '#protocol/own-films.ts'
import type { Log } from '../../log.ts'
import type { LocalFilmRow } from '../../state/local-film-row.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { folders } from '../providers/folders.ts'
import { titleIdsOf } from './judge-match.ts'

const MOST_NAME = 400

export type OwnFilms = {
  list: (request: Pick<OwnFilmsRequest, 'view' | 'from'>) => OwnFilmPage
  /** Throws `not_found`, and `invalid` for a show where nobody says which episode it is. */
  set: (request: Pick<SetOwnFilmRequest, 'id' | 'choice'>) => void
}

type Rooms = {
  state: Pick<LocalFilmState, 'choices'>
  /** Folders are set, and searched. */
  isOn: () => boolean
  /** There is something new to tell the edge. */
  onSet: () => void
  log: Log
}

export function createOwnFilms({ state: { choices }, isOn, onSet, log }: Rooms): OwnFilms {
  const asOwn = (film: LocalFilmRow & { fileCount: number }): OwnFilm => {
    const choice = choices.of(film)
    const chosen = choice && choice.kind !== 'none' ? [choice.titleId] : []
    const { season, episode } = film
    const named = episode === null ? undefined : { ...(season === null ? {} : { season }), episode }
    const part = (choice?.kind === 'show' ? choice.episode : undefined) ?? named
    return {
      id: film.infoHash.slice(0, 20),
      // The end of a name tells more than its beginning.
      name: film.name.slice(-MOST_NAME),
      fileCount: film.fileCount,
      title: film.title.slice(0, 200),
      ...(film.year === null ? {} : { year: film.year }),
      ...(part ? { episode: part } : {}),
      match: film.match,
      titleIds: choice ? chosen : titleIdsOf(film),
    }
  }
  return {
    list({ view, from }) {
      const films = choices.list(view, from)
      return {
        isOn: isOn(),
        counts: choices.counts(),
        films: films.slice(0, OWN_FILMS_AT_ONCE).map(asOwn),
        isMore: films.length > OWN_FILMS_AT_ONCE,
      }
    },
    set({ id, choice }) {
      const film = choices.find(id)
      if (!film) throw new AppError('not_found', 'This film is not there any more. Please load the page again.')
      if (choice?.kind === 'show' && !choice.episode && film.episode === null) {
        throw new AppError('invalid', 'Its name does not say which episode it is. Please say so.')
      }
      choices.choose(film, choice)
      log.info('own_film_set', { provider: folders.id, kind: choice?.kind ?? 'taken back' })
      onSet()
    },
  }
}
