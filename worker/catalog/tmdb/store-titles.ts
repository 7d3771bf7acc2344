/** Puts what TMDB told into the tables: idempotent, whole titles in one transaction, and only what differs is written. */
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
import { titles } from '../schema.ts'
import { indexSearch, searchTextOf } from '../search/index-search.ts'
import { upsertStatement, withdrawStatement } from '../upsert-rows.ts'
import type { readEpisodes, TitleCardRow, TitleContents } from './read-details.ts'
import { resolveTitles } from './resolve-titles.ts'
import { isTmdbs } from './title-ids.ts'

const words = ['name', 'overview', 'poster', 'year'] as const
/** What TMDB may also say of a title that is not its own. */
const guest = [
  'backdrop',
  'releasedOn',
  'originalName',
  'originalLanguage',
  'popularity',
  'voteAverage',
  'voteCount',
] as const
/** Counted anew every day: worth a write only with something else, or when much has changed. */
const quiet = ['popularity', 'voteAverage', 'voteCount'] as const
const unless = 'abs(excluded.popularity - titles.popularity) > 0.2 * max(titles.popularity, 5)'
const base = ['id', 'kind', 'licence', 'credit'] as const
const known = ['runtimeMinutes', 'names', 'minimumAgeYears'] as const
const part = [
  'releasedOn',
  'minimumAgeYears',
  'showId',
  'seasonNumber',
  'episodeNumber',
  'runtimeMinutes',
  ...words,
] as const

const title = { table: titles, key: ['id'], quiet, unless } as const
const statements = {
  card: upsertStatement({ ...title, columns: [...base, ...words, ...guest], update: [...words, ...guest] }),
  details: upsertStatement({
    ...title,
    columns: [...base, ...words, ...guest, ...known],
    update: [...words, ...guest, ...known],
  }),
  guest: upsertStatement({ ...title, columns: [...base, ...words, ...guest], update: guest }),
  part: upsertStatement({ table: titles, key: ['id'], columns: [...base, ...part], update: part }),
  ids: upsertStatement({
    table: externalIds,
    key: ['scheme', 'value'],
    columns: ['scheme', 'value', 'titleId'],
    update: [],
  }),
  genres: upsertStatement({ table: genres, key: ['id'], columns: ['id', 'name'], update: ['name'] }),
  titleGenres: upsertStatement({ table: titleGenres, key: ['genreId', 'titleId'], columns: ['genreId', 'titleId'] }),
  withdrawGenres: withdrawStatement(titleGenres, 'titleId', ['genreId', 'titleId']),
  people: upsertStatement({ table: people, key: ['id'], columns: ['id', 'name', 'portrait'] }),
  credits: upsertStatement({
    table: credits,
    key: ['titleId', 'job', 'position'],
    columns: ['titleId', 'job', 'position', 'artistId', 'character'],
  }),
  withdrawCredits: withdrawStatement(credits, 'titleId', ['titleId', 'job', 'position']),
  images: upsertStatement({
    table: images,
    key: ['titleId', 'kind', 'language'],
    columns: ['titleId', 'kind', 'language', 'path'],
  }),
  withdrawImages: withdrawStatement(images, 'titleId', ['titleId', 'kind', 'language']),
  translations: upsertStatement({
    table: translations,
    key: ['titleId', 'language'],
    columns: ['titleId', 'language', 'name', 'overview', 'tagline'],
  }),
  withdrawTranslations: withdrawStatement(translations, 'titleId', ['titleId', 'language']),
  rest: upsertStatement({
    table: titleDetails,
    key: ['titleId'],
    columns: ['titleId', 'tagline', 'status', 'homepage', 'certifications', 'videos', 'recommendations'],
  }),
  /** A show's age is its seasons' and episodes'. */
  ages: `update titles set minimum_age_years = show.minimum_age_years from titles as show
    where show.id = titles.show_id and titles.show_id in (select value from json_each(?1))
      and titles.minimum_age_years is not show.minimum_age_years`,
  looked: 'update titles set details_at = ?2 where id in (select value from json_each(?1))',
}

/** Rows written, as D1 counts them: the day's are not without end. */
export type Written = { rowsWritten: number }

async function write(edge: Edge, batch: D1PreparedStatement[]): Promise<Written> {
  if (batch.length === 0) return { rowsWritten: 0 }
  const results = await edge.env.DB.batch(batch)
  return { rowsWritten: results.reduce((sum, { meta }) => sum + meta.rows_written, 0) }
}

/** Titles as a list tells of them. Gives their ids here, in the order of the list. */
export async function storeCards(
  edge: Edge,
  cards: readonly TitleCardRow[],
): Promise<Written & { titleIds: string[] }> {
  const idOf = await resolveTitles(
    edge,
    cards.map(({ title: { kind }, tmdbId }) => ({ kind, tmdbId })),
  )
  const own = cards.map((card) => ({
    ...card,
    title: { ...card.title, id: idOf(card.title.kind, card.tmdbId) },
  }))
  const written = await write(edge, cardBatch(edge, own))
  return { ...written, titleIds: own.map((card) => card.title.id) }
}

function cardBatch({ env: { DB } }: Edge, cards: readonly TitleCardRow[]): D1PreparedStatement[] {
  if (cards.length === 0) return []
  const rows = cards.map((card) => card.title)
  const ids = cards.map(({ title: { id, kind }, tmdbId }) => ({
    scheme: `tmdb:${kind}`,
    value: String(tmdbId),
    titleId: id,
  }))
  const genresOf = cards.flatMap(({ title: { id }, genreIds }) => genreIds.map((genreId) => ({ genreId, titleId: id })))
  const texts = rows.map(({ id, name, originalName }) => searchTextOf(id, name, originalName ? [originalName] : [], []))
  const [, learn] = indexSearch(DB, texts)
  return [
    DB.prepare(statements.card).bind(JSON.stringify(rows.filter(({ id }) => isTmdbs(id)))),
    DB.prepare(statements.guest).bind(JSON.stringify(rows.filter(({ id }) => !isTmdbs(id)))),
    DB.prepare(statements.ids).bind(JSON.stringify(ids)),
    DB.prepare(statements.titleGenres).bind(JSON.stringify(genresOf)),
    ...(learn ? [learn] : []),
  ]
}

/** Films and shows with all that is told of them. */
export async function storeContents(edge: Edge, contents: readonly TitleContents[]): Promise<Written> {
  const { DB } = edge.env
  const idOf = await resolveTitles(
    edge,
    contents.flatMap(({ recommended }) => recommended.map((card) => ({ kind: card.title.kind, tmdbId: card.tmdbId }))),
  )
  const rows = contents.map((one) => one.title)
  const titleIds = JSON.stringify(rows.map(({ id }) => id))
  const bind = (statement: string, list: readonly unknown[]) => DB.prepare(statement).bind(JSON.stringify(list))
  const replace = (withdraw: string, put: string, list: readonly unknown[]) => [
    DB.prepare(withdraw).bind(titleIds, JSON.stringify(list)),
    bind(put, list),
  ]
  const recommended = contents.flatMap((one) =>
    one.recommended.map((card) => ({
      ...card,
      title: { ...card.title, id: idOf(card.title.kind, card.tmdbId) },
    })),
  )
  const rest = contents.map(({ details, recommended: list }) => ({
    ...details,
    recommendations: JSON.stringify(list.map((card) => idOf(card.title.kind, card.tmdbId))),
  }))
  return write(edge, [
    bind(
      statements.details,
      rows.filter(({ id }) => isTmdbs(id)),
    ),
    bind(
      statements.guest,
      rows.filter(({ id }) => !isTmdbs(id)),
    ),
    bind(
      statements.part,
      contents.flatMap(({ seasons, title: { minimumAgeYears } }) =>
        seasons.map((one) => ({ ...one, minimumAgeYears })),
      ),
    ),
    bind(
      statements.ids,
      contents.flatMap(({ ids, seasons }) => [...ids, ...seasons.map(seasonRef)]),
    ),
    bind(
      statements.genres,
      contents.flatMap((one) => one.genres),
    ),
    ...replace(
      statements.withdrawGenres,
      statements.titleGenres,
      contents.flatMap(({ genres: list, title: { id } }) => list.map((genre) => ({ genreId: genre.id, titleId: id }))),
    ),
    bind(
      statements.people,
      contents.flatMap((one) => one.people),
    ),
    ...replace(
      statements.withdrawCredits,
      statements.credits,
      contents.flatMap((one) => one.credits),
    ),
    ...replace(
      statements.withdrawImages,
      statements.images,
      contents.flatMap((one) => one.images),
    ),
    ...replace(
      statements.withdrawTranslations,
      statements.translations,
      contents.flatMap((one) => one.translations),
    ),
    bind(statements.rest, rest),
    ...cardBatch(edge, recommended),
    ...indexSearch(DB, contents.map(searchText)),
    DB.prepare(statements.ages).bind(titleIds),
    DB.prepare(statements.looked).bind(titleIds, edge.now),
  ])
}

const seasonRef = ({ id }: { id: string }) => ({ scheme: 'tmdb:season', value: id.replace(/^\D+/, ''), titleId: id })

const searchText = ({ title: { id, name, names, originalName }, people: list }: TitleContents) =>
  searchTextOf(
    id,
    name,
    [originalName ?? '', ...(Object.values(JSON.parse(names ?? '{}')) as string[])].filter(Boolean),
    list.map((one) => one.name),
  )

/** The episodes of one season, whose own row says from then on that they are known. */
export const storeEpisodes = (
  edge: Edge,
  seasonId: string,
  episodes: ReturnType<typeof readEpisodes>,
): Promise<Written> =>
  write(edge, [
    edge.env.DB.prepare(statements.part).bind(JSON.stringify(episodes.map((one) => one.title))),
    edge.env.DB.prepare(statements.ids).bind(
      JSON.stringify(
        episodes.map(({ title: { id }, tmdbId }) => ({ scheme: 'tmdb:episode', value: String(tmdbId), titleId: id })),
      ),
    ),
    edge.env.DB.prepare(statements.looked).bind(JSON.stringify([seasonId]), edge.now),
  ])

/** TMDB was asked about it and knows nothing: as good as looked at. */
export const markLooked = (edge: Edge, titleId: string): Promise<Written> =>
  write(edge, [edge.env.DB.prepare(statements.looked).bind(JSON.stringify([titleId]), edge.now)])
