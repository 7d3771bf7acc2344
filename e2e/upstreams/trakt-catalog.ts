/** What the stand-in's Trakt knows: films and one show, in the shapes Trakt gives them. */

type Ids = { trakt: number; slug?: string; imdb?: string | null; tmdb?: number | null; tvdb?: number | null }
export type Media = { title: string | null; year?: number | null; season?: number; number?: number; ids: Ids }

const film = (trakt: number, title: string, year: number, imdb: string, tmdb: number): Media => ({
  title,
  year,
  ids: { trakt, slug: `${title.toLowerCase().replaceAll(' ', '-')}-${year}`, imdb, tmdb },
})

export const films: readonly Media[] = [
  film(25_001, 'Big Buck Bunny', 2008, 'tt1254207', 10378),
  film(25_002, 'Sintel', 2010, 'tt1727587', 45745),
  film(25_003, 'Tears of Steel', 2012, 'tt2285752', 133701),
  film(25_004, 'Night of the Living Dead', 1968, 'tt0063350', 10331),
  film(25_005, 'Nosferatu', 1922, 'tt0013442', 653),
]

export const show: Media = {
  title: 'Harbour Lights',
  year: 2011,
  ids: { trakt: 7001, slug: 'harbour-lights', imdb: 'tt7001001', tmdb: 70_010, tvdb: 700_100 },
}

/** Two seasons of three. */
export const episodes: readonly Media[] = [1, 2].flatMap((season) =>
  [1, 2, 3].map((number) => ({
    season,
    number,
    title: `Night ${season}.${number}`,
    ids: { trakt: 71_000 + season * 10 + number, imdb: null, tmdb: 710_000 + season * 10 + number, tvdb: null },
  })),
)

const hasId = (wanted: Partial<Ids>) => (media: Media) =>
  (['trakt', 'imdb', 'tmdb'] as const).some((key) => wanted[key] != null && wanted[key] === media.ids[key])

type Wanted = { ids?: Partial<Ids>; season?: number; number?: number }
export const findFilm = ({ ids = {} }: Wanted): Media | undefined => films.find(hasId(ids))
export const findShow = ({ ids = {} }: Wanted): Media | undefined => [show].find(hasId(ids))
export const findEpisode = ({ ids, season, number }: Wanted): Media | undefined =>
  episodes.find((one) => (ids ? hasId(ids)(one) : one.season === season && one.number === number))
