/** Indexes as Prowlarr, Jackett, the YTS API and TheRARBG answer: with what each of them leaves out, doubles or spells oddly. */
import { type StandInServer, sendJson, sendText, startStandInServer } from './stand-in-server.ts'

export const INDEX_KEY = 'index-key-under-test-123'
export const hashOfLetter = (letter: string): string => letter.repeat(40)

const capabilities = (movie: string, limits: string) => `<?xml version="1.0" encoding="UTF-8"?>
<caps><server title="Prowlarr"/>${limits}<searching>
<search available="yes" supportedParams="q"/>${movie}
<tv-search available="yes" supportedParams="q,season,ep"/></searching>
<categories><category id="2000" name="Movies"><subcat id="2040" name="Movies/HD"/></category></categories></caps>`

/** With all that stands around the searches there; single quotes, capitals and spaces as this one writes them. */
const newznab = `<?xml version='1.0' encoding='UTF-8'?>
<!-- generated in 0.02 s --><caps><server version='0.2.3' title='Old index' strapline='x' email='a@b.example' url='https://index.example/'/>
<limits max='0' default='abc'/><registration available='no' open='no'/><retention days='3000'/><searching>
<search available='YES' supportedParams='q,group'/><tv-search available='Yes' supportedParams='q, rid, season'/>
<movie-search available='yes' supportedParams='q, IMDBID, genre'/><audio-search available='no' supportedParams=''/></searching>
<categories><category id='2000' name='Movies &amp; more'><subcat id='2030' name='SD'/><subcat id='100001' name='Own'/></category></categories>
<groups/><genres/></caps>`
const jackett = `<caps><server title="Jackett"/><limits default="100" max="100"/><searching>
<search available="yes" supportedParams="q" searchEngine="raw"/>
<tv-search available="no" supportedParams="" searchEngine="raw"/>
<movie-search available="yes" supportedParams="q,tmdbid" searchEngine="raw"/>
<music-search available="no" supportedParams="" searchEngine="raw"/></searching><categories/><tags><tag name="freeleech"/></tags></caps>`

/** A real variety: a modern one, one that takes words alone, old ones, one by TMDB alone, one without films, one that says nothing. */
export const capabilitiesOf = {
  modern: capabilities(
    '<movie-search available="yes" supportedParams="q,imdbid,tmdbid"/>',
    '<limits max="50" default="50"/>',
  ),
  words: capabilities('<movie-search available="yes" supportedParams="q"/>', '<limits max="500" default="100"/>'),
  old: capabilities('<movie-search available="yes"/>', ''),
  searchOnly: capabilities('<movie-search available="no" supportedParams="q"/>', '<limits/>'),
  newznab,
  jackett,
  silent: '<caps/>',
}

const item = (title: string, rest: string) =>
  `<item><title>${title}</title><guid>https://index.example/details/1</guid>
<pubDate>Sun, 01 Nov 2026 10:00:00 +0000</pubDate><category>2000</category>${rest}</item>`
const attr = (name: string, value: string | number) => `<torznab:attr name="${name}" value="${value}"/>`

/** `origin` is where the .torrent of the item without a hash lies. */
export const torznabFeed = (origin: string) => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:torznab="http://torznab.com/schemas/2015/feed">
<channel><atom:link href="x" rel="self"/><title>AggregateSearch</title>
${item('Wanted.2001.1080p.BluRay.x264-GRP', `<size>5000000000</size>${attr('infohash', hashOfLetter('A'))}${attr('seeders', 12)}${attr('peers', 20)}`)}
${item('Wanted.2001.720p.WEB-DL &amp; more', `<enclosure url="magnet:?xt=urn:btih:${hashOfLetter('b')}&amp;dn=x" length="700" type="application/x-bittorrent"/>${attr('seeders', 'many')}`)}
${item('<![CDATA[Wanted 2001 480p]]>', `<link>${origin}/download/1?apikey=${INDEX_KEY}</link>`)}
${item('Wanted.2001.2160p', `<link>${origin}/download/2</link>`)}
${item('Unwanted.2001.1080p', attr('infohash', hashOfLetter('c')))}
${item('Wanted.S01E02.2001', attr('infohash', hashOfLetter('d')))}
</channel></rss>`

export const bombs: Record<string, string> = {
  laughs: `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><rss>&lol2;</rss>`,
  files: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel>&f;</channel></rss>`,
  deep: '<a>'.repeat(5000),
  wide: `<rss>${'<a/>'.repeat(200_000)}</rss>`,
}

/** `answers` by the `t` of the question, and by its other words; anything else is the feed. */
export function startTorznab(
  variety: keyof typeof capabilitiesOf = 'modern',
  answers: (question: string, words: URLSearchParams) => string | undefined = () => undefined,
): Promise<StandInServer> {
  const server = startStandInServer(async (url, response) => {
    const { origin } = await server
    const question = url.searchParams.get('t') ?? ''
    if (url.pathname === '/download/2')
      return response.writeHead(302, { location: `magnet:?xt=urn:btih:${hashOfLetter('f')}` }).end()
    if (url.pathname.startsWith('/download/')) return sendText(response, 'not a torrent')
    if (url.searchParams.get('apikey') !== INDEX_KEY) {
      return sendText(response, `<error code="100" description="Invalid API Key ${url.search}"/>`, 'application/xml')
    }
    const text =
      answers(question, url.searchParams) ?? (question === 'caps' ? capabilitiesOf[variety] : torznabFeed(origin))
    sendText(response, text, 'application/rss+xml')
  })
  return server
}

const ytsTorrent = (change: object = {}) => ({
  ...{ url: 'https://index.example/torrent/download/AAAA', hash: hashOfLetter('A'), quality: '1080p', type: 'bluray' },
  ...{ is_repack: '0', video_codec: 'x264', bit_depth: '8', audio_channels: '5.1', seeds: 31, peers: 4 },
  ...{ size: '1.60 GB', size_bytes: 1_717_986_918, date_uploaded_unix: 1_700_000_000 },
  ...change,
})
const ytsMovie = {
  ...{ id: 1, imdb_code: 'tt0123456', title: 'Wanted', title_long: 'Wanted (2001)', year: 2001, runtime: 90 },
  torrents: [
    ytsTorrent(),
    ytsTorrent({
      hash: hashOfLetter('B'),
      quality: '2160p',
      type: 'web',
      video_codec: 'x265',
      bit_depth: '10',
      seeds: '7',
    }),
    ytsTorrent({ hash: 'not a hash' }),
  ],
}

/** As the real one does, it leaves `movies` out when there are none, and shows a page at any other path. */
export function startYts(fault?: 'error'): Promise<StandInServer> {
  return startStandInServer((url, response) => {
    if (url.pathname !== '/api/v2/list_movies.json') return sendText(response, '<html>Home</html>')
    if (fault === 'error') return sendJson(response, { status: 'error', status_message: 'Query was unsuccessful' })
    const term = url.searchParams.get('query_term')
    const isKnown = term === 'tt0123456' || term === 'Wanted'
    const data = isKnown
      ? {
          movie_count: 1,
          limit: 20,
          page_number: 1,
          movies: [ytsMovie, { ...ytsMovie, imdb_code: 'tt9', title: 'Other' }],
        }
      : { movie_count: 0, limit: 20, page_number: 1 }
    sendJson(response, { status: 'ok', status_message: 'Query was successful', data, '@meta': { api_version: 2 } })
  })
}

/** Seconds as a text, files that are null or lists of lists, and a redirect to the front page for what it does not know. */
export function startTheRarbg(): Promise<StandInServer> {
  const post = (change: object) => ({
    ...{ eid: 'x1', category: null, category_str: 'Movies', type: 'HEVC/x265', name: 'Wanted.2001.1080p.WEB.x265-GRP' },
    ...{ size: 2_000_000_000, seeders: 9, leechers: '3', info_hash: hashOfLetter('A'), timestamp: 1_700_000_000 },
    ...{ files: null, trackers: [{ seeders: 1, tracker: 'udp://x', scrape_error: null }], images: [] },
    ...change,
  })
  return startStandInServer((url, response) => {
    if (url.pathname === '/imdb-detail/tt0000404/')
      return sendText(response, '<html>front page</html>', 'text/html; charset=utf-8')
    if (url.pathname !== '/imdb-detail/tt0123456/') return response.writeHead(302, { location: '/' }).end()
    sendJson(response, {
      imdb: { imdb_id: 'tt0123456', name: 'Wanted', runtime: '5400' },
      trb_posts: [
        post({}),
        post({ info_hash: hashOfLetter('B'), files: [{ name: ['a'], size: [1], full_location: 'a' }], seeders: null }),
        post({ info_hash: null }),
        post({ info_hash: hashOfLetter('D'), name: 'Wanted.S01E02.720p' }),
        { name: 7 },
      ],
    })
  })
}
