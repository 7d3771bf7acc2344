/** One search: what is known here, put right where it was misspelt, and TMDB's beside it. */
import { and, inArray } from 'drizzle-orm'
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import { titles } from '../schema.ts'
import { suitableFor } from '../suitable.ts'
import type { SearchAnswer, SearchQuery } from './answers.ts'
import { askUpstream } from './ask-upstream.ts'
import { correctWords } from './correct-words.ts'
import { type Found, findTitlesQuery, foundCard, PAGE_TITLES } from './find-titles.ts'
import { matchExpression, typedWords } from './match-query.ts'

/** Below this many of our own, what was typed may have been meant otherwise. */
const FEW = 1
const LAST_OFFSET = 240

/** Never throws for TMDB's sake: `upstream` says how it was. */
export async function search(edge: Edge, viewer: Viewer, query: SearchQuery): Promise<SearchAnswer> {
  const { q, scope, cursor, ...filters } = query
  const words = typedWords(q)
  if (words === null) return { results: [], correctedTo: null, upstream: null, cursor: null }
  const offset = Math.min(LAST_OFFSET, Number(cursor ?? 0))
  // TMDB tells no age with what it finds, so that nothing of it is for a child; and it knows nothing of our filters.
  const isAsked = scope === 'all' && offset === 0 && viewer.capYears === null && !hasFilter(filters)
  const asked = isAsked ? askUpstream(edge, words.join(' ')) : undefined
  const find = (match: string) => findTitlesQuery(edge, viewer, { match, filters, offset })
  let found: Found[] = await find(matchExpression(words.map((word) => [word])))
  let correctedTo: string | null = null
  if (found.length < FEW && offset === 0) {
    const readings = await correctWords(edge, words)
    if (readings?.some((list, at) => list[0] !== words[at])) {
      found = await find(matchExpression(readings))
      if (found.length > 0) correctedTo = readings.map((list) => list[0]).join(' ')
    }
  }
  const upstream = await asked
  const more = found.length > PAGE_TITLES && offset < LAST_OFFSET
  const own = found.slice(0, PAGE_TITLES)
  const theirs = upstream === undefined ? [] : await cardsOf(edge, viewer, upstream.titleIds, own)
  return {
    results: [...own, ...theirs],
    correctedTo,
    upstream: upstream?.state ?? null,
    cursor: more ? String(offset + PAGE_TITLES) : null,
  }
}

const hasFilter = (filters: object): boolean => Object.values(filters).some((value) => value !== undefined)

/** Those that are not among our own already, in TMDB's order. */
async function cardsOf(
  edge: Edge,
  viewer: Viewer,
  titleIds: readonly string[],
  own: readonly Found[],
): Promise<Found[]> {
  const known = new Set(own.map(({ id }) => id))
  const missing = [...new Set(titleIds)].filter((id) => !known.has(id))
  if (missing.length === 0) return []
  const cards = await edge.db
    .select(foundCard(viewer))
    .from(titles)
    .where(and(inArray(titles.id, missing), suitableFor(viewer)))
  const byId = new Map(cards.map((card) => [card.id, card]))
  return missing.flatMap((id) => byId.get(id) ?? [])
}
