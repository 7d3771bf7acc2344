/** A person's things at the stand-in's Trakt: history, playback, watchlist, collection, ratings, lists; scrobbles change them. */
import { type Answer, type Asked, json } from './stand-in.ts'
import { findEpisode, findFilm, findShow, type Media, show } from './trakt-catalog.ts'

type Item = Record<string, unknown> & { type: string }
export type TraktLibrary = {
  history: (Item & { id: number; watched_at: string })[]
  playback: (Item & { id: number; progress: number; paused_at: string })[]
  watchlist: (Item & { listed_at: string })[]
  ratings: (Item & { rating: number; rated_at: string })[]
  collection: { movies: unknown[]; shows: unknown[] }
  lists: { list: Record<string, unknown>; items: unknown[] }[]
  /** When something of each was last changed by a POST, whatever times it names. */
  touched: Record<string, string>
  /** Every POST and DELETE, as it came. */
  calls: { path: string; body: unknown }[]
}
export const emptyLibrary = (): TraktLibrary => ({
  history: [],
  playback: [],
  watchlist: [],
  ratings: [],
  collection: { movies: [], shows: [] },
  lists: [],
  touched: {},
  calls: [],
})

let nextId = 1_000_000
const isoNow = () => new Date().toISOString()

/** As Trakt pages: the page in the body, the counts in headers. */
function paged(asked: Asked, items: unknown[]): Answer {
  const page = Number(asked.query.get('page') ?? 1)
  const limit = Number(asked.query.get('limit') ?? 10)
  return json(200, items.slice((page - 1) * limit, page * limit), {
    'x-pagination-page': String(page),
    'x-pagination-limit': String(limit),
    'x-pagination-page-count': String(Math.ceil(items.length / limit)),
    'x-pagination-item-count': String(items.length),
  })
}

type Wanted = { ids?: Media['ids']; watched_at?: string; rating?: number; rated_at?: string }
type Batch = Record<'movies' | 'shows' | 'episodes', Wanted[] | undefined>

/** The things of a sync body that there are, each as an item, and those that there are not. */
function resolve(body: Record<string, unknown>) {
  const { movies = [], shows = [], episodes = [] } = body as Batch
  const notFound = { movies: [] as Wanted[], shows: [] as Wanted[], episodes: [] as Wanted[] }
  const found: { wanted: Wanted; item: Item }[] = []
  const take = (wanted: Wanted, kind: keyof typeof notFound, item: Item | undefined) => {
    if (item) found.push({ wanted, item })
    else notFound[kind].push(wanted)
  }
  for (const one of movies) {
    const movie = findFilm(one)
    take(one, 'movies', movie && { type: 'movie', movie })
  }
  for (const one of shows) {
    const known = findShow(one)
    take(one, 'shows', known && { type: 'show', show: known })
  }
  for (const one of episodes) {
    const episode = findEpisode(one)
    take(one, 'episodes', episode && { type: 'episode', episode, show })
  }
  return { found, notFound }
}

const isSame = (a: Item, b: Item) => a.type === b.type && a[a.type] === b[b.type]
const sameAs = (item: Item) => (other: Item) => {
  const [mine, theirs] = [item[item.type] as Media, other[other.type] as Media | undefined]
  return isSame(item, other) || (item.type === other.type && mine.ids.trakt === theirs?.ids.trakt)
}

function sync(library: TraktLibrary, what: string, isRemoval: boolean, body: Record<string, unknown>): Answer {
  // Of the history single viewings may be named, by their numbers.
  const { ids = [] } = body as { ids?: number[] }
  if (isRemoval && what === 'history') library.history = library.history.filter(({ id }) => !ids.includes(id))
  const { found, notFound } = resolve(body)
  const drop = (list: Item[], item: Item) => list.filter((one) => !sameAs(item)(one))
  for (const { wanted, item } of found) {
    if (what === 'history') {
      if (isRemoval) library.history = drop(library.history, item) as TraktLibrary['history']
      else {
        library.playback = drop(library.playback, item) as TraktLibrary['playback']
        library.history.unshift({ id: nextId++, watched_at: wanted.watched_at ?? isoNow(), action: 'watch', ...item })
      }
    } else if (what === 'watchlist') {
      const kept = drop(library.watchlist, item) as TraktLibrary['watchlist']
      if (isRemoval) library.watchlist = kept
      else if (kept.length === library.watchlist.length) library.watchlist.push({ listed_at: isoNow(), ...item })
    } else {
      library.ratings = drop(library.ratings, item) as TraktLibrary['ratings']
      const { rating = 0, rated_at = isoNow() } = wanted
      if (!isRemoval) library.ratings.push({ rating, rated_at, ...item })
    }
  }
  const counts = { movies: 0, shows: 0, episodes: 0 }
  for (const { item } of found) counts[`${item.type}s` as keyof typeof counts]++
  return json(isRemoval ? 200 : 201, { [isRemoval ? 'deleted' : 'added']: counts, not_found: notFound })
}

/** 80 % or more at `stop` is a watched thing; less is a pause (Trakt's own rule). Twice within the hour is 409. */
function scrobble(library: TraktLibrary, action: string, body: Record<string, unknown>): Answer {
  const { movie, episode, progress } = body as { movie?: Wanted; episode?: Wanted; progress?: number }
  const [item] = resolve({ movies: movie ? [movie] : [], episodes: episode ? [episode] : [] }).found
  if (!item) return { status: 404 }
  if (typeof progress !== 'number' || progress < 0 || progress > 100) return { status: 422 }
  const at = isoNow()
  const others = library.playback.filter((one) => !sameAs(item.item)(one))
  if (action === 'stop' && progress >= 80) {
    const last = library.history.find(sameAs(item.item))
    if (last && Date.now() - Date.parse(last.watched_at) < 3_600_000) {
      return json(409, { watched_at: last.watched_at, expires_at: at })
    }
    library.playback = others
    library.history.unshift({ id: nextId++, watched_at: at, action: 'scrobble', ...item.item })
    return json(201, { id: nextId, action: 'scrobble', progress, ...item.item })
  }
  if (action !== 'start') library.playback = [{ id: nextId++, progress, paused_at: at, ...item.item }, ...others]
  return json(201, { id: nextId, action: action === 'stop' ? 'pause' : action, progress, ...item.item })
}

const latest = (times: (string | undefined)[]) =>
  times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1) ?? null

function lastActivities(library: TraktLibrary): Answer {
  const of = (list: Item[], type: string, key: string) =>
    latest([library.touched[key], ...list.filter((one) => one?.type === type).map((one) => one[key] as string)])
  return json(200, {
    all: isoNow(),
    movies: {
      watched_at: of(library.history, 'movie', 'watched_at'),
      rated_at: of(library.ratings, 'movie', 'rated_at'),
      watchlisted_at: of(library.watchlist, 'movie', 'listed_at'),
      paused_at: of(library.playback, 'movie', 'paused_at'),
      collected_at: null,
    },
    episodes: {
      watched_at: of(library.history, 'episode', 'watched_at'),
      rated_at: of(library.ratings, 'episode', 'rated_at'),
      paused_at: of(library.playback, 'episode', 'paused_at'),
    },
    // Trakt says here when anything was taken away, too.
    watchlist: { updated_at: isoNow() },
    lists: { updated_at: latest(library.lists.map(({ list }) => list.updated_at as string)) ?? isoNow() },
  })
}

/** What a POST to it changes of the last activities; whatever else is a scrobble. */
const changes: Record<string, string> = {
  history: 'watched_at',
  stop: 'watched_at',
  ratings: 'rated_at',
  watchlist: 'watchlisted_at',
}

/** Whatever of `/sync`, `/scrobble` and `/users/me/lists` was asked; undefined when none of it was. */
export function answerLibrary(asked: Asked, library: TraktLibrary): Answer | undefined {
  const { method, path, body, query } = asked
  const [, area = '', what = '', more = '', last = ''] = path.split('/')
  if (method !== 'GET') {
    library.calls.push({ path, body })
    library.touched[changes[what] ?? 'paused_at'] = isoNow()
  }
  if (area === 'scrobble' && method === 'POST') return scrobble(library, what, body)
  if (area === 'sync' && method === 'POST') return sync(library, what, more === 'remove', body)
  if (area === 'sync' && method === 'GET') {
    if (what === 'last_activities') return lastActivities(library)
    if (what === 'playback') return json(200, library.playback)
    if (what === 'collection') return paged(asked, library.collection[more as 'movies' | 'shows'])
    if (what === 'history') {
      const since = Date.parse(query.get('start_at') ?? '') || 0
      return paged(
        asked,
        library.history.filter((one) => since === 0 || Date.parse(one.watched_at) >= since),
      )
    }
    if (what === 'watchlist' || what === 'ratings') return paged(asked, library[what])
  }
  if (path === '/users/me/lists')
    return json(
      200,
      library.lists.map(({ list }) => list),
    )
  if (area === 'users' && more === 'lists' && path.endsWith('/items')) {
    const list = library.lists.find(({ list: { ids } }) => String((ids as Media['ids']).trakt) === last)
    return list ? paged(asked, list.items) : { status: 404 }
  }
  return undefined
}
