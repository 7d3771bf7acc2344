/** Pure: what of the queue is still worth telling Trakt, and in which words, now that some time may have passed. */
import * as z from 'zod'

export const OUTBOX_KINDS = [
  'scrobble/start',
  'scrobble/pause',
  'scrobble/stop',
  'sync/history',
  'sync/history/remove',
  'sync/watchlist',
  'sync/watchlist/remove',
  'sync/ratings',
  'sync/ratings/remove',
] as const
export type OutboxKind = (typeof OUTBOX_KINDS)[number]

/** A row's body, in our own terms: what a title is called elsewhere is looked up when it is sent. */
export const OutboxBody = z.object({
  titleId: z.string(),
  /** When it was done, epoch milliseconds. */
  atMs: z.number(),
  percent: z.number().min(0).max(100).optional(),
  stars: z.int().min(1).max(10).optional(),
  /** Of a viewing that is taken away, when Trakt's number of it is known: then only that one is. */
  traktId: z.int().optional(),
})
export type OutboxBody = z.infer<typeof OutboxBody>

export type Ids = Record<string, string | number>
/** How Trakt finds a title. An episode without ids of its own is found by its show's. */
export type TraktName =
  | { kind: 'movies' | 'shows' | 'episodes'; ids: Ids }
  | { kind: 'numbered'; show: Ids; season: number; number: number }

export type Queued = OutboxBody & { id: string; kind: OutboxKind; tries: number }
/** `ids` are the rows that are done once the call is. */
export type DueCall = { ids: string[]; path: string; body: object; tries: number }

/** Trakt stamps a scrobble with the time it arrives; one that is older than this is told as what it has become. */
export const STALE_MS = 10 * 60_000
/** A stop at or above this counts as watched there. We do from 90 % or at the credits, and send a stop only then. */
const TRAKT_WATCHED_PERCENT = 80
/** Trakt takes one POST a second from each person: neighbours of one kind go in one. */
const JOINED = 100

/** In the order they were done. `dropped` are rows that say nothing any more, or of what Trakt cannot know. */
export function dueCalls(
  queue: readonly Queued[],
  nameOf: (titleId: string) => TraktName | undefined,
  nowMs: number,
): { calls: DueCall[]; dropped: string[] } {
  const calls: DueCall[] = []
  const dropped: string[] = []
  queue.forEach((one, at) => {
    const name = nameOf(one.titleId)
    const call = name && callOf(one, name, queue.slice(at + 1), nowMs)
    if (call === undefined) dropped.push(one.id)
    else if (!joinLast(calls, one.id, call)) calls.push({ ids: [one.id], ...call, tries: one.tries })
  })
  return { calls, dropped }
}

type Call = { path: string; body: Record<string, unknown> }

function callOf(one: Queued, name: TraktName, later: readonly Queued[], nowMs: number): Call | undefined {
  const { kind, atMs, percent = 0, stars, traktId } = one
  const at = new Date(atMs).toISOString()
  // Two words about one title would be told in one call, in which they have no order: only the last is worth telling.
  if (isRating(one) && later.some((next) => isRating(next) && next.titleId === one.titleId)) return undefined
  if (kind === 'sync/history') return { path: `/${kind}`, body: listed(name, { watched_at: at }) }
  if (kind === 'sync/ratings') return { path: `/${kind}`, body: listed(name, { rating: stars, rated_at: at }) }
  if (kind === 'sync/history/remove' && traktId !== undefined) return { path: `/${kind}`, body: { ids: [traktId] } }
  if (!isScrobble(one)) return { path: `/${kind}`, body: listed(name, {}) }
  const isWatched = kind === 'scrobble/stop' && percent >= TRAKT_WATCHED_PERCENT
  const isOver = later.some((next) => isScrobble(next) && next.titleId === one.titleId)
  if (isOver && !isWatched) return undefined
  if (nowMs - atMs <= STALE_MS) return { path: `/${kind}`, body: scrobbled(name, percent) }
  if (isWatched) return { path: '/sync/history', body: listed(name, { watched_at: at }) }
  // It is not playing any more; what is left of a start is nothing.
  return kind === 'scrobble/start' ? undefined : { path: '/scrobble/pause', body: scrobbled(name, percent) }
}

const isRating = ({ kind }: Queued) => kind.startsWith('sync/ratings')
const isScrobble = ({ kind }: Queued) => kind.startsWith('scrobble/')

function scrobbled(name: TraktName, progress: number): Record<string, unknown> {
  if (name.kind === 'movies') return { movie: { ids: name.ids }, progress }
  if (name.kind !== 'numbered') return { episode: { ids: name.ids }, progress }
  return { show: { ids: name.show }, episode: { season: name.season, number: name.number }, progress }
}

function listed(name: TraktName, more: object): Record<string, unknown> {
  if (name.kind !== 'numbered') return { [name.kind]: [{ ids: name.ids, ...more }] }
  const episodes = [{ number: name.number, ...more }]
  return { shows: [{ ids: name.show, seasons: [{ number: name.season, episodes }] }] }
}

function joinLast(calls: DueCall[], id: string, { path, body }: Call): boolean {
  const last = calls.at(-1)
  if (!last || last.path !== path || !path.startsWith('/sync/') || last.ids.length >= JOINED) return false
  const [a, b] = [last.body as Record<string, unknown[]>, body as Record<string, unknown[]>]
  last.ids.push(id)
  for (const [kind, list] of Object.entries(b)) a[kind] = [...(a[kind] ?? []), ...list]
  return true
}

/** Seconds until the next try: a minute, doubled each time, six hours at most, and never all at the same moment. */
export function backOffSeconds(tries: number, random: number): number {
  const seconds = Math.min(60 * 2 ** Math.min(tries, 10), 6 * 3600)
  return Math.round(seconds * (0.75 + random / 2))
}
