/** Looking for a title: all providers at once, once for all who ask, and every find told to the edge. */
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FoundSource, FoundSources, TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../log.ts'
import { until } from '../testing/until.ts'
import type { EnabledProvider } from './enable-providers.ts'
import { healthy } from './health.ts'
import { mergeFound } from './merge-found.ts'
import type { Found, Searching } from './provider.ts'
import { ProviderFailure } from './provider-failure.ts'
import { createSearch, type PostFound } from './search.ts'

const wish: TitleWish = { titleId: 't1', kind: 'movie', name: 'Film', otherNames: [], year: 2008 }
const request = (waitSeconds = 10, changes: Partial<TitleWish> = {}) => ({
  kind: 'search' as const,
  wish: { ...wish, ...changes },
  waitSeconds,
})
const hash = (letter: string) => letter.repeat(40)
const found = (letter: string, changes: Partial<Found> = {}): Found => ({
  source: { infoHash: hash(letter) },
  name: 'Film.2008.1080p.WEB-DL.x264-GRP',
  ...changes,
})
const context = () => ({ signal: new AbortController().signal })

function providerOf(
  id: string,
  search: (wish: TitleWish, searching: Searching) => Promise<Found[]>,
  changes: Partial<EnabledProvider> = {},
): EnabledProvider {
  return {
    ...{
      id,
      label: id,
      priority: 10,
      health: () => healthy,
      isBenched: () => false,
      offers: undefined,
      run: undefined,
      search,
    },
    ...changes,
  }
}

function searchOf(providers: EnabledProvider[], post?: PostFound, providerSeconds = 10) {
  const posted: FoundSources[] = []
  const lines: string[] = []
  const search = createSearch({
    ...{ providers, providerSeconds, log: createLog((line) => lines.push(line)) },
    post: post ?? (async (one) => void posted.push(one)),
  })
  onTestFinished(() => search.close())
  const newest = () => new Map(posted.flatMap((one) => one.found).map((one) => [one.source.infoHash, one]))
  return { ...search, posted, lines, newest }
}

/** Answers when it is told to. */
function held(what: Found[] = []) {
  let asked = 0
  let let_go: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    let_go = resolve
  })
  const search = async (_wish: TitleWish, { signal }: Searching) => {
    asked++
    await Promise.race([
      gate,
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ])
    return what
  }
  return { search, open: () => let_go(), asked: () => asked }
}

describe('a search', () => {
  it('asks all, merges by info hash, and keeps who told', async () => {
    const rich = found('a', {
      seeders: 3,
      sizeBytes: 7,
      source: { infoHash: hash('a'), magnet: 'magnet:?tr=udp://one.example' },
    })
    const other = found('a', {
      seeders: 9,
      name: 'film',
      source: { infoHash: hash('a'), magnet: 'magnet:?tr=udp://two.example' },
    })
    const { search, newest } = searchOf([
      providerOf('low', async () => [other]),
      providerOf('high', async () => [rich, found('b')], { priority: 50 }),
    ])
    const reply = await search(request(), context())
    expect(reply.isComplete).toBe(true)
    expect(reply.providers).toEqual([
      { id: 'low', state: 'answered', count: 1 },
      { id: 'high', state: 'answered', count: 2 },
    ])
    const one = newest().get(hash('a'))
    expect(one).toMatchObject({ name: 'Film.2008.1080p.WEB-DL.x264-GRP', seeders: 9, sizeBytes: 7 })
    expect(one?.release).toMatchObject({ heightPixels: 1080, title: 'Film' })
    expect(one?.provenance.map(({ provider }) => provider).sort()).toEqual(['high', 'low'])
    expect(new URLSearchParams(one?.source.magnet?.slice(8)).getAll('tr').sort()).toEqual([
      'udp://one.example',
      'udp://two.example',
    ])
    expect(newest().size).toBe(2)
  })

  it('is one for all who ask for the same title, and another for another', async () => {
    const { search: ask, open, asked } = held([found('a')])
    const { search } = searchOf([providerOf('one', ask)])
    const replies = Array.from({ length: 50 }, () => search(request(), context()))
    const another = search(request(10, { titleId: 't2' }), context())
    expect(asked()).toBe(2)
    open()
    for (const reply of await Promise.all([...replies, another])) expect(reply.isComplete).toBe(true)
  })

  it('answers at the deadline with what there is, and goes on behind', async () => {
    const slow = held([found('b')])
    const { search, newest } = searchOf([
      providerOf('quick', async () => [found('a')]),
      providerOf('slow', slow.search),
    ])
    const reply = await search(request(0.05), context())
    expect(reply).toEqual({
      providers: [
        { id: 'quick', state: 'answered', count: 1 },
        { id: 'slow', state: 'asked', count: 0 },
      ],
      isComplete: false,
    })
    slow.open()
    await until(() => newest().has(hash('b')), 'the slow one to be heard of')
  })

  it('is hindered by none that fails, is benched, or takes for ever; and no key reaches the log', async () => {
    const { search, newest, lines } = searchOf(
      [
        providerOf('broken', () => Promise.reject(new ProviderFailure('refused', 'index.example answered 500'))),
        providerOf('benched', async () => [found('c')], { isBenched: () => true }),
        providerOf('endless', held().search),
        providerOf('good', async () => [found('a')]),
      ],
      undefined,
      0.05,
    )
    const reply = await search(request(), context())
    expect(reply.providers.map(({ state }) => state)).toEqual(['failed', 'benched', 'failed', 'answered'])
    expect([...newest().keys()]).toEqual([hash('a')])
    expect(lines.join('\n')).not.toContain(hash('a'))
  })

  it('lets whoever has left go, and searches on', async () => {
    const { search: ask, open } = held([found('a')])
    const { search, newest } = searchOf([providerOf('one', ask)])
    const left = new AbortController()
    const reply = search(request(), { signal: left.signal })
    left.abort(new Error('gone'))
    await expect(reply).rejects.toThrow('gone')
    open()
    await until(() => newest().size === 1, 'the find to be told')
  })

  it.each([
    ['at its pace for people, from the first question on, where somebody waits', {}, true],
    ['at its pace for itself where nobody does', { isForTask: true }, false],
  ])('asks a provider %s', async (_what, how, expected) => {
    const seen: boolean[] = []
    const { search } = searchOf([
      providerOf('a', async (_wish, { isAwaited }) => {
        seen.push(isAwaited())
        return []
      }),
    ])
    await search(request(), { ...context(), ...how })
    expect(seen).toEqual([expected])
  })

  it('tells whoever waits from whoever does not', async () => {
    let isAwaited: () => boolean = () => false
    const { search: ask, open } = held()
    const { search } = searchOf([
      providerOf('one', (one, searching) => {
        isAwaited = searching.isAwaited
        return ask(one, searching)
      }),
    ])
    const reply = search(request(0.05), context())
    expect(isAwaited()).toBe(true)
    await reply
    expect(isAwaited()).toBe(false)
    open()
  })

  it('posts many in messages that fit', async () => {
    const torrentFile = 'A'.repeat(300_000)
    const many = Array.from({ length: 150 }, (_, index) => {
      const infoHash = index.toString(16).padStart(40, '0')
      return found('a', { source: index < 5 ? { infoHash, torrentFile } : { infoHash } })
    })
    const { search, posted } = searchOf([providerOf('one', async () => many)])
    await search(request(), context())
    expect(posted.flatMap((one) => one.found)).toHaveLength(150)
    for (const one of posted) {
      expect(one.found.length).toBeLessThanOrEqual(100)
      expect(JSON.stringify(one).length).toBeLessThan(900_000)
    }
  })

  it('does not stop at an edge that does not hear it', async () => {
    const { search, lines } = searchOf([providerOf('one', async () => [found('a')])], async () => {
      throw new Error('away')
    })
    expect((await search(request(), context())).isComplete).toBe(true)
    expect(lines.join('\n')).toContain('found_not_posted')
  })

  it('refuses more titles at once than it can look for', async () => {
    const { search: ask } = held()
    const { search } = searchOf([providerOf('one', ask)])
    for (let title = 0; title < 20; title++) search(request(10, { titleId: `t${title}` }), context()).catch(() => {})
    await expect(search(request(10, { titleId: 'more' }), context())).rejects.toMatchObject({ code: 'busy' })
  })
})

describe('merging', () => {
  const teller = fc.record({ provider: fc.constantFrom('a', 'b', 'c'), seenAt: fc.nat(1000) })
  const source: fc.Arbitrary<FoundSource> = fc
    .record({
      seeders: fc.option(fc.nat(), { nil: undefined }),
      magnet: fc.option(
        fc
          .array(fc.webUrl(), { maxLength: 60 })
          .map((urls) => `magnet:?xt=urn:btih:x${urls.map((url) => `&tr=${encodeURIComponent(url)}`).join('')}`),
        { nil: undefined },
      ),
      provenance: fc.array(teller, { minLength: 1, maxLength: 16 }),
    })
    .map(({ seeders, magnet, provenance }) => ({
      source: { infoHash: hash('a'), ...(magnet === undefined ? {} : { magnet }) },
      name: 'x',
      provenance,
      ...(seeders === undefined ? {} : { seeders }),
    }))

  it('done again changes nothing, and stays within what a message may hold', () => {
    fc.assert(
      fc.property(source, source, (one, other) => {
        const merged = mergeFound(one, other)
        expect(mergeFound(merged, other)).toEqual(merged)
        expect(merged.source.magnet?.length ?? 0).toBeLessThanOrEqual(8192)
        expect(new Set(merged.provenance.map(({ provider }) => provider)).size).toBe(merged.provenance.length)
      }),
    )
  })
})
