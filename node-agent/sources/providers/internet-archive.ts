/** Provider `internet-archive`: films of the public domain, as archive.org finds and shares them. */
import * as z from 'zod'
import type { TitleWish } from '#protocol/source-search.ts'
import type { GuardedFetch } from '../guarded-fetch.ts'
import { addressOption } from '../options.ts'
import { type Found, provider, type Searching } from '../provider.ts'
import { readJson } from '../read-answer.ts'
import { readTorrent } from '../read-torrent.ts'
import { isSameTitle } from '../same-title.ts'
import { chooseFilm, Item } from './internet-archive/choose-film.ts'
import { firstNumber, firstText } from './internet-archive/fields.ts'

const ARCHIVE = 'https://archive.org'
/** Of the items that bear the title; each costs two requests more. */
const MOST_ITEMS = 3

export const internetArchive = provider({
  id: 'internet-archive',
  label: 'Internet Archive',
  about: 'Finds films of the public domain at archive.org.',
  isOnByDefault: true,
  asksForLawfulUse: false,
  // As its operators ask of programs that nobody sits in front of.
  requestsPerSecond: { background: 1, awaited: 4 },
  timeoutSeconds: 15,
  priority: 80,
  options: z.strictObject({
    address: addressOption({ title: 'Address', description: 'Another address than archive.org’s own.' }).default(
      ARCHIVE,
    ),
  }),
  origins: ({ address }) => [address],
  work: ({ address }, { fetch }) => ({ search: (wish, searching) => search(fetch, new URL(address), wish, searching) }),
})

const Answer = z.object({
  response: z.object({
    docs: z
      .array(z.object({ identifier: z.string().max(200), title: firstText, year: firstNumber }).catch(noDoc))
      .max(500),
  }),
})
function noDoc() {
  return { identifier: '', title: undefined, year: undefined }
}

async function search(
  fetch: GuardedFetch,
  base: URL,
  wish: TitleWish,
  { signal, isAwaited }: Searching,
): Promise<Found[]> {
  // It keeps films; episodes are not told apart there.
  if (wish.kind !== 'movie') return []
  const asking = (mostBytes: number, accept: string) => ({ signal, isAwaited: isAwaited(), mostBytes, accept })
  const answer = readJson(await fetch(searchUrl(base, wish), asking(1_000_000, 'application/json')), Answer)
  const items = answer.response.docs
    .filter(({ identifier, title, year }) => isIdentifier(identifier) && isSameTitle({ name: title ?? '', year }, wish))
    .slice(0, MOST_ITEMS)
  const found: Found[] = []
  for (const { identifier, title = identifier, year } of items) {
    const metadata = await fetch(new URL(`/metadata/${identifier}`, base), asking(8_000_000, 'application/json'))
    const film = metadata.status === 200 ? chooseFilm(readJson(metadata, Item), wish.runtimeMinutes) : undefined
    if (!film) continue
    const torrentUrl = new URL(`/download/${identifier}/${encodeURIComponent(film.torrentName)}`, base)
    const fetched = await fetch(torrentUrl, asking(4_000_000, 'application/x-bittorrent'))
    const torrent = fetched.status === 200 ? await readTorrent(fetched.bytes) : undefined
    // Torrents of items that were changed since may lack the file.
    const path = `${identifier}/${film.name}`
    if (!torrent || torrent.isPrivate || !torrent.files.some((file) => file.path === path)) continue
    const { infoHash, torrentFile } = torrent
    const magnet = magnetOf(base, infoHash)
    found.push({
      source: { infoHash, magnet, ...(torrentFile === undefined ? {} : { torrentFile }) },
      name: [title, year && `(${year})`, film.heightPixels && `${film.heightPixels}p`, film.format]
        .filter(Boolean)
        .join(' ')
        .slice(0, 300),
      file: { path },
      sizeBytes: film.sizeBytes,
    })
  }
  return found
}

/** Item names as the archive allows them; anything else would be a path of its own. */
const isIdentifier = (text: string) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(text)

/** A quoted phrase is taken as it stands, but for quotes and backslashes (Lucene). */
const phrase = (name: string) => `"${name.replace(/["\\]+/g, ' ').trim()}"`

function searchUrl(base: URL, { name, otherNames, year }: TitleWish): URL {
  const names = [...new Set([name, ...otherNames])].map((one) => `title:(${phrase(one)})`).join(' OR ')
  const years = year === undefined ? '' : ` AND (year:[${year - 1} TO ${year + 1}] OR NOT year:[1000 TO 3000])`
  const url = new URL('/advancedsearch.php', base)
  const words = [
    ['q', `(${names}) AND collection:(feature_films OR short_films) AND mediatype:(movies)${years}`],
    ...['identifier', 'title', 'year'].map((field) => ['fl[]', field]),
    ['sort[]', 'downloads desc'],
    ['rows', '20'],
    ['page', '1'],
    ['output', 'json'],
  ]
  for (const [key = '', value = ''] of words) url.searchParams.append(key, value)
  return url
}

/** The archive's own copies are sources beside the swarm: folder and file lie beneath this address (BEP 19). */
function magnetOf(base: URL, infoHash: string): string {
  const seed = new URL('/download/', base).href
  return `magnet:?xt=urn:btih:${infoHash}&ws=${encodeURIComponent(seed)}`
}
