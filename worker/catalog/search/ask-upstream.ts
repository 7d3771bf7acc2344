/** What TMDB finds for the same words, within a deadline: known titles from then on, so that they can be opened. */
import { remember } from '../../cache/cache.ts'
import type { Edge } from '../../edge.ts'
import { titleTag } from '../title-tag.ts'
import { askTmdb, stateAfter, TmdbError, type TmdbState } from '../tmdb/ask-tmdb.ts'
import { readCard } from '../tmdb/read-details.ts'
import { TmdbPage } from '../tmdb/shapes.ts'
import { storeCards } from '../tmdb/store-titles.ts'
import { countRows, rowsLeft } from '../tmdb/sync-state.ts'
import { isTmdbOn } from '../tmdb/tmdb-settings.ts'

const UPSTREAM_DEADLINE_MS = 700
const SHORTEST_TEXT = 3
/** It rests on which titles of ours TMDB's numbers mean: two of them may turn out to be one (tmdb/fold-twins.ts). */
const lifetime = {
  freshSeconds: 3600,
  staleSeconds: 24 * 3600,
  tagsOf: (titleIds: readonly string[]) => titleIds.map(titleTag),
}

/** `on` also when it found nothing. Goes on behind the caller's back when it is late. */
export async function askUpstream(edge: Edge, text: string): Promise<{ titleIds: string[]; state: TmdbState }> {
  if (!isTmdbOn(edge.env)) return { titleIds: [], state: 'off' }
  if (text.length < SHORTEST_TEXT) return { titleIds: [], state: 'on' }
  const asked = remember(edge, `search:${text}`, lifetime, () => search(edge, text))
    .then((titleIds) => ({ titleIds, state: 'on' as TmdbState }))
    .catch((error: unknown) => ({ titleIds: [], state: stateAfter(error) }))
  edge.later(asked)
  const late = new Promise<{ titleIds: string[]; state: TmdbState }>((resolve) =>
    setTimeout(() => resolve({ titleIds: [], state: 'away' }), UPSTREAM_DEADLINE_MS),
  )
  return Promise.race([asked, late])
}

/** Throws `TmdbError`. */
async function search(edge: Edge, text: string): Promise<string[]> {
  // What cannot be kept cannot be opened; and nobody remembers tomorrow that nothing was found today.
  if ((await rowsLeft(edge)) === 0) throw new TmdbError('away')
  const query = { query: text, include_adult: 'false', language: 'en-US', page: '1' }
  const { results } = await askTmdb(edge, { path: '/search/multi', query, schema: TmdbPage, priority: 'person' })
  const cards = results.flatMap((card) => {
    const kind = card.media_type === 'movie' ? 'movie' : card.media_type === 'tv' ? 'show' : undefined
    return (kind && readCard(kind, card)) ?? []
  })
  if (cards.length === 0) return []
  const { titleIds, rowsWritten } = await storeCards(edge, cards)
  await countRows(edge, rowsWritten)
  return titleIds
}
