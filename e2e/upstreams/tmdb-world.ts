/** What TMDB knows in a test: as many films and shows as are asked for, each with everything, some with nothing. */

export type World = {
  movies: number
  shows: number
  /** Numbers that answer 404. */
  gone: number[]
  /** Numbers that changed, whatever the day. */
  changed: number[]
  /** Another IMDb id than a film's own, by number. */
  imdb: Record<string, string>
  /** A film whose answer is of another number. */
  answersAs: Record<string, number>
  /** Another overview for all: what a change looks like. */
  overview: string
  /** Films with hardly a field, and with fields of the wrong kind. */
  bare: number[]
}

export const firstMovie = 1000

export const worldOf = (part: Partial<World>): World => ({
  movies: 45,
  shows: 5,
  gone: [],
  changed: [],
  imdb: {},
  answersAs: {},
  overview: 'Somebody wants something and it is not easy.',
  bare: [],
  ...part,
})

export const genresOf = (language: string | null) =>
  language === 'de'
    ? [
        { id: 18, name: 'Drama' },
        { id: 35, name: 'Komödie' },
        { id: 878, name: 'Zukunftsfilm' },
      ]
    : [
        { id: 18, name: 'Drama' },
        { id: 35, name: 'Comedy' },
        { id: 878, name: 'Science Fiction' },
      ]

const nouns = [
  'Lantern',
  'Harbour',
  'Orchard',
  'Winter',
  'Signal',
  'Garden',
  'Cathedral',
  'Meridian',
  'Sparrow',
  'Voyage',
]
const firsts = [
  'Silent',
  'Crimson',
  'Hidden',
  'Golden',
  'Restless',
  'Distant',
  'Broken',
  'Electric',
  'Paper',
  'Northern',
]
const people = ['Ada Falk', 'Bruno Lindqvist', 'Chiara Rossi', 'Dmitri Volkov', 'Élodie Marchand', 'Farid Haddad']

const at = (list: string[], index: number): string => list[index % list.length] ?? ''

export const nameOf = (id: number): string =>
  `The ${at(firsts, id)} ${at(nouns, Math.floor(id / 10))}${id < firstMovie + 100 ? '' : ` ${id - firstMovie}`}`

export const imdbOf = (world: World, id: number): string => world.imdb[id] ?? `tt${String(id).padStart(7, '0')}`

/** As in lists: films have a title and a release date, shows a name and a first air date. */
export function cardOf(world: World, kind: 'movie' | 'tv', id: number): Record<string, unknown> {
  if (world.bare.includes(id))
    return { id, title: nameOf(id), genre_ids: null, popularity: 'much', poster_path: '../../etc' }
  const words =
    kind === 'movie'
      ? { title: nameOf(id), original_title: nameOf(id), release_date: '1999-03-30', video: false }
      : {
          name: `${nameOf(id)}, the series`,
          original_name: nameOf(id),
          first_air_date: '2011-04-17',
          origin_country: ['US'],
        }
  return {
    ...words,
    id,
    adult: false,
    backdrop_path: `/backdrop${id}.jpg`,
    genre_ids: [18, 878],
    original_language: 'en',
    overview: world.overview,
    popularity: 100 - (id % 90),
    poster_path: `/poster${id}.jpg`,
    vote_average: 7.268,
    vote_count: 1200,
  }
}

const image = (name: string, language: string | null) => ({
  aspect_ratio: 0.667,
  height: 3000,
  iso_639_1: language,
  file_path: `/${name}${language ?? ''}.jpg`,
  vote_average: 5.3,
  vote_count: 10,
  width: 2000,
})

const appended = (world: World, id: number) => ({
  translations: {
    translations: [
      ['de', 'DE', 'Die Laterne'],
      ['fr', 'FR', 'La Lanterne'],
      ['pt', 'BR', 'A Lanterna'],
      ['pt', 'PT', 'A Lâmpada'],
    ].map(([iso_639_1, iso_3166_1, name]) => ({
      iso_3166_1,
      iso_639_1,
      name: 'Language',
      english_name: 'Language',
      data: {
        title: `${name} ${id}`,
        name: `${name} ${id}`,
        overview: `${world.overview} (${iso_639_1})`,
        tagline: '',
        homepage: '',
        runtime: 0,
      },
    })),
  },
  images: {
    backdrops: [image('wide', null), image('wide', 'en')],
    logos: [image('logo', 'en'), image('logo', 'xx')],
    posters: [image('tall', 'en'), image('tall', 'de'), image('tall', null)],
  },
  videos: {
    results: [
      {
        site: 'YouTube',
        key: 'abcDEF12345',
        type: 'Trailer',
        name: 'Official trailer',
        iso_639_1: 'en',
        official: true,
      },
    ],
  },
  credits: {
    cast: people.slice(0, 4).map((name, order) => ({
      id: 500 + order,
      name,
      character: `Role ${order}`,
      order,
      profile_path: `/face${order}.jpg`,
    })),
    crew: [{ id: 600, name: at(people, id), job: 'Director', department: 'Directing', profile_path: null }],
  },
  genres: [
    { id: 18, name: 'Drama' },
    { id: 878, name: 'Science Fiction' },
  ],
  status: 'A status of the future',
  tagline: 'Free your mind.',
  homepage: 'https://film.example/',
})

/** `/movie/{id}` with everything appended. */
export function movieDetails(world: World, asked: number): object {
  const id = world.answersAs[asked] ?? asked
  if (world.bare.includes(id))
    return {
      id,
      title: nameOf(id),
      runtime: 'long',
      genres: 'none',
      images: null,
      credits: { cast: [{ name: 'No id' }] },
    }
  const { genre_ids: _genres, ...card } = cardOf(world, 'movie', id)
  return {
    ...card,
    ...appended(world, id),
    imdb_id: imdbOf(world, id),
    budget: 63000000,
    revenue: 463517383,
    runtime: 136,
    belongs_to_collection: null,
    production_companies: [],
    production_countries: [],
    spoken_languages: [],
    external_ids: { imdb_id: imdbOf(world, id), wikidata_id: null, facebook_id: null },
    recommendations: {
      page: 1,
      results: [cardOf(world, 'movie', firstMovie + ((id + 1) % world.movies))],
      total_pages: 1,
      total_results: 1,
    },
    release_dates: {
      results: [
        {
          iso_3166_1: 'US',
          release_dates: [
            {
              certification: 'R',
              type: 3,
              release_date: '1999-03-31T00:00:00.000Z',
              note: '',
              iso_639_1: '',
              descriptors: [],
            },
          ],
        },
        {
          iso_3166_1: 'DE',
          release_dates: [
            { certification: '', type: 1 },
            { certification: '16', type: 3 },
          ],
        },
      ],
    },
  }
}

/** `/tv/{id}` with everything appended: two seasons, and the specials. */
export function showDetails(world: World, id: number): object {
  const { genre_ids: _genres, ...card } = cardOf(world, 'tv', id)
  return {
    ...card,
    ...appended(world, id),
    created_by: [{ id: 700, name: 'Greta Holm', profile_path: null, credit_id: 'x' }],
    episode_run_time: [52],
    last_air_date: '2013-06-09',
    in_production: false,
    networks: [],
    number_of_episodes: 20,
    number_of_seasons: 2,
    type: 'Scripted',
    external_ids: { imdb_id: `tt9${id}`, tvdb_id: 121361 + id },
    recommendations: { page: 1, results: [], total_pages: 0, total_results: 0 },
    content_ratings: {
      results: [
        { iso_3166_1: 'US', rating: 'TV-MA', descriptors: [] },
        { iso_3166_1: 'DE', rating: '16', descriptors: [] },
      ],
    },
    seasons: [0, 1, 2].map((season_number) => ({
      air_date: season_number === 0 ? null : `201${season_number}-04-17`,
      episode_count: 3,
      id: id * 10 + season_number,
      name: season_number === 0 ? 'Specials' : `Season ${season_number}`,
      overview: '',
      poster_path: `/season${season_number}.jpg`,
      season_number,
      vote_average: 8.3,
    })),
  }
}

/** `/tv/{id}/season/{n}`: the last episode is announced, and little is known of it. */
export const season = (showId: number, season_number: number): object => ({
  _id: '5256c89f19c2956ff6046d47',
  id: showId * 10 + season_number,
  air_date: `201${season_number}-04-17`,
  name: `Season ${season_number}`,
  overview: '',
  poster_path: `/season${season_number}.jpg`,
  season_number,
  vote_average: 8.3,
  episodes: [1, 2, 3].map((episode_number) => ({
    air_date: episode_number === 3 ? null : `201${season_number}-04-${16 + episode_number}`,
    episode_number,
    episode_type: 'a type of the future',
    id: showId * 100 + season_number * 10 + episode_number,
    name: episode_number === 3 ? '' : `Part ${episode_number}`,
    overview: '',
    production_code: '',
    runtime: episode_number === 3 ? null : 52,
    season_number,
    show_id: showId,
    still_path: null,
    vote_average: 7.9,
    vote_count: 80,
    crew: [],
    guest_stars: [],
  })),
})

export const changedIn = (world: World) => world.changed.map((id) => ({ id, adult: false }))
