/** What is read from Trakt as a person, one function a listing: items that read, or why there are none. */
import * as z from 'zod'
import type { Edge } from '../../edge.ts'
import type { TraktOutcome } from './ask-trakt.ts'
import {
  CollectedMovie,
  CollectedShow,
  HistoryItem,
  List,
  ListItem,
  PlaybackItem,
  RatingItem,
  readItems,
} from './shapes.ts'
import { askAs, type TraktAccount } from './trakt-account.ts'

export const HISTORY_PAGE = 100
const LISTING_PAGE = 250
/** Of a listing that is compared as a whole; of a longer one the rest stays as it is. */
const LISTING_PAGES = 8

/** `isWhole`: nothing of it is missing, so what is not in it is not there. */
export type Listing<Item> = { items: Item[]; pageCount: number; itemCount: number | null; isWhole: boolean }

/** Why something could not be read: thrown by reading, told apart by whoever runs the sync. */
export class TraktSilent extends Error {
  override readonly name = 'TraktSilent'
  readonly outcome: Exclude<TraktOutcome, { kind: 'ok' }>

  constructor(outcome: Exclude<TraktOutcome, { kind: 'ok' }>) {
    super(`Trakt: ${outcome.kind}`, outcome.kind === 'later' ? { cause: outcome.cause } : {})
    this.outcome = outcome
  }
}

export type TraktClient = ReturnType<typeof traktClient>

/** Each throws TraktSilent. */
export function traktClient(edge: Edge, account: TraktAccount) {
  const page = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    query: Record<string, string | number> = {},
  ): Promise<Listing<z.infer<Schema>>> => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
    const outcome = await askAs(edge, account, { path: `${path}${search.size > 0 ? `?${search}` : ''}` })
    if (outcome.kind !== 'ok') throw new TraktSilent(outcome)
    const read = readItems(outcome.body, schema)
    if (!read) throw new TraktSilent({ kind: 'later', afterSeconds: null, cause: new TypeError('no list') })
    const { itemCount } = outcome
    // Without the header it is all there is, unless it is exactly what was asked for at most.
    const isCut = outcome.pageCount === null && read.items.length === query.limit
    const pageCount = outcome.pageCount ?? 1
    return { items: read.items, pageCount, itemCount, isWhole: read.isWhole && !isCut }
  }
  const whole = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<Listing<z.infer<Schema>>> => {
    const first = await page(path, schema, { page: 1, limit: LISTING_PAGE })
    const items = [...first.items]
    let isWhole = first.isWhole && first.pageCount <= LISTING_PAGES
    for (let at = 2; at <= Math.min(first.pageCount, LISTING_PAGES); at++) {
      const next = await page(path, schema, { page: at, limit: LISTING_PAGE })
      items.push(...next.items)
      isWhole &&= next.isWhole
    }
    return { ...first, items, pageCount: 1, isWhole }
  }

  return {
    lastActivities: async (): Promise<Record<string, string>> => {
      const outcome = await askAs(edge, account, { path: '/sync/last_activities' })
      if (outcome.kind !== 'ok') throw new TraktSilent(outcome)
      return flatTimes(outcome.body)
    },
    history: (at: number, sinceMs: number | null) =>
      page('/sync/history', HistoryItem, {
        page: at,
        limit: HISTORY_PAGE,
        ...(sinceMs !== null && { start_at: new Date(sinceMs).toISOString() }),
      }),
    playback: () => page('/sync/playback', PlaybackItem),
    ratings: () => whole('/sync/ratings', RatingItem),
    watchlist: () => whole('/sync/watchlist', ListItem),
    collection: async (): Promise<Listing<ListItem>> => {
      const [movies, shows] = [
        await whole('/sync/collection/movies', CollectedMovie),
        await whole('/sync/collection/shows', CollectedShow),
      ]
      const items = [...movies.items, ...shows.items]
      return { items, pageCount: 1, itemCount: items.length, isWhole: movies.isWhole && shows.isWhole }
    },
    lists: () => page('/users/me/lists', List),
    listItems: (id: number) => whole(`/users/me/lists/${id}/items`, ListItem),
  }
}

const Activities = z.record(z.string(), z.union([z.record(z.string(), z.unknown()), z.unknown()]))

/** `{ movies: { watched_at } }` as `{ 'movies.watched_at' }`: only texts count, whatever else there will be. */
export function flatTimes(body: unknown): Record<string, string> {
  const parsed = Activities.safeParse(body)
  const groups = Object.entries(parsed.success ? parsed.data : {})
  return Object.fromEntries(
    groups.flatMap(([group, times]) =>
      typeof times === 'object' && times !== null
        ? Object.entries(times).flatMap(([name, at]) => (typeof at === 'string' ? [[`${group}.${name}`, at]] : []))
        : [],
    ),
  )
}
