/** Provider `yts`: an index of films that speaks the YTS API, version 2. */
import * as z from 'zod'
import { countField } from '../count-field.ts'
import { addressOption } from '../options.ts'
import { type Found, provider } from '../provider.ts'
import { readJson } from '../read-answer.ts'
import { isSameTitle } from '../same-title.ts'
import { hashOf } from '../xml/read-feed.ts'

const MOST_BYTES = 2_000_000

const word = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined)

const Torrent = z.object({
  /** Upper case. */
  hash: z.string().max(64),
  quality: word,
  type: word,
  video_codec: word,
  bit_depth: word,
  audio_channels: word,
  seeds: countField,
  peers: countField,
  size_bytes: countField,
  date_uploaded_unix: countField,
})
const Movie = z.object({
  imdb_code: z.string().max(20).optional().catch(undefined),
  title: z.string().min(1).max(300),
  year: countField,
  torrents: z.array(Torrent).max(100).default([]),
})
const Answer = z.object({
  status: z.literal('ok'),
  /** `movies` is absent where there are none. */
  data: z.object({ movies: z.array(Movie).max(100).default([]) }),
})

export const yts = provider({
  id: 'yts',
  label: 'YTS API',
  about: 'Asks an index of films that speaks the YTS API, at an address that you enter.',
  isOnByDefault: false,
  asksForLawfulUse: true,
  requestsPerSecond: { background: 1 / 3, awaited: 2 },
  timeoutSeconds: 15,
  priority: 50,
  options: z.strictObject({
    address: addressOption({ title: 'Address', description: 'Where the API lies, such as https://index.example.' }),
  }),
  origins: ({ address }) => [address],
  work: ({ address }, { fetch }) => ({
    async search(wish, { signal, isAwaited }) {
      if (wish.kind !== 'movie') return []
      const url = new URL('/api/v2/list_movies.json', address)
      url.searchParams.set('query_term', wish.imdbId ?? wish.name)
      url.searchParams.set('limit', '20')
      const accept = 'application/json'
      const { data } = readJson(
        await fetch(url, { signal, isAwaited: isAwaited(), mostBytes: MOST_BYTES, accept }),
        Answer,
      )
      const isWanted = ({ imdb_code, title, year }: z.infer<typeof Movie>) =>
        wish.imdbId !== undefined && imdb_code ? imdb_code === wish.imdbId : isSameTitle({ name: title, year }, wish)
      return data.movies
        .filter(isWanted)
        .flatMap((movie) => movie.torrents.flatMap((torrent) => asFound(movie, torrent)))
    },
  }),
})

/** It names no release: the name is put together of what it says, as releases are named. */
function asFound({ title, year }: z.infer<typeof Movie>, torrent: z.infer<typeof Torrent>): Found[] {
  const infoHash = hashOf(torrent.hash)
  if (infoHash === undefined) return []
  const { quality, type, video_codec, bit_depth, audio_channels, seeds, peers, size_bytes, date_uploaded_unix } =
    torrent
  const kind = type === 'web' ? 'WEBRip' : type === 'bluray' ? 'BluRay' : type
  const depth = bit_depth === '10' ? '10bit' : undefined
  const words = [title, year && `(${year})`, quality, kind, video_codec, depth, audio_channels]
  return [
    {
      source: { infoHash },
      name: words.filter(Boolean).join(' ').slice(0, 300),
      ...(size_bytes === undefined ? {} : { sizeBytes: size_bytes }),
      ...(seeds === undefined ? {} : { seeders: seeds }),
      ...(peers === undefined ? {} : { leechers: peers }),
      ...(date_uploaded_unix === undefined ? {} : { publishedAt: date_uploaded_unix }),
    },
  ]
}
