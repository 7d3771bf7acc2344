/** The lists that TMDB keeps for everybody: one entry each. */

export type BuiltinList = {
  /** Id of the list here. */
  id: string
  name: string
  kind: 'movie' | 'show'
  path: string
  query?: Record<string, string>
  /** Asked for the household's region. */
  isRegional?: true
}

const loved = { sort_by: 'popularity.desc', 'vote_count.gte': '10', include_adult: 'false' }

export const builtinLists: readonly BuiltinList[] = [
  { id: 'trending-movies', name: 'Trending films', kind: 'movie', path: '/trending/movie/week' },
  { id: 'trending-shows', name: 'Trending shows', kind: 'show', path: '/trending/tv/week' },
  { id: 'popular-movies', name: 'Popular films', kind: 'movie', path: '/discover/movie', query: loved },
  { id: 'popular-shows', name: 'Popular shows', kind: 'show', path: '/discover/tv', query: loved },
  { id: 'top-rated-movies', name: 'Top rated films', kind: 'movie', path: '/movie/top_rated' },
  { id: 'top-rated-shows', name: 'Top rated shows', kind: 'show', path: '/tv/top_rated' },
  { id: 'upcoming-movies', name: 'Coming soon', kind: 'movie', path: '/movie/upcoming', isRegional: true },
]
