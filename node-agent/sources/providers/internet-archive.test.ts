/** archive.org, played by a stand-in: honest, odd, slow and broken. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../../log.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { type ArchiveItem, nightOfTheLivingDead, startArchive, torrentOf } from '../../testing/upstreams/archive.ts'
import { createGuardedFetch } from '../guarded-fetch.ts'
import { isSameTitle, plainTitle } from '../same-title.ts'
import { chooseFilm, Item } from './internet-archive/choose-film.ts'
import { internetArchive } from './internet-archive.ts'

const wish: TitleWish = {
  titleId: 't1',
  kind: 'movie',
  name: 'Night of the Living Dead',
  otherNames: [],
  year: 1968,
  runtimeMinutes: 96,
}
const searching = () => ({ signal: new AbortController().signal, isAwaited: () => true })

async function archive(items: ArchiveItem[], fault?: Parameters<typeof startArchive>[1], timeoutSeconds = 5) {
  const server = await startArchive(items, fault)
  const fetch = createGuardedFetch({
    ...{ entered: [server.origin], timeoutSeconds, pace: { turn: async () => {} }, userAgent: 'test' },
  })
  const { search } = internetArchive.work(
    { address: server.origin },
    {
      ...{ fetch, now: Date.now, localFilms: {} as LocalFilmState, log: createLog(() => {}) },
    },
  )
  return { ...server, search: (changes: Partial<TitleWish> = {}) => search?.({ ...wish, ...changes }, searching()) }
}

const night = nightOfTheLivingDead
const change = (changes: Partial<ArchiveItem>): ArchiveItem => ({ ...night, ...changes })

describe('the Internet Archive', () => {
  it('finds the film, the file that plays, its torrent and the direct copies', async () => {
    const { search, origin } = await archive([night])
    const { infoHash } = torrentOf(night)
    expect(await search()).toEqual([
      {
        source: {
          infoHash,
          magnet: `magnet:?xt=urn:btih:${infoHash}&ws=${encodeURIComponent(`${origin}/download/`)}`,
          torrentFile: torrentOf(night).bytes.toString('base64url'),
        },
        name: 'Night of the Living Dead (1968) 480p H.264',
        file: { path: 'night_of_the_living_dead/night.mp4' },
        sizeBytes: 660_000_000,
      },
    ])
  })

  it('asks for this title and no other, whatever stands in its name', async () => {
    const { search, asked } = await archive([])
    await search({ name: 'Dead" OR collection:(everything) \\', otherNames: ['Die Nacht'] })
    const query = new URL(asked[0] ?? '', 'http://x').searchParams.get('q') ?? ''
    expect(query).toContain('(title:("Dead  OR collection:(everything)") OR title:("Die Nacht"))')
    expect(query).toContain('mediatype:(movies) AND (year:[1967 TO 1969] OR NOT year:[1000 TO 3000])')
  })

  it.each<[string, ArchiveItem[]]>([
    ['another title', [change({ title: 'Night of the Living Bread' })]],
    ['another year', [change({ year: 1990 })]],
    ['a name that is a path', [change({ identifier: '../../etc' })]],
    ['no torrent', [change({ files: night.files.filter(({ format }) => format !== 'Archive BitTorrent') })]],
    ['a torrent that lacks the film', [change({ shared: ['night_512kb.mp4'] })]],
    ['only a trailer', [change({ files: night.files.filter(({ name }) => /trailer|torrent/.test(name)) })]],
    ['only pictures', [change({ files: night.files.filter(({ name }) => /jpg|torrent/.test(name)) })]],
    ['no item at all', []],
  ])('finds nothing in %s', async (_what, items) => {
    const { search } = await archive(items)
    expect(await search()).toEqual([])
  })

  it.each<[string, Partial<ArchiveItem>]>([
    ['a list of titles', { title: ['Night of the Living Dead', 'Zombies'] }],
    ['a year that is a number', { year: 1968 }],
    ['a year that is a date', { year: ['1968-10-01T00:00:00Z'] }],
    ['no year', { year: undefined }],
    ['an article in front', { title: 'The night of the living dead' }],
  ])('finds it behind %s', async (_what, changes) => {
    const { search } = await archive([change(changes)])
    expect(await search()).toHaveLength(1)
  })

  it('does not look for episodes', async () => {
    const { search, asked } = await archive([night])
    expect(await search({ kind: 'episode', episode: { season: 1, episode: 1 } })).toEqual([])
    expect(asked).toEqual([])
  })

  it.each([
    ['busy', 'busy'],
    ['html', 'malformed'],
    ['wrong-shape', 'malformed'],
    ['endless', 'too_large'],
    ['silent', 'timed_out'],
  ] as const)('says so when its search is %s', async (fault, reason) => {
    const { search } = await archive([night], fault, fault === 'silent' ? 0.2 : 5)
    await expect(search()).rejects.toMatchObject({ name: 'ProviderFailure', reason })
  })

  it.each(['no-item', 'no-torrent'] as const)('finds nothing when there is %s', async (fault) => {
    const { search } = await archive([night], fault)
    expect(await search()).toEqual([])
  })
})

describe('choosing the film of an item', () => {
  it('never chooses a file outside of the item, whatever is listed', () => {
    const file = fc.record({
      name: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('../x.mp4', '/etc/x.mp4', 'a//b.mp4', 'ok/x.mp4')),
      format: fc.constantFrom('h.264', 'Archive BitTorrent', 'MPEG4', undefined),
      size: fc.oneof(fc.string(), fc.nat(), fc.constant(['7'])),
      length: fc.oneof(fc.string(), fc.constant('1:2:3')),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(file, fc.anything())), (files) => {
        const chosen = chooseFilm(Item.parse({ files }), undefined)
        for (const name of [chosen?.name, chosen?.torrentName]) {
          if (name !== undefined)
            expect(
              new URL(`https://x.example/item/${name.split('/').map(encodeURIComponent).join('/')}`).pathname,
            ).toMatch(/^\/item\/./)
        }
        if (chosen) expect(chosen.sizeBytes).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('one title under several names', () => {
  it.each([
    ['The Good, the Bad & the Ugly', 'good the bad and the ugly'],
    ['Amélie', 'amelie'],
    ['A', 'a'],
    ["Rosemary's  Baby!", 'rosemarys baby'],
    ['七人の侍', '七人の侍'],
  ])('reads %s as %s', (name, plain) => expect(plainTitle(name)).toBe(plain))

  it('takes any of its names, and a year off, but nothing empty', () => {
    const title = { name: 'Seven Samurai', otherNames: ['七人の侍', '!!!'], year: 1954 }
    expect(isSameTitle({ name: '七人の侍', year: 1955 }, title)).toBe(true)
    expect(isSameTitle({ name: 'seven samurai' }, title)).toBe(true)
    expect(isSameTitle({ name: 'Seven Samurai', year: 1960 }, title)).toBe(false)
    expect(isSameTitle({ name: '???' }, title)).toBe(false)
  })
})
