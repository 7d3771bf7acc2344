/** TMDB (API v3) with the shapes recorded in the reference (1.16): a small world of films and shows, and what goes wrong with it. */
import { smallPoster } from './small-poster.ts'
import { type Answer, type Asked, json, type StandIn, startStandIn } from './stand-in.ts'
import {
  cardOf,
  changedIn,
  firstMovie,
  genresOf,
  movieDetails,
  season,
  showDetails,
  type World,
  worldOf,
} from './tmdb-world.ts'

export const TMDB_TOKEN = 'tmdb-read-access-token-under-test'

const PAGE = 20
const notFound = json(404, {
  success: false,
  status_code: 34,
  status_message: 'The resource you requested could not be found.',
})

/**
 * `POST /stand-in/world` replaces what is named of the world (tmdb-world.ts) and gives how often it was asked since the
 * last time, in all, at most within any one second, and by path.
 */
export function startTmdb(): Promise<StandIn> {
  let world: World = worldOf({})
  let asked: { path: string; atMs: number }[] = []

  function tell({ body }: Asked): Answer {
    const busiest = asked.reduce((most, { atMs }, at) => {
      const within = asked.slice(at).findIndex((later) => later.atMs >= atMs + 1000)
      return Math.max(most, within === -1 ? asked.length - at : within)
    }, 0)
    const paths = asked.map(({ path }) => path)
    asked = []
    world = worldOf({ ...world, ...(body as Partial<World>) })
    return json(200, { asked: paths.length, busiest, paths })
  }

  const page = (all: object[], query: URLSearchParams) => {
    const at = Math.max(1, Number(query.get('page') ?? 1))
    const results = all.slice((at - 1) * PAGE, at * PAGE)
    return json(200, {
      page: at,
      results,
      total_pages: Math.ceil(all.length / PAGE),
      total_results: all.length,
    })
  }

  function answer({ path, query }: Asked): Answer {
    const list = (kind: 'movie' | 'tv') =>
      page(
        idsOf(world, kind).map((id) => cardOf(world, kind, id)),
        query,
      )
    if (/^\/3\/(trending\/movie\/week|discover\/movie|movie\/(top_rated|upcoming|popular))$/.test(path))
      return list('movie')
    if (/^\/3\/(trending\/tv\/week|discover\/tv|tv\/(top_rated|popular))$/.test(path)) return list('tv')
    if (path === '/3/configuration') return json(200, configuration)
    if (path === '/3/search/multi') return page(found(world, query.get('query') ?? ''), query)
    const [, kind, rest] = /^\/3\/(movie|tv)\/(.+)$/.exec(path) ?? []
    if (path === '/3/genre/movie/list' || path === '/3/genre/tv/list')
      return json(200, { genres: genresOf(query.get('language')) })
    if (kind !== 'movie' && kind !== 'tv') return notFound
    if (rest === 'changes') return page(changedIn(world), query)
    const [, id, number] = /^(\d+)(?:\/season\/(\d+))?$/.exec(rest ?? '') ?? []
    if (id === undefined || world.gone.includes(Number(id))) return notFound
    if (!idsOf(world, kind).includes(Number(id))) return notFound
    if (number !== undefined) return kind === 'tv' ? json(200, season(Number(id), Number(number))) : notFound
    return json(200, kind === 'movie' ? movieDetails(world, Number(id)) : showDetails(world, Number(id)))
  }

  return startStandIn((request) => {
    if (request.path === '/stand-in/world') return tell(request)
    // Its pictures are another service, which asks for no key; and not counted, for they have no limit.
    if (/^\/t\/p\/w\d+\/\w+\.jpg$/.test(request.path)) {
      return { status: 200, bytes: smallPoster, headers: { 'content-type': 'image/jpeg' } }
    }
    if (request.headers.authorization !== `Bearer ${TMDB_TOKEN}`) {
      return json(401, {
        success: false,
        status_code: 7,
        status_message: 'Invalid API key: You must be granted a valid key.',
      })
    }
    asked.push({ path: request.path, atMs: Date.now() })
    return answer(request)
  })
}

/** As recorded; the API names more sizes than we use. */
const configuration = {
  images: {
    base_url: 'http://image.tmdb.org/t/p/',
    secure_base_url: 'https://image.tmdb.org/t/p/',
    backdrop_sizes: ['w300', 'w780', 'w1280', 'original'],
    logo_sizes: ['w45', 'w92', 'w154', 'w185', 'w300', 'w500', 'original'],
    poster_sizes: ['w92', 'w154', 'w185', 'w342', 'w500', 'w780', 'original'],
    profile_sizes: ['w45', 'w185', 'h632', 'original'],
    still_sizes: ['w92', 'w185', 'w300', 'original'],
  },
  change_keys: ['adult', 'air_date'],
}

const idsOf = (world: World, kind: 'movie' | 'tv'): number[] =>
  Array.from({ length: kind === 'movie' ? world.movies : world.shows }, (_, at) => firstMovie + at)

/** Search multi mixes kinds, people among them, which are no titles. */
function found(world: World, query: string): object[] {
  const wanted = query.toLowerCase()
  const cards = (['movie', 'tv'] as const).flatMap((kind) =>
    idsOf(world, kind).map((id): Record<string, unknown> => ({ ...cardOf(world, kind, id), media_type: kind })),
  )
  const hits = cards.filter((card) =>
    String(card.title ?? card.name)
      .toLowerCase()
      .includes(wanted),
  )
  const person = { id: 31, media_type: 'person', name: 'Tom Hanks', known_for: [] }
  return [...hits, person, { media_type: 'collection', id: 9, name: 'A word of the future' }]
}
