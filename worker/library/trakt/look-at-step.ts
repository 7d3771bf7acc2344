/** One step of reading a person's Trakt: what is there, which titles those are, and what differs from here. */
import { type SQL, sql } from 'drizzle-orm'
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
  const through = async <Item extends Told>(
    listing: Listing<Item>,
    compare: (matched: Matched<Item>[]) => Promise<Found>,
  ): Promise<Look> => {
    // A time that is yet to come is a mistake of somebody's clock; it would win over everything until then.
    const items = listing.items.map((item) => ({ ...item, atMs: Math.min(item.atMs, on.nowMs) }))
    const { matched, rowsWritten } = await match(looking, items)
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

type Told = { media: TraktMedia; atMs: number }
type Through = <Item extends Told>(
  listing: Listing<Item>,
  compare: (matched: Matched<Item>[]) => Promise<Found>,
) => Promise<Look>

/** The list at `page` of all their lists. */
async function lookAtList({ client, on }: Looking, page: number, through: Through): Promise<Look> {
  const lists = await client.lists()
  const list = lists.items[page - 1]
  const pageCount = Math.max(1, lists.items.length)
  const nothing = { counts: NO_COUNTS, statements: page === 1 ? dropOthers(on, lists) : [], pageCount, rowsWritten: 0 }
  if (!list) return nothing
  const items = await client.listItems(list.id).catch((error: unknown) => {
    // Taken away a moment ago: it is gone from the lists the next time.
    const isGone = error instanceof TraktSilent && error.outcome.kind === 'refused'
    if (isGone) return undefined
    throw error
  })
  if (!items) return nothing
  const row = mirrorOf(on, `list:${list.id}`, list.name, list.description)
  const look = await through(items, (matched) => mirrorList(on, row, matched, items))
  return { ...look, statements: [...nothing.statements, ...look.statements], pageCount }
}

/** Lists that are no longer among theirs go here too. */
function dropOthers({ watcher }: Comparing, { items, isWhole, pageCount }: Listing<{ id: number }>): SQL[] {
  if (!isWhole || pageCount > 1) return []
  const origins = JSON.stringify(items.map(({ id }) => `trakt:list:${id}`))
  return [
    sql`delete from media_lists where viewer_id = ${watcher.id} and kind = 'trakt' and origin like 'trakt:list:%'
        and origin not in (select value from json_each(${origins}))`,
  ]
}

async function match<Item extends Told>({ edge, on: { db }, isWriting }: Looking, items: Item[]) {
  const matched = await matchTitles(db, items)
  const unknown = matched.filter(({ titleId }) => titleId === undefined)
  if (!isWriting || unknown.length === 0) return { matched, rowsWritten: 0 }
  const rowsWritten = await makeCards(edge, unknown)
  return { matched: await matchTitles(db, items), rowsWritten }
}
