/** Indexes that the operator enters: Torznab in its varieties, feeds, the YTS API and TheRARBG's, honest and hostile. */
import { describe, expect, it } from 'vitest'
import type { TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../../log.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { torrentOf } from '../../testing/upstreams/archive.ts'
import {
  bombs,
  type capabilitiesOf,
  hashOfLetter,
  INDEX_KEY,
  startTheRarbg,
  startTorznab,
  startYts,
  torznabFeed,
} from '../../testing/upstreams/indexes.ts'
import { type StandInServer, sendText, startStandInServer } from '../../testing/upstreams/stand-in-server.ts'
import { enableProviders } from '../enable-providers.ts'
import { createGuardedFetch } from '../guarded-fetch.ts'
import type { Provider } from '../provider.ts'
import { rss } from './rss.ts'
import { therarbg } from './therarbg.ts'
import { torznab } from './torznab.ts'
import { yts } from './yts.ts'

const wish: TitleWish = {
  ...{ titleId: 't1', kind: 'movie', name: 'Wanted', otherNames: [], year: 2001, imdbId: 'tt0123456' },
}
const { imdbId: _imdbId, ...nameless } = wish
const episode: TitleWish = { ...nameless, kind: 'episode', name: 'Wanted', episode: { season: 1, episode: 2 } }

/** As the operator switches it on. */
function searchOf(provider: Provider, settings: Record<string, string>, now = Date.now) {
  const [one] = enableProviders(
    [provider],
    () => ({ enabled: 'on', ...(provider.asksForLawfulUse ? { lawful_use: 'confirmed' } : {}), ...settings }),
    {
      ...{ userAgent: 'test', log: createLog(() => {}), localFilms: {} as LocalFilmState, now },
      fetchOf: (_provider, entered) =>
        createGuardedFetch({ entered, timeoutSeconds: 5, pace: { turn: async () => {} }, userAgent: 'test' }),
    },
  )
  return (asked: TitleWish = wish) =>
    one?.search?.(asked, { signal: new AbortController().signal, isAwaited: () => true }) ??
    Promise.reject(new Error('off'))
}
const torznabAt = ({ origin }: StandInServer, api_key = INDEX_KEY) =>
  searchOf(torznab, { address: `${origin}/1/api`, api_key })
const hashes = (found: { source: { infoHash: string } }[]) => found.map(({ source }) => source.infoHash[0]).join('')
const questions = ({ asked }: StandInServer) =>
  asked.map((path) => new URL(path, 'http://x')).filter(({ pathname }) => pathname === '/1/api')

describe('Torznab', () => {
  it('takes hashes, magnets and links, and none of another title', async () => {
    const server = await startTorznab()
    const found = await torznabAt(server)()
    expect(found).toEqual(
      expect.arrayContaining([
        {
          source: { infoHash: hashOfLetter('a') },
          name: 'Wanted.2001.1080p.BluRay.x264-GRP',
          ...{ sizeBytes: 5_000_000_000, seeders: 12, leechers: 8, publishedAt: 1_793_527_200 },
        },
        expect.objectContaining({
          source: { infoHash: hashOfLetter('b'), magnet: `magnet:?xt=urn:btih:${hashOfLetter('b')}&dn=x` },
          name: 'Wanted.2001.720p.WEB-DL & more',
          sizeBytes: 700,
        }),
        expect.objectContaining({
          name: 'Wanted.2001.2160p',
          source: expect.objectContaining({ infoHash: hashOfLetter('f') }),
        }),
      ]),
    )
    // Asked by id, other names are the index's to answer for; an episode is never a film.
    expect(hashes(found).split('').sort().join('')).toBe('abcf')
  })

  it.each<[keyof typeof capabilitiesOf, Record<string, string | null>]>([
    ['modern', { t: 'movie', imdbid: 'tt0123456', q: null, limit: '50', cat: '2000' }],
    ['words', { t: 'movie', q: 'Wanted 2001', imdbid: null, limit: '100' }],
    ['old', { t: 'movie', q: 'Wanted 2001', imdbid: null, limit: '100' }],
    ['searchOnly', { t: 'search', q: 'Wanted 2001', limit: '100' }],
    ['newznab', { t: 'movie', imdbid: 'tt0123456', q: null, limit: '100' }],
    ['jackett', { t: 'movie', tmdbid: '77', imdbid: null, q: null, limit: '100' }],
    ['silent', { t: 'search', q: 'Wanted 2001', limit: '100' }],
  ])('asks a %s index as it can answer', async (variety, expected) => {
    const server = await startTorznab(variety)
    const found = await torznabAt(server)({ ...wish, tmdbId: 77 })
    const [caps, question] = questions(server)
    expect(caps?.searchParams.get('t')).toBe('caps')
    for (const [key, value] of Object.entries(expected)) expect(question?.searchParams.get(key)).toBe(value)
    // Asked by words, it lists what was not meant as well.
    if (question?.searchParams.has('q')) expect(hashes(found)).not.toContain('c')
  })

  it.each<[keyof typeof capabilitiesOf, Record<string, string | null>]>([
    ['modern', { t: 'tvsearch', q: 'Wanted', season: '1', ep: '2' }],
    ['newznab', { t: 'tvsearch', q: 'Wanted', season: '1', ep: null }],
    ['jackett', { t: 'search', q: 'Wanted S01', season: null, ep: null }],
    ['silent', { t: 'search', q: 'Wanted S01', season: null, ep: null }],
  ])('asks a %s index for an episode as it can answer', async (variety, expected) => {
    const server = await startTorznab(variety)
    expect(hashes(await torznabAt(server)(episode))).toBe('d')
    const [, question] = questions(server)
    for (const [key, value] of Object.entries(expected)) expect(question?.searchParams.get(key)).toBe(value)
    expect(question?.searchParams.get('cat')).toBe('5000')
  })

  it('asks for capabilities once, and for an episode by its numbers', async () => {
    const server = await startTorznab()
    const search = torznabAt(server)
    expect(hashes(await search(episode))).toBe('d')
    await search(episode)
    expect(questions(server).map(({ searchParams }) => searchParams.get('t'))).toEqual(['caps', 'tvsearch', 'tvsearch'])
    expect(questions(server)[1]?.searchParams.toString()).toContain('season=1&ep=2')
  })

  it('refuses to go on with a key that is wrong, and tells it to nobody', async () => {
    const error: unknown = await torznabAt(await startTorznab(), 'wrong-key-987')().catch((one: unknown) => one)
    expect(error).toMatchObject({ name: 'ProviderFailure', reason: 'refused' })
    expect(`${(error as Error).stack} ${(error as Error).cause}`).not.toContain('wrong-key-987')
  })

  it('hears that its limit is reached', async () => {
    const limit = '<error code="429" description="Request limit reached"/>'
    const server = await startTorznab('modern', (question) => (question === 'movie' ? limit : undefined))
    await expect(torznabAt(server)()).rejects.toMatchObject({ reason: 'busy' })
  })

  it.each([...Object.entries(bombs), ['html', '<html><p>Sign in<br></html>'], ['nothing', ''], ['another', '<a/>']])(
    'ends an answer that is %s',
    async (_what, text) => {
      const server = await startTorznab('modern', (question) => (question === 'movie' ? text : undefined))
      await expect(torznabAt(server)()).rejects.toMatchObject({ name: 'ProviderFailure', reason: 'malformed' })
    },
  )

  it('asks every index that it was given, and one that fails hinders no other', async () => {
    const [one, other] = [await startTorznab(), await startTorznab('words')]
    const away = await startStandInServer((_url, response) => response.destroy())
    const search = (...servers: StandInServer[]) =>
      searchOf(torznab, {
        address: servers.map(({ origin }) => `${origin}/1/api`).join(' '),
        api_key: INDEX_KEY,
      })()
    const found = await search(one, away, other)
    expect(hashes(found).split('').sort().join('')).toBe('aabbcff')
    expect(questions(other).map(({ searchParams }) => searchParams.get('t'))).toEqual(['caps', 'movie'])
    await expect(search(away, away)).rejects.toMatchObject({ reason: 'unreachable' })
  })

  it('is not switched on without an address, and never over a name in it', () => {
    expect(() => searchOf(torznab, {})).toThrow('SOURCE_TORZNAB_ADDRESS is missing.')
    expect(() => searchOf(torznab, { address: 'https://me:secret@x.example' })).toThrow(
      'SOURCE_TORZNAB_ADDRESS must not hold',
    )
  })
})

describe('feeds', () => {
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Wanted (2001) 1080p</title>
    <link rel="enclosure" href="magnet:?xt=urn:btih:${hashOfLetter('e')}"/><updated>2026-11-01T10:00:00Z</updated></entry></feed>`
  const feeds = (texts: Record<string, string>) =>
    startStandInServer((url, response) => {
      const text = texts[url.pathname]
      if (url.pathname === '/a.torrent') return sendText(response, torrent.bytes, 'application/x-bittorrent')
      sendText(response, text ?? 'gone', 'application/xml', text === undefined ? 404 : 200)
    })
  const torrent = torrentOf({ identifier: 'wanted', title: 'x', files: [], shared: ['wanted.mkv'] })

  it('of both kinds are read, and one that fails hinders no other', async () => {
    const server = await feeds({ '/rss': torznabFeed('http://127.0.0.1:1'), '/atom': atom })
    const addresses = ['/rss', '/gone', '/atom'].map((path) => server.origin + path).join(' ')
    const found = await searchOf(rss, { addresses })()
    expect(hashes(found)).toBe('abe')
    expect(found[2]).toMatchObject({ publishedAt: 1_793_527_200 })
  })

  it('are read again no sooner than needed, and fail when all of them do', async () => {
    let nowMs = 1_800_000_000_000
    const server = await feeds({ '/atom': atom })
    const search = searchOf(rss, { addresses: `${server.origin}/atom` }, () => nowMs)
    await search()
    await search()
    expect(server.asked).toHaveLength(1)
    nowMs += 20 * 60 * 1000
    await search()
    expect(server.asked).toHaveLength(2)
    await expect(searchOf(rss, { addresses: `${server.origin}/gone` })()).rejects.toMatchObject({ reason: 'malformed' })
  })

  it('may lead to a .torrent, which is read for its hash', async () => {
    const server: StandInServer = await startStandInServer((url, response) => {
      if (url.pathname === '/a.torrent') return sendText(response, torrent.bytes, 'application/x-bittorrent')
      sendText(
        response,
        `<rss><channel><item><title>Wanted 2001</title><enclosure url="${server.origin}/a.torrent" length="9"/></item></channel></rss>`,
      )
    })
    const found = await searchOf(rss, { addresses: `${server.origin}/feed` })()
    expect(found[0]?.source).toEqual({ infoHash: torrent.infoHash, torrentFile: torrent.bytes.toString('base64url') })
  })
})

describe('the YTS API', () => {
  it('tells by id or by name, in names like those of releases', async () => {
    const { origin } = await startYts()
    const search = searchOf(yts, { address: origin })
    const found = await search()
    expect(found.map(({ name }) => name)).toEqual([
      'Wanted (2001) 1080p BluRay x264 5.1',
      'Wanted (2001) 2160p WEBRip x265 10bit 5.1',
    ])
    expect(found[1]).toMatchObject({
      source: { infoHash: hashOfLetter('b') },
      seeders: 7,
      leechers: 4,
      sizeBytes: 1_717_986_918,
    })
    expect(await search(nameless)).toHaveLength(2)
    expect(await search(episode)).toEqual([])
  })

  it('leaves its list out when it has nothing', async () => {
    const { origin } = await startYts()
    expect(await searchOf(yts, { address: origin })({ ...wish, imdbId: 'tt0000001' })).toEqual([])
  })

  it('fails with an error, and with a page where the API should be', async () => {
    const search = searchOf(yts, { address: (await startYts('error')).origin })
    await expect(search()).rejects.toMatchObject({ reason: 'malformed' })
    const page = await startStandInServer((_url, response) => sendText(response, '<html>'))
    await expect(searchOf(yts, { address: page.origin })()).rejects.toMatchObject({ reason: 'malformed' })
  })
})

describe('TheRARBG’s API', () => {
  it('tells of posts, whatever their files are, and of none that is another thing', async () => {
    const { origin } = await startTheRarbg()
    const found = await searchOf(therarbg, { address: origin })()
    expect(found).toEqual([
      {
        source: { infoHash: hashOfLetter('a') },
        name: 'Wanted.2001.1080p.WEB.x265-GRP',
        ...{ sizeBytes: 2_000_000_000, seeders: 9, leechers: 3, publishedAt: 1_700_000_000 },
      },
      expect.objectContaining({ source: { infoHash: hashOfLetter('b') } }),
    ])
    expect(found[1]).not.toHaveProperty('seeders')
  })

  it('has nothing where it leads or shows its front page, or without an id', async () => {
    const server = await startTheRarbg()
    const search = searchOf(therarbg, { address: server.origin })
    expect(await search({ ...wish, imdbId: 'tt0000001' })).toEqual([])
    expect(await search({ ...wish, imdbId: 'tt0000404' })).toEqual([])
    expect(await search(nameless)).toEqual([])
    expect(server.asked).toHaveLength(2)
  })
})
