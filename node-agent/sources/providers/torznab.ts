/** Provider `torznab`: the operator's own Prowlarr or Jackett, or any index that speaks Torznab. */
import * as z from 'zod'
import type { TitleWish } from '#protocol/source-search.ts'
import { foundInFeed } from '../found-in-feed.ts'
import { addressListOption, secretOption } from '../options.ts'
import { type Found, type ProviderRooms, provider, type Searching } from '../provider.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { readXmlAnswer } from '../read-answer.ts'
import { readFeed } from '../xml/read-feed.ts'
import { childrenOf, type XmlElement } from '../xml/read-xml.ts'

const CAPABILITIES_MILLISECONDS = 24 * 3600 * 1000
const MOST_BYTES = 6_000_000
const MOST_ENTRIES = 100
/** Prowlarr has an address for each index behind it. */
const MOST_INDEXES = 20
const MOVIES = '2000'
const SHOWS = '5000'

type Capabilities = {
  supports: (kind: 'search' | 'movie-search' | 'tv-search', parameter: string) => boolean
  limit: number
}

export const torznab = provider({
  id: 'torznab',
  label: 'Torznab index',
  about: 'Asks your own Prowlarr, Jackett or another index that speaks Torznab.',
  isOnByDefault: false,
  asksForLawfulUse: true,
  requestsPerSecond: { background: 0.5, awaited: 2 },
  timeoutSeconds: 20,
  priority: 60,
  options: z.strictObject({
    address: addressListOption(MOST_INDEXES, {
      title: 'Address',
      description:
        'The Torznab address that your index shows, such as http://192.168.1.5:9696/1/api. Several of one key with spaces between.',
    }),
    api_key: secretOption({ title: 'API key', description: 'From the settings of your index.' }).optional(),
  }),
  origins: ({ address }) => address,
  work({ address, api_key }, rooms) {
    const indexes = address.map((one) => indexAt(new URL(one), api_key, rooms))
    return {
      /** An index that fails hinders no other; all of them failing is a failure. */
      async search(wish, searching) {
        const each = await Promise.allSettled(indexes.map((search) => search(wish, searching)))
        searching.signal.throwIfAborted()
        const failed = each.find((one) => one.status === 'rejected')
        if (failed && each.every(({ status }) => status === 'rejected')) throw failed.reason
        return each.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
      },
    }
  },
})

/** One address, with what it can be asked. */
function indexAt(address: URL, apiKey: string | undefined, { fetch, now }: Pick<ProviderRooms, 'fetch' | 'now'>) {
  const ask = async (words: Record<string, string>, { signal, isAwaited }: Searching): Promise<XmlElement> => {
    const url = new URL(address)
    for (const [key, value] of Object.entries(words)) url.searchParams.set(key, value)
    if (apiKey !== undefined) url.searchParams.set('apikey', apiKey)
    const accept = 'application/rss+xml, application/xml'
    const answer = await fetch(url, { signal, isAwaited: isAwaited(), mostBytes: MOST_BYTES, accept })
    const root = readXmlAnswer(answer)
    // Wrong keys, limits and the like come with status 200.
    if (root.name === 'error') throw errorOf(url, root)
    return root
  }
  let known: { at: number; capabilities: Capabilities } | undefined
  const capabilitiesNow = async (searching: Searching): Promise<Capabilities> => {
    if (known && now() - known.at < CAPABILITIES_MILLISECONDS) return known.capabilities
    const capabilities = readCapabilities(await ask({ t: 'caps' }, searching))
    known = { at: now(), capabilities }
    return capabilities
  }
  return async (wish: TitleWish, searching: Searching): Promise<Found[]> => {
    const { words, isById } = questionOf(wish, await capabilitiesNow(searching))
    const entries = readFeed(await ask(words, searching))
    if (!entries) throw new ProviderFailure('malformed', `${address.hostname} answered no feed`)
    return foundInFeed(entries, wish, isById, { fetch, now }, searching)
  }
}

/** By id where the index can; else by name, in its own kind of search where it has one. */
export function questionOf(
  wish: TitleWish,
  { supports, limit }: Capabilities,
): { words: Record<string, string>; isById: boolean } {
  const isMovie = wish.kind === 'movie'
  const kind = isMovie ? 'movie-search' : 'tv-search'
  const common = { cat: isMovie ? MOVIES : SHOWS, limit: String(limit), extended: '1' }
  const { season, episode } = wish.episode ?? {}
  const counted: Record<string, string> =
    !isMovie && supports(kind, 'season') && season !== undefined
      ? { season: String(season), ...(supports(kind, 'ep') && episode !== undefined ? { ep: String(episode) } : {}) }
      : {}
  const t = isMovie ? 'movie' : 'tvsearch'
  if (wish.imdbId !== undefined && supports(kind, 'imdbid')) {
    return { words: { t, imdbid: wish.imdbId, ...counted, ...common }, isById: true }
  }
  if (wish.tmdbId !== undefined && supports(kind, 'tmdbid')) {
    return { words: { t, tmdbid: String(wish.tmdbId), ...counted, ...common }, isById: true }
  }
  const ofSeason = season === undefined ? '' : ` S${String(season).padStart(2, '0')}`
  const name = isMovie && wish.year !== undefined ? `${wish.name} ${wish.year}` : wish.name
  if (supports(kind, 'q')) {
    const isCounted = Object.keys(counted).length > 0
    return { words: { t, q: isMovie || isCounted ? name : `${name}${ofSeason}`, ...counted, ...common }, isById: false }
  }
  return { words: { t: 'search', q: isMovie ? name : `${name}${ofSeason}`, ...common }, isById: false }
}

/** `supportedParams` is missing where an index is old: then it takes words alone. */
export function readCapabilities(root: XmlElement): Capabilities {
  const [searching] = childrenOf(root, 'searching')
  const [limits] = childrenOf(root, 'limits')
  const most = Number(limits?.attributes.get('max'))
  return {
    limit: Number.isSafeInteger(most) && most > 0 ? Math.min(most, MOST_ENTRIES) : MOST_ENTRIES,
    supports(kind, parameter) {
      const [one] = searching ? childrenOf(searching, kind) : []
      if (one?.attributes.get('available')?.toLowerCase() !== 'yes') return false
      const supported = one.attributes.get('supportedparams') ?? 'q'
      return supported
        .toLowerCase()
        .split(/[\s,]+/)
        .includes(parameter)
    },
  }
}

/** Codes 100 to 199 are about the account, 429 and 500 about limits. Its own words are not repeated: they may hold the key. */
function errorOf({ hostname }: URL, { attributes }: XmlElement): ProviderFailure {
  const code = attributes.get('code')?.slice(0, 5) ?? 'without a code'
  const isLimit = code === '429' || code === '500'
  return new ProviderFailure(isLimit ? 'busy' : 'refused', `${hostname} answered with error ${code}`)
}
