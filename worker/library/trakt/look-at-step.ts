/** One step of reading a person's Trakt: what is there, which titles those are, and what differs from here. */
import type { Edge } from '../../edge.ts'
import { type Listing, TraktSilent, type traktClient } from './client.ts'
import type { Comparing, Found } from './compare/counts.ts'
import { NO_COUNTS } from './compare/counts.ts'
import { compareHistory } from './compare/history.ts'
import { compareWatchlist, mirrorList, mirrorOf } from './compare/lists.ts'
import { compareOurs } from './compare/ours.ts'
import { comparePlayback } from './compare/playback.ts'
import { compareRatings } from './compare/ratings.ts'
import { makeCards } from './make-cards.ts'
import { type Matched, matchTitles } from './match-titles.ts'
import type { TraktMedia } from './shapes.ts'
import type { Step } from './steps.ts'

/** A viewing that is noted at Trakt later than it happened is found when it lies within these. */
const HISTORY_BACK_MS = 30 * 86_400_000

export type Looking = {
  edge: Edge
  client: ReturnType<typeof traktClient>
  on: Comparing
  /** Titles that are not known here are made before they are compared: for what is then written. */
  isWriting: boolean
}
export type Look = Found & { pageCount: number; rowsWritten: number }

/** Throws TraktSilent. Writes nothing but cards of titles, and those only when `isWriting`. */
export async function lookAtStep(looking: Looking, step: Step): Promise<Look> {
  const { client, on } = looking
  const { lastSyncMs } = on
  const through = async <Item extends { media: TraktMedia }>(
    listing: Listing<Item>,
    compare: (matched: Matched<Item>[]) => Promise<Found>,
  ): Promise<Look> => {
    const { matched, rowsWritten } = await match(looking, listing.items)
    return { ...(await compare(matched)), pageCount: listing.pageCount, rowsWritten }
  }
  switch (step.kind) {
    case 'history': {
      const page = await client.history(step.page, lastSyncMs === null ? null : lastSyncMs - HISTORY_BACK_MS)
      return through(page, (matched) => compareHistory(on, matched))
    }
    case 'playback':
      return through(await client.playback(), (matched) => comparePlayback(on, matched))
    case 'ratings': {
      const page = await client.ratings()
      return through(page, (matched) => compareRatings(on, matched, page))
    }
    case 'watchlist': {
      const page = await client.watchlist()
      return through(page, (matched) => compareWatchlist(on, matched, page))
    }
    case 'collection': {
      const page = await client.collection()
      return through(page, (matched) => mirrorList(on, mirrorOf(on, 'collection', 'Collection'), matched, page))
    }
    case 'lists':
      return lookAtList(looking, step.page, through)
    case 'ours':
      return { ...(await compareOurs(on)), pageCount: 1, rowsWritten: 0 }
  }
}

type Through = <Item extends { media: TraktMedia }>(
  listing: Listing<Item>,
  compare: (matched: Matched<Item>[]) => Promise<Found>,
) => Promise<Look>

/** The list at `page` of all their lists. */
async function lookAtList({ client, on }: Looking, page: number, through: Through): Promise<Look> {
  const lists = await client.lists()
  const list = lists.items[page - 1]
  const pageCount = Math.max(1, lists.items.length)
  if (!list) return { counts: NO_COUNTS, statements: [], pageCount, rowsWritten: 0 }
  const items = await client.listItems(list.id).catch((error: unknown) => {
    // Taken away a moment ago: it is gone from the lists the next time.
    const isGone = error instanceof TraktSilent && error.outcome.kind === 'refused'
    if (isGone) return undefined
    throw error
  })
  if (!items) return { counts: NO_COUNTS, statements: [], pageCount, rowsWritten: 0 }
  const row = mirrorOf(on, `list:${list.id}`, list.name, list.description)
  return { ...(await through(items, (matched) => mirrorList(on, row, matched, items))), pageCount }
}

async function match<Item extends { media: TraktMedia }>({ edge, on: { db }, isWriting }: Looking, items: Item[]) {
  const matched = await matchTitles(db, items)
  const unknown = matched.filter(({ titleId }) => titleId === undefined)
  if (!isWriting || unknown.length === 0) return { matched, rowsWritten: 0 }
  const rowsWritten = await makeCards(edge, unknown)
  return { matched: await matchTitles(db, items), rowsWritten }
}
