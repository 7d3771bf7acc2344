/** From the entries of a feed to sources: those of the title, and the .torrent fetched where the entry tells no hash. */
import type { TitleWish } from '#protocol/source-search.ts'
import { fitsWish } from './fits-wish.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import type { Found, Searching } from './provider.ts'
import { ProviderFailure } from './provider-failure.ts'
import { readTorrent } from './read-torrent.ts'
import { type FeedEntry, hashOf } from './xml/read-feed.ts'

/** Each costs a request; the best shared first. */
const MOST_TORRENTS = 4
const MOST_ENTRIES = 100
const TORRENT_BYTES = 4_000_000

type Rooms = { fetch: GuardedFetch; now: () => number }

/** `isById`: the host was asked for an id, and what it lists needs no likeness of names. */
export async function foundInFeed(
  entries: readonly FeedEntry[],
  wish: TitleWish,
  isById: boolean,
  { fetch, now }: Rooms,
  searching: Searching,
): Promise<Found[]> {
  const thisYear = new Date(now()).getUTCFullYear()
  const fitting = entries
    .filter(({ title }) => title !== '' && fitsWish(title, wish, thisYear, isById))
    .sort((a, b) => (b.seeders ?? 0) - (a.seeders ?? 0))
    .slice(0, MOST_ENTRIES)
  const found: Found[] = []
  let fetched = 0
  for (const entry of fitting) {
    const { infoHash, magnet } = entry
    const known = infoHash === undefined ? undefined : { infoHash, ...(magnet === undefined ? {} : { magnet }) }
    const source = known ?? (fetched++ < MOST_TORRENTS ? await torrentOf(entry, fetch, searching) : undefined)
    if (source) found.push({ source, ...toldBy(entry) })
  }
  return found
}

function toldBy({ title, sizeBytes, seeders, leechers, publishedAt }: FeedEntry): Omit<Found, 'source'> {
  return {
    name: title,
    ...(sizeBytes === undefined || sizeBytes === 0 ? {} : { sizeBytes }),
    ...(seeders === undefined ? {} : { seeders }),
    ...(leechers === undefined ? {} : { leechers }),
    ...(publishedAt === undefined ? {} : { publishedAt }),
  }
}

/** Indexes answer such a link with a .torrent, or point on to a magnet. One that does not work hinders no other. */
async function torrentOf(
  { links }: FeedEntry,
  fetch: GuardedFetch,
  { signal, isAwaited }: Searching,
): Promise<Found['source'] | undefined> {
  const link = links.find((one) => /^https?:/.test(one) && URL.canParse(one))
  if (link === undefined) return undefined
  const asking = { signal, isAwaited: isAwaited(), mostBytes: TORRENT_BYTES, accept: 'application/x-bittorrent' }
  try {
    const pointed = await fetch(new URL(link), { ...asking, keepsRedirects: true })
    const to = pointed.headers.location
    if (to?.startsWith('magnet:?') && to.length <= 8192) {
      const infoHash = hashOf(/urn:btih:([0-9a-z]{32,40})/i.exec(to)?.[1])
      return infoHash === undefined ? undefined : { infoHash, magnet: to }
    }
    const answer = to === undefined ? pointed : await fetch(new URL(link), asking)
    const torrent = answer.status === 200 ? await readTorrent(answer.bytes) : undefined
    // A private torrent is its account's: nobody else is told of it.
    if (!torrent || torrent.isPrivate) return undefined
    const { infoHash, torrentFile } = torrent
    return { infoHash, ...(torrentFile === undefined ? {} : { torrentFile }) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ProviderFailure) return undefined
    throw error
  }
}
