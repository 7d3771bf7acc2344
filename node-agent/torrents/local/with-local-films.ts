/** Films on this machine beside those of the swarm: whoever opens one need not know which it is. */
import type { Openable } from '../readable-torrent.ts'
import { type LocalFilm, openLocal } from './open-local.ts'

/** `find` knows the made-up info hashes of the operator's own films. No swarm is ever asked about one. */
export const withLocalFilms = (torrents: Openable, find: (infoHash: string) => LocalFilm | undefined): Openable => ({
  async open(source, context) {
    context.signal.throwIfAborted()
    const film = find(source.infoHash)
    return film ? openLocal(film) : torrents.open(source, context)
  },
  peersOf: (infoHash) => torrents.peersOf(infoHash),
  isKept: (infoHash) => find(infoHash) !== undefined || torrents.isKept(infoHash),
})
