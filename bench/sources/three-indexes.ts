/** Three indexes over HTTP on this machine, each as its kind answers, with fifty releases of any film, 300 ms after the question. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const ANSWER_MS = 300
const RELEASES = 50

const numbers = Array.from({ length: RELEASES }, (_, index) => index)
const hashOf = (index: number) => index.toString(16).padStart(40, '0')
const nameOf = (index: number) => `Film.2008.1080p.BluRay.x264-GRP${index}`

const capabilities = `<caps><server title="Prowlarr"/><limits max="100" default="100"/><searching>
  <movie-search available="yes" supportedParams="q,imdbid"/></searching><categories/></caps>`
const feed = `<rss version="2.0" xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel>${numbers
  .map(
    (index) => `<item><title>${nameOf(index)}</title><guid>https://index.example/${index}</guid><size>5000000000</size>
      <torznab:attr name="infohash" value="${hashOf(index)}"/><torznab:attr name="seeders" value="${index}"/></item>`,
  )
  .join('')}</channel></rss>`

const film = (imdb: string) => ({
  ...{ id: 1, imdb_code: imdb, title: 'Film', title_long: 'Film (2008)', year: 2008, runtime: 90 },
  torrents: numbers.map((index) => ({
    ...{ url: 'https://index.example/x', hash: hashOf(index).toUpperCase(), quality: '1080p', type: 'bluray' },
    ...{ video_codec: 'x264', bit_depth: '8', audio_channels: '5.1', seeds: index, peers: 4, size_bytes: 5e9 },
  })),
})
const post = (index: number) => ({
  ...{ eid: `x${index}`, category_str: 'Movies', name: nameOf(index), size: 5e9, seeders: index, leechers: '3' },
  ...{ info_hash: hashOf(index), timestamp: 1_700_000_000, files: null },
})

type Said = { type: string; text: string }
const json = (value: unknown): Said => ({ type: 'application/json', text: JSON.stringify(value) })

const indexes: Record<string, (url: URL) => Said> = {
  torznab: ({ searchParams }) => ({
    type: 'application/rss+xml',
    text: searchParams.get('t') === 'caps' ? capabilities : feed,
  }),
  yts: ({ searchParams }) =>
    json({
      ...{ status: 'ok', status_message: 'Query was successful' },
      data: { movie_count: 1, limit: 20, page_number: 1, movies: [film(searchParams.get('query_term') ?? '')] },
    }),
  therarbg: () => json({ imdb: { name: 'Film' }, trb_posts: numbers.map(post) }),
}

/** Where each of them is, by the id of the provider that asks it. */
export async function startIndexes(): Promise<{ origins: Map<string, string>; stop: () => void }> {
  const servers = Object.entries(indexes).map(([id, answer]) => {
    const server = createServer(async ({ url = '' }, response) => {
      const { type, text } = answer(new URL(url, 'http://index'))
      await sleep(ANSWER_MS)
      response.writeHead(200, { 'content-type': type }).end(text)
    })
    return { id, server }
  })
  const origins = new Map<string, string>()
  for (const { id, server } of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origins.set(id, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  return {
    origins,
    stop() {
      for (const { server } of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}
