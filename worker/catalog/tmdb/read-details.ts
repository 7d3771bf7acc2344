/** Pure: what is stored of a film or a show as TMDB tells it. Bounded in every direction: each row is a write of the day's. */
import { minimumAge } from '../details/certification-age.ts'
import type { credits, externalIds, images, people, titleDetails, translations } from '../details/schema.ts'
import type { titles } from '../schema.ts'
import type { TmdbCard, TmdbDetails, TmdbImage, TmdbSeason } from './shapes.ts'
import { type TmdbKind, titleIdOf, tmdbFile } from './title-ids.ts'

const MOST_CAST = 10
const MOST_CREW = 2
const MOST_RECOMMENDATIONS = 12
const MOST_VIDEOS = 4

/** `languages`: BCP 47, of the household's profiles. `region`: whose certifications count. */
export type Household = { languages: readonly string[]; region: string }

export type TitleContents = {
  title: typeof titles.$inferInsert
  details: typeof titleDetails.$inferInsert
  ids: (typeof externalIds.$inferInsert)[]
  genres: { id: number; name: string }[]
  people: (typeof people.$inferInsert)[]
  credits: (typeof credits.$inferInsert)[]
  images: (typeof images.$inferInsert)[]
  translations: (typeof translations.$inferInsert)[]
  /** Cards of what TMDB recommends: known titles from then on. */
  recommended: TitleCardRow[]
  seasons: (typeof titles.$inferInsert)[]
}

export type TitleCardRow = {
  title: typeof titles.$inferInsert & { kind: TmdbKind }
  tmdbId: number
  genreIds: number[]
}

/** A title as a list tells of it; undefined for one without a name, and for pornography. */
export function readCard(kind: TmdbKind, card: TmdbCard): TitleCardRow | undefined {
  const name = card.title ?? card.name
  if (name === null || card.adult) return undefined
  return { title: cardRow(kind, card, name), tmdbId: card.id, genreIds: card.genre_ids }
}

function cardRow(kind: TmdbKind, card: Omit<TmdbCard, 'genre_ids' | 'media_type'>, name: string) {
  const releasedOn = card.release_date ?? card.first_air_date
  const originalName = card.original_title ?? card.original_name
  return {
    id: titleIdOf(kind, card.id),
    kind,
    name: name.slice(0, 300),
    overview: card.overview.slice(0, 4000),
    licence: '',
    credit: '',
    poster: tmdbFile(card.poster_path),
    backdrop: tmdbFile(card.backdrop_path),
    year: releasedOn === null ? null : Number(releasedOn.slice(0, 4)),
    releasedOn,
    originalName: originalName === name ? null : originalName,
    originalLanguage: card.original_language,
    popularity: Math.round(card.popularity * 10) / 10,
    voteAverage: card.vote_average === null ? null : Math.round(card.vote_average * 10) / 10,
    voteCount: card.vote_count,
  }
}

/** `titleId` is ours: another title may already stand for it. Undefined for what has no name. */
export function readDetails(
  kind: TmdbKind,
  titleId: string,
  details: TmdbDetails,
  { languages, region }: Household,
): TitleContents | undefined {
  const name = details.title ?? details.name
  if (name === null || details.adult) return undefined
  const certifications = certificationsOf(details)
  const names = namesOf(details, name)
  const recommended = details.recommendations.results
    .flatMap((card) => readCard(kind, card) ?? [])
    .slice(0, MOST_RECOMMENDATIONS)
  const cast = castOf(details)
  return {
    title: {
      ...cardRow(kind, details, name),
      id: titleId,
      runtimeMinutes: details.runtime || details.episode_run_time[0] || null,
      names: Object.keys(names).length === 0 ? null : JSON.stringify(names),
      minimumAgeYears: minimumAge(certifications, region),
    },
    details: {
      titleId,
      tagline: details.tagline || null,
      status: details.status,
      homepage: details.homepage,
      certifications: JSON.stringify(certifications),
      videos: JSON.stringify(videosOf(details, languages)),
      recommendations: JSON.stringify(recommended.map(({ title }) => title.id)),
    },
    ids: idsOf(kind, titleId, details),
    genres: details.genres,
    people: [...new Map(cast.map(({ person }) => [person.id, person])).values()],
    credits: cast.map(({ credit }) => ({ titleId, ...credit })),
    images: imagesOf(titleId, details, languages),
    translations: translationsOf(titleId, details, languages),
    recommended,
    seasons: kind === 'show' ? details.seasons.map((season) => seasonRow(titleId, season)) : [],
  }
}

function idsOf(kind: TmdbKind, titleId: string, details: TmdbDetails): TitleContents['ids'] {
  const { imdb_id, tvdb_id } = details.external_ids
  const imdb = details.imdb_id ?? (imdb_id !== null && /^tt\d{5,12}$/.test(imdb_id) ? imdb_id : null)
  return [
    { scheme: `tmdb:${kind}`, value: String(details.id), titleId },
    ...(imdb === null ? [] : [{ scheme: 'imdb' as const, value: imdb, titleId }]),
    ...(tvdb_id === null ? [] : [{ scheme: `tvdb:${kind}` as const, value: String(tvdb_id), titleId }]),
  ]
}

/** Cinema (3) and its limited form (2) before the rest: a disc may hold a longer cut. */
function certificationsOf(details: TmdbDetails): Record<string, string> {
  const rank = (type: number) => (type === 3 ? 0 : type === 2 ? 1 : 2)
  const films = details.release_dates.results.flatMap(({ iso_3166_1, release_dates }) => {
    const given = release_dates.filter(({ certification }) => certification.trim() !== '')
    const best = given.toSorted((a, b) => rank(a.type) - rank(b.type))[0]
    return best === undefined ? [] : [[iso_3166_1, best.certification.trim().slice(0, 20)] as const]
  })
  const shows = details.content_ratings.results.flatMap(({ iso_3166_1, rating }) =>
    rating.trim() === '' ? [] : [[iso_3166_1, rating.trim().slice(0, 20)] as const],
  )
  return Object.fromEntries([...shows, ...films])
}

/** By language, and by language and region where that is another; without those that are `name` itself. */
function namesOf(details: TmdbDetails, name: string): Record<string, string> {
  const names = new Map<string, string>()
  for (const { iso_639_1, iso_3166_1, data } of details.translations.translations) {
    const own = (data.title || data.name).slice(0, 300)
    if (own === '') continue
    const short = names.get(iso_639_1)
    if (short === undefined) names.set(iso_639_1, own)
    else if (short !== own && iso_3166_1 !== '') names.set(`${iso_639_1}-${iso_3166_1}`, own)
  }
  return Object.fromEntries([...names].filter(([, own]) => own !== name))
}

function translationsOf(titleId: string, details: TmdbDetails, wanted: readonly string[]) {
  const all = details.translations.translations
  return wanted.flatMap((language) => {
    const [short = '', region] = language.split('-')
    const ofLanguage = all.filter(({ iso_639_1 }) => iso_639_1 === short)
    const found = ofLanguage.find(({ iso_3166_1 }) => iso_3166_1 === region?.toUpperCase()) ?? ofLanguage[0]
    if (found === undefined) return []
    const { title, name, overview, tagline } = found.data
    const row = { name: title || name || null, overview: overview || null, tagline: tagline || null }
    return Object.values(row).every((value) => value === null) ? [] : [{ titleId, language, ...row }]
  })
}

/** The best of each kind for each language, and one without words. */
function imagesOf(
  titleId: string,
  { images: all }: TmdbDetails,
  languages: readonly string[],
): TitleContents['images'] {
  const wanted = [...new Set(['', ...languages.map((language) => language.split('-')[0] ?? '')])]
  const best = (list: TmdbImage[], language: string) =>
    list
      .filter(({ iso_639_1, file_path }) => (iso_639_1 ?? '') === language && file_path !== null)
      .toSorted((a, b) => (b.vote_average ?? 0) - (a.vote_average ?? 0))[0]
  const kinds = [
    ['poster', all.posters],
    ['logo', all.logos],
  ] as const
  return kinds.flatMap(([kind, list]) =>
    wanted.flatMap((language) => {
      const path = tmdbFile(best(list, language)?.file_path ?? null)
      if (path === null) return []
      return [{ titleId, kind, language, path }]
    }),
  )
}

function videosOf(details: TmdbDetails, languages: readonly string[]) {
  const spoken = new Set(languages.map((language) => language.split('-')[0]))
  const trailers = details.videos.results.filter(
    ({ site, type, iso_639_1 }) => site === 'YouTube' && type === 'Trailer' && (!iso_639_1 || spoken.has(iso_639_1)),
  )
  return trailers
    .toSorted((a, b) => Number(b.official) - Number(a.official))
    .slice(0, MOST_VIDEOS)
    .map(({ site, key, name, iso_639_1 }) => ({
      site,
      key,
      kind: 'trailer',
      name: name.slice(0, 120),
      language: iso_639_1,
    }))
}

const crewJobs = { Director: 'director', Writer: 'writer', Screenplay: 'writer' } as const

function castOf({ credits: { cast, crew }, created_by }: TmdbDetails) {
  type Job = 'cast' | 'director' | 'writer' | 'creator'
  const found: { job: Job; id: number; name: string; character: string; portrait: string | null }[] = [
    ...cast
      .toSorted((a, b) => a.order - b.order)
      .slice(0, MOST_CAST)
      .map((one) => ({ ...one, job: 'cast' as const, portrait: one.profile_path })),
    ...created_by
      .slice(0, MOST_CREW)
      .map((one) => ({ ...one, job: 'creator' as const, character: '', portrait: null })),
    ...(['Director', 'Writer', 'Screenplay'] as const).flatMap((job) =>
      crew
        .filter((one) => one.job === job)
        .slice(0, MOST_CREW)
        .map((one) => ({ ...one, job: crewJobs[job], character: '', portrait: one.profile_path })),
    ),
  ]
  const counts = new Map<Job, number>()
  return found.map(({ job, id, name, character, portrait }) => {
    const position = counts.get(job) ?? 0
    counts.set(job, position + 1)
    return {
      person: { id, name: name.slice(0, 120), portrait: tmdbFile(portrait) },
      credit: { job, position, artistId: id, character: character.slice(0, 120) || null },
    }
  })
}

const seasonRow = (showId: string, season: Omit<TmdbSeason, 'episodes'>): typeof titles.$inferInsert => ({
  ...emptyTitle,
  id: titleIdOf('season', season.id),
  kind: 'season',
  name: season.name || `Season ${season.season_number}`,
  overview: season.overview.slice(0, 4000),
  poster: tmdbFile(season.poster_path),
  releasedOn: season.air_date,
  year: season.air_date === null ? null : Number(season.air_date.slice(0, 4)),
  showId,
  seasonNumber: season.season_number,
})

const emptyTitle = { licence: '', credit: '' }

/** A season's episodes. What a show is for, its episodes are for. */
export const readEpisodes = (
  show: { id: string; minimumAgeYears: number | null },
  { season_number, episodes }: TmdbSeason,
): { title: typeof titles.$inferInsert; tmdbId: number }[] =>
  episodes.map((episode) => ({
    tmdbId: episode.id,
    title: {
      ...emptyTitle,
      id: titleIdOf('episode', episode.id),
      kind: 'episode' as const,
      name: (episode.name || `Episode ${episode.episode_number}`).slice(0, 300),
      overview: episode.overview.slice(0, 2000),
      poster: tmdbFile(episode.still_path),
      releasedOn: episode.air_date,
      year: episode.air_date === null ? null : Number(episode.air_date.slice(0, 4)),
      runtimeMinutes: episode.runtime,
      voteAverage: episode.vote_average === null ? null : Math.round(episode.vote_average * 10) / 10,
      voteCount: episode.vote_count,
      minimumAgeYears: show.minimumAgeYears,
      showId: show.id,
      seasonNumber: season_number,
      episodeNumber: episode.episode_number,
    },
  }))
