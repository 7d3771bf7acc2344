/** The titles that hold what was typed: one query over FTS5, best first. */
import { and, eq, exists, gte, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import { titleGenres } from '../details/schema.ts'
import { titles } from '../schema.ts'
import { suitableFor } from '../suitable.ts'
import { titleCardFor } from '../titles.ts'
import type { SearchAnswer, SearchQuery } from './answers.ts'
import { titleSearch } from './schema.ts'

export const PAGE_TITLES = 24
/** Of a word that is in thousands of titles only the best are looked at, unless a filter will take most away. */
const MOST_MATCHES = 300
const MOST_FILTERED = 3000

type Filters = Omit<SearchQuery, 'q' | 'scope' | 'cursor'>
export type Found = SearchAnswer['results'][number]

/** A title's card, and whether it can be had. */
export const foundCard = (viewer: Viewer) => ({
  ...titleCardFor(viewer),
  isAvailable: sql<number>`${titles.availableAt} is not null`.mapWith(Boolean).as('is_available'),
})

/** Names count most, then other names, then people; of two alike, what is asked for more and can be had comes first. */
export const findTitlesQuery = (
  { db }: Pick<Edge, 'db'>,
  viewer: Viewer,
  { match, filters, offset }: { match: string; filters: Filters; offset: number },
) => {
  const isFiltered = Object.values(filters).some((value) => value !== undefined) || viewer.capYears !== null
  const matches = sql`(select rowid as id, bm25(title_fts, 10, 5, 2) as score from title_fts where title_fts match ${match}
    order by score limit ${isFiltered ? MOST_FILTERED : MOST_MATCHES})`
  // bm25 is better the smaller it is; the logarithm of popularity runs from 0 to about 3.
  const worth = sql`matches.score * (1 + ln(1 + ${titles.popularity}) * 0.25 + (${titles.availableAt} is not null) * 0.5)`
  return db
    .select(foundCard(viewer))
    .from(sql`${matches} as matches`)
    .innerJoin(titleSearch, eq(titleSearch.id, sql`matches.id`))
    .innerJoin(titles, eq(titles.id, titleSearch.titleId))
    .where(and(suitableFor(viewer), ...conditions(filters)))
    .orderBy(sql`${worth}, ${titles.id}`)
    .limit(PAGE_TITLES + 1)
    .offset(offset)
}

const conditions = (filters: Filters): (SQL | undefined)[] => [
  filters.kind === undefined ? undefined : eq(titles.kind, filters.kind),
  filters.yearFrom === undefined ? undefined : gte(titles.year, filters.yearFrom),
  filters.yearTo === undefined ? undefined : lte(titles.year, filters.yearTo),
  filters.language === undefined ? undefined : eq(titles.originalLanguage, filters.language),
  filters.runtimeTo === undefined ? undefined : lte(titles.runtimeMinutes, filters.runtimeTo),
  filters.available === undefined ? undefined : isNotNull(titles.availableAt),
  filters.genre === undefined
    ? undefined
    : exists(
        sql`(select 1 from ${titleGenres} where ${titleGenres.genreId} = ${filters.genre} and ${titleGenres.titleId} = ${titles.id})`,
      ),
]
