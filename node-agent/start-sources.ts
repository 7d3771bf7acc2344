/** Starts what tells the edge of films: what the household offers, what is found for a title, and what lies in its folders. */
import type { Offers } from '#protocol/source.ts'
import type { Log } from './log.ts'
import { createOwnFilms, type OwnFilms } from './sources/folders/own-films.ts'
import { createTellLocalFilms, type TellLocalFilms } from './sources/folders/tell-local-films.ts'
import { postOffers } from './sources/post-offers.ts'
import type { ProviderBoard } from './sources/provider-board.ts'
import { folders } from './sources/providers/folders.ts'
import { createSearch, type Search } from './sources/search.ts'
import type { LocalFilmState } from './state/local-film-state.ts'

type Rooms = {
  board: ProviderBoard
  /** A request to the edge, signed; the answer as it came. */
  signedAsk: (path: string, body: unknown, signal: AbortSignal) => Promise<unknown>
  /** What our own offers name may be asked, wherever it is. */
  trust: (source: Offers['offers'][number]['source']) => Promise<unknown>
  localFilms: LocalFilmState
  isConnected: () => boolean
  /** A task is to run now. */
  want: (task: string) => void
  log: Log
}

export type Sources = {
  search: Search
  tellOffers: (signal: AbortSignal) => Promise<void>
  tellLocalFilms: TellLocalFilms
  ownFilms: OwnFilms
  close: () => void
}

export async function startSources(rooms: Rooms): Promise<Sources> {
  const { board, signedAsk, trust, localFilms, isConnected, want, log } = rooms
  // What offers is set at home, and stays as it is while the agent runs.
  const offered = board.enabled().flatMap(({ id, offers }) => {
    if (!offers) return []
    const trusted = async (signal: AbortSignal) => {
      const all = await offers(signal)
      for (const { source } of all.offers) await trust(source)
      return all
    }
    return [{ id, offers: trusted }]
  })
  // A request may come before the first post: what our own offers name is trusted from the start.
  for (const { offers } of offered) await offers(AbortSignal.timeout(10_000)).catch(() => {})
  const post = (path: string) => async (body: unknown, signal: AbortSignal) =>
    void (await signedAsk(path, body, signal))
  const postFound = post('/api/catalog/found')
  const search = createSearch({ providers: board.enabled, post: postFound, log })
  const isFolderSearched = () => board.enabled().some(({ id }) => id === folders.id)
  board.start()
  return {
    search,
    tellOffers: (signal) => postOffers(offered, post('/api/catalog/offers'), log, signal),
    tellLocalFilms: createTellLocalFilms({
      ask: (films, signal) => signedAsk('/api/catalog/local-films', films, signal),
      post: postFound,
      state: localFilms,
      isReady: () => isConnected() && isFolderSearched(),
      log,
    }),
    ownFilms: createOwnFilms({
      ...{ state: localFilms, isOn: isFolderSearched, log },
      onSet: () => want('tell own films'),
    }),
    close() {
      board.close()
      search.close()
    },
  }
}
