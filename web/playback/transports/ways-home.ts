/** The door by which everything that a player loads from home goes: it finds the way of the stream that a URL stands beneath. */

/** What answers for all that stands beneath one URL. */
type Way = { readonly url: string; fetch(beneath: string, init: RequestInit): Promise<Response> }

const ways = new Map<string, Way>()

export function knowWay(way: Way): void {
  ways.set(way.url, way)
}

export function forgetWay(way: Way): void {
  if (ways.get(way.url) === way) ways.delete(way.url)
}

/** The way that this URL goes by, and the rest of the URL behind the stream's own; undefined when it is no stream's. */
function wayOf(url: string): { way: Way; beneath: string } | undefined {
  for (const [base, way] of ways) {
    if (url === base) return { way, beneath: '' }
    if (url.startsWith(`${base}/`)) return { way, beneath: url.slice(base.length) }
  }
  return undefined
}

export const isByAWay = (url: string): boolean => wayOf(url) !== undefined

/** As `fetch`, without cookies and caches; goes on by another way when one breaks off. Streams of events do not go on. */
export function homeFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const found = wayOf(url)
  if (found) return found.way.fetch(found.beneath, init)
  return fetch(url, { ...init, credentials: 'omit', cache: 'no-store' })
}
