/** Pure: the ids our titles have when TMDB told us of them, and how files there are named here. */

export type TmdbKind = 'movie' | 'show'

/** TMDB's word for it in an address. */
export const tmdbWord = (kind: TmdbKind): 'movie' | 'tv' => (kind === 'movie' ? 'movie' : 'tv')

/** Until somebody says that another title of ours is the same (external_ids), which then has its own id. */
export const titleIdOf = (kind: TmdbKind | 'season' | 'episode', id: number): string => `tmdb-${kind}-${id}`

/** As in `titles.poster`. */
export const tmdbFile = (path: string | null): string | null => (path === null ? null : `tmdb:${path}`)

/** Whether TMDB's words are the title's own: a film of the household's keeps what its owner said of it. */
export const isTmdbs = (titleId: string): boolean => titleId.startsWith('tmdb-')
