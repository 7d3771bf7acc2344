/** Everything a title's own page shows, in one round trip. A batch gives rows by column name: each column has one of its own. */
import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import {
  credits,
  externalIds,
  genres,
  images,
  people,
  titleDetails,
  titleGenres,
  translations,
} from '../details/schema.ts'
import { pictureUrl } from '../picture-url.ts'
import { sources, titles } from '../schema.ts'
import { suitableFor } from '../suitable.ts'
import { titleCardFor } from '../titles.ts'

const show = alias(titles, 'show')
const MOST_PARTS = 400

/** `de-AT` and `de`, best first; none for a viewer without a language. */
export const readingOrder = ({ language }: Pick<Viewer, 'language'>): string[] => {
  const short = language?.split('-')[0]
  return language == null || short === undefined ? [] : [...new Set([language, short])]
}

const tmdbIdOf = (titleId: SQL, scheme: SQL) =>
  sql<
    string | null
  >`(select value from ${externalIds} where ${externalIds.titleId} = ${titleId} and ${externalIds.scheme} = ${scheme})`

/** The statements, for the page and for the test of their plans. */
export const wholeTitleQueries = ({ db }: Pick<Edge, 'db'>, viewer: Viewer, id: string) => {
  const columns = {
    ...titleCardFor(viewer),
    overview: titles.overview,
    licence: titles.licence,
    credit: titles.credit,
    originalName: titles.originalName,
    originalLanguage: titles.originalLanguage,
    releasedOn: titles.releasedOn,
    voteAverage: titles.voteAverage,
    voteCount: titles.voteCount,
    minimumAgeYears: titles.minimumAgeYears,
    backdrop: pictureUrl(titles.backdrop, 'w1280').as('backdrop'),
    detailsAt: titles.detailsAt,
    showId: titles.showId,
    seasonNumber: titles.seasonNumber,
    episodeNumber: titles.episodeNumber,
  }
  const partOf = sql`${titles.showId} = coalesce((select show_id from titles as own where own.id = ${id}), ${id})`
  return {
    title: db
      .select({
        ...columns,
        tagline: titleDetails.tagline,
        status: titleDetails.status,
        homepage: titleDetails.homepage,
        certifications: titleDetails.certifications,
        videos: titleDetails.videos,
        showName: sql<string | null>`${show.name}`.as('show_name'),
        tmdbId: tmdbIdOf(sql`${titles.id}`, sql`'tmdb:' || ${titles.kind}`).as('tmdb_id'),
        showTmdbId: tmdbIdOf(sql`${titles.showId}`, sql`'tmdb:show'`).as('show_tmdb_id'),
      })
      .from(titles)
      .leftJoin(titleDetails, eq(titleDetails.titleId, titles.id))
      .leftJoin(show, eq(show.id, titles.showId))
      .where(and(eq(titles.id, id), suitableFor(viewer))),
    sources: db
      .select({ id: sources.id, provider: sources.provider, sizeBytes: sources.sizeBytes })
      .from(sources)
      .where(eq(sources.titleId, id)),
    genres: db
      .select({
        id: genres.id,
        name: sql<string>`coalesce(${genres.names} ->> ${readingOrder(viewer).at(-1) ?? 'en'}, ${genres.name})`.as(
          'name',
        ),
      })
      .from(titleGenres)
      .innerJoin(genres, eq(genres.id, titleGenres.genreId))
      .where(eq(titleGenres.titleId, id))
      .orderBy(asc(genres.name)),
    credits: db
      .select({
        job: credits.job,
        name: people.name,
        character: credits.character,
        portrait: pictureUrl(people.portrait, 'w185').as('portrait'),
      })
      .from(credits)
      .innerJoin(people, eq(people.id, credits.artistId))
      .where(eq(credits.titleId, id))
      .orderBy(asc(credits.job), asc(credits.position)),
    words: db
      .select({
        language: translations.language,
        name: translations.name,
        overview: translations.overview,
        tagline: translations.tagline,
      })
      .from(translations)
      .where(and(eq(translations.titleId, id), inArray(translations.language, ['', ...readingOrder(viewer)]))),
    pictures: db
      .select({ kind: images.kind, language: images.language, path: pictureUrl(images.path, 'w500').as('path') })
      .from(images)
      .where(and(eq(images.titleId, id), inArray(images.language, ['', 'en', ...readingOrder(viewer)]))),
    recommendations: db
      .select(titleCardFor(viewer))
      .from(sql`json_each((select recommendations from title_details where title_id = ${id})) as recommended`)
      .innerJoin(titles, eq(titles.id, sql`recommended.value`))
      .where(suitableFor(viewer))
      .orderBy(sql`recommended.key`),
    /** Of a show its seasons, of a season its episodes: both by the index of shows. */
    parts: db
      .select({
        ...titleCardFor(viewer),
        overview: titles.overview,
        releasedOn: titles.releasedOn,
        seasonNumber: titles.seasonNumber,
        episodeNumber: titles.episodeNumber,
        isAvailable: sql<number>`${titles.availableAt} is not null`.mapWith(Boolean).as('is_available'),
      })
      .from(titles)
      .where(
        and(
          partOf,
          sql`exists (select 1 from titles as own where own.id = ${id} and
            case own.kind when 'show' then ${titles.kind} = 'season'
              when 'season' then ${titles.kind} = 'episode' and ${titles.seasonNumber} = own.season_number end)`,
          suitableFor(viewer),
        ),
      )
      .orderBy(asc(titles.seasonNumber), asc(titles.episodeNumber))
      .limit(MOST_PARTS),
  }
}

/** Undefined when there is no such title, or none for this viewer. */
export async function readWholeTitle(edge: Edge, viewer: Viewer, id: string) {
  const all = wholeTitleQueries(edge, viewer, id)
  const [[title], found, genreList, creditList, words, pictures, recommendations, parts] = await edge.db.batch([
    all.title,
    all.sources,
    all.genres,
    all.credits,
    all.words,
    all.pictures,
    all.recommendations,
    all.parts,
  ])
  if (!title) return undefined
  return { title, sources: found, genres: genreList, credits: creditList, words, pictures, recommendations, parts }
}
export type ReadTitle = NonNullable<Awaited<ReturnType<typeof readWholeTitle>>>
