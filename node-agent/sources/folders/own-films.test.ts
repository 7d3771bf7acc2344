/** The operator's own films: those that no title is found for are listed, and what the operator says of them holds. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LocalFilms } from '#protocol/local-films.ts'
import { OwnFilmPage } from '#protocol/own-films.ts'
import type { FoundSources, TitleWish } from '#protocol/source-search.ts'
import { createLog } from '../../log.ts'
import { openState } from '../../state/state.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { folders } from '../providers/folders.ts'
import { plainTitle } from '../same-title.ts'
import { filmOfPath } from './film-of-path.ts'
import { createOwnFilms } from './own-films.ts'
import { createTellLocalFilms } from './tell-local-films.ts'

const movie = (titleId: string, name: string, year: number): TitleWish => ({
  ...{ titleId, kind: 'movie', name, otherNames: [], year },
})
const episode = (number: number): TitleWish => ({
  ...{ titleId: `p${number}`, kind: 'episode', name: 'Pioneer One', otherNames: [], year: 2010, showId: 'p' },
  episode: { season: 1, episode: number },
})
const catalog = [
  movie('sintel', 'Sintel', 2010),
  movie('thing', 'The Thing', 1982),
  movie('thing-2011', 'The Thing', 2011),
  ...[1, 2].map(episode),
]

/** As the edge does: by the title that was said, else by name and year. */
const titlesOf = ({ films }: LocalFilms) =>
  catalog.filter((wish) =>
    films.some(({ titleId, title, year, episode }) => {
      if ((wish.kind === 'episode') !== (episode !== undefined) || wish.episode?.episode !== episode?.episode)
        return false
      if (titleId !== undefined) return titleId === (wish.showId ?? wish.titleId)
      return plainTitle(wish.name) === title && (year === undefined || year === wish.year)
    }),
  )

function box() {
  const state = openState(temporaryDirectory())
  onTestFinished(() => state.close())
  const log = createLog(() => {})
  const heard = { told: [] as LocalFilms[], posted: [] as FoundSources[], wanted: 0, onAsk: () => {} }
  const tell = createTellLocalFilms({
    async ask(films) {
      heard.told.push(films)
      heard.onAsk()
      return { titles: titlesOf(films) }
    },
    post: async (found) => void heard.posted.push(found),
    ...{ state: state.localFilms, isReady: () => true, log, now: () => 2_000_000_000_000 },
  })
  const own = createOwnFilms({
    ...{ state: state.localFilms, isOn: () => true, onSet: () => heard.wanted++, log },
  })
  const put = (...paths: string[]) =>
    state.localFilms.change(
      paths.map((name) => filmOfPath(name.split('/'), { path: `/secret/${name}`, sizeBytes: 7, modifiedMs: 1 }, 2026)),
      [],
    )
  return Object.assign(heard, {
    ...{ films: state.localFilms, put, set: own.set },
    tell: () => tell(new AbortController().signal),
    list: (view: Parameters<typeof own.list>[0]['view'], from = 0) => OwnFilmPage.parse(own.list({ view, from })),
    search: (wish: TitleWish) =>
      folders
        .work(
          { paths: ['/secret'] },
          { fetch: async () => Promise.reject(), now: () => 0, localFilms: state.localFilms, log },
        )
        .search?.(wish, { signal: new AbortController().signal, isAwaited: () => true }),
    /** Which titles each file was told to be, since the last time. */
    news: () => heard.posted.splice(0).map(({ titleId, found }) => [titleId, ...found.map(({ name }) => name)]),
  })
}
const idOf = (page: OwnFilmPage, name: string) => {
  const film = page.films.find((one) => one.name === name)
  if (!film) throw new Error(`${name} is not among ${page.films.map((one) => one.name)}`)
  return film.id
}

describe('films of the operator', () => {
  it('are counted and listed by what became of them, without where they lie', async () => {
    const one = box()
    one.put('Sintel.2010.mkv', 'party/Birthday 2015.mp4', 'The Thing.mkv', 'Pioneer One/S01E01.mkv')
    expect(one.list('unmatched').counts).toEqual({ waiting: 4, unmatched: 0, decided: 0, matched: 0 })
    await one.tell()
    const page = one.list('unmatched')
    expect(page).toEqual({
      isOn: true,
      isMore: false,
      counts: { waiting: 0, unmatched: 2, decided: 0, matched: 2 },
      films: [
        expect.objectContaining({ name: 'The Thing.mkv', match: 'several', titleIds: ['thing', 'thing-2011'] }),
        expect.objectContaining({ name: 'party/Birthday 2015.mp4', title: 'birthday', year: 2015, match: 'unknown' }),
      ],
    })
    expect(JSON.stringify(page)).not.toContain('secret')
    for (const { id } of page.films) expect(one.films.find(id)).toBeUndefined()
    expect(one.news()).toEqual([
      ['sintel', 'Sintel.2010.mkv'],
      ['p1', 'S01E01.mkv'],
    ])
    expect(one.list('matched').films.map(({ titleIds }) => titleIds)).toEqual([['p1'], ['sintel']])
  })

  it('that may be several titles are offered as none, also to whoever looks for one of them', async () => {
    const one = box()
    one.put('The Thing.mkv')
    await one.tell()
    expect(await one.search(catalog[1] as TitleWish)).toEqual([])
    // Whatever it was told of before as each of them.
    expect(one.told.at(-1)?.gone).toHaveLength(1)
  })

  it('are what the operator says, from then on and after the next scan, until that is taken back', async () => {
    const one = box()
    one.put('The Thing.mkv', 'wrong name 1999.mkv')
    await one.tell()
    const before = one.list('unmatched')
    one.set({ id: idOf(before, 'The Thing.mkv'), choice: { kind: 'movie', titleId: 'thing-2011' } })
    one.set({ id: idOf(before, 'wrong name 1999.mkv'), choice: { kind: 'movie', titleId: 'sintel' } })
    expect(one.wanted).toBe(2)
    await one.tell()
    expect(one.news()).toEqual([
      ['sintel', 'wrong name 1999.mkv'],
      ['thing-2011', 'The Thing.mkv'],
    ])
    expect(one.list('decided')).toMatchObject({
      counts: { unmatched: 0, decided: 2 },
      films: [
        { name: 'The Thing.mkv', match: 'chosen', titleIds: ['thing-2011'] },
        { name: 'wrong name 1999.mkv', match: 'chosen', titleIds: ['sintel'] },
      ],
    })
    expect(await one.search(catalog[0] as TitleWish)).toHaveLength(1)
    expect(await one.search(catalog[1] as TitleWish)).toEqual([])
    // The same path, and another time and size.
    const again = filmOfPath(['The Thing.mkv'], { path: '/secret/The Thing.mkv', sizeBytes: 8, modifiedMs: 2 }, 2026)
    one.films.change([again], [])
    await one.tell()
    expect(one.news()).toEqual([['thing-2011', 'The Thing.mkv']])
    one.set({ id: again.infoHash.slice(0, 20), choice: null })
    await one.tell()
    expect(one.told.at(-1)?.gone).toContain(again.infoHash)
    expect(one.list('unmatched').films).toMatchObject([{ name: 'The Thing.mkv', match: 'several' }])
  })

  it('that are none are told of to nobody, until that is taken back', async () => {
    const one = box()
    one.put('Sintel.2010.mkv')
    await one.tell()
    const id = idOf(one.list('matched'), 'Sintel.2010.mkv')
    one.set({ id, choice: { kind: 'none' } })
    one.news()
    await one.tell()
    expect(one.told.at(-1)).toEqual({ films: [], gone: [expect.stringContaining(id)] })
    expect(one.list('decided').films).toMatchObject([{ match: 'aside', titleIds: [] }])
    expect(await one.search(catalog[0] as TitleWish)).toEqual([])
    one.set({ id, choice: null })
    await one.tell()
    expect(one.news()).toEqual([['sintel', 'Sintel.2010.mkv']])
  })

  it('of a show are decided on together, with those that come, but for one that is something else', async () => {
    const one = box()
    one.put('p1/S01E01.mkv', 'p1/S01E02.mkv')
    await one.tell()
    const page = one.list('unmatched')
    expect(page.films).toMatchObject([{ name: 'p1/S01E01.mkv', fileCount: 2, episode: { season: 1, episode: 1 } }])
    const { id } = page.films[0] as OwnFilmPage['films'][number]
    one.set({ id, choice: { kind: 'show', titleId: 'p' } })
    await one.tell()
    expect(one.news()).toEqual([
      ['p1', 'S01E01.mkv'],
      ['p2', 'S01E02.mkv'],
    ])
    one.put('p1/Season 1/S01E02.mkv')
    await one.tell()
    expect(one.news()).toEqual([['p2', 'S01E02.mkv', 'S01E02.mkv']])
    expect(one.list('decided').films).toMatchObject([{ fileCount: 3, match: 'chosen' }])
    one.set({ id, choice: { kind: 'movie', titleId: 'sintel' } })
    one.news()
    await one.tell()
    expect(one.news()).toEqual([['sintel', 'S01E01.mkv']])
    expect(one.list('decided').films.map(({ titleIds }) => titleIds)).toEqual([['sintel'], ['p']])
    // It is one of its show's again.
    one.set({ id, choice: null })
    await one.tell()
    expect(one.news()[0]).toEqual(['p1', 'S01E01.mkv'])
  })

  it('that do not say which episode they are need the operator to say it', async () => {
    const one = box()
    one.put('pilot.mkv')
    await one.tell()
    const id = idOf(one.list('unmatched'), 'pilot.mkv')
    expect(() => one.set({ id, choice: { kind: 'show', titleId: 'p' } })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
    one.set({ id, choice: { kind: 'show', titleId: 'p', episode: { season: 1, episode: 2 } } })
    await one.tell()
    expect(one.news()).toEqual([['p2', 'pilot.mkv']])
    expect(one.list('decided').films).toMatchObject([{ episode: { season: 1, episode: 2 }, titleIds: ['p'] }])
    expect(await one.search(episode(1))).toEqual([])
  })

  it('that somebody found by their title meanwhile are unknown no longer', async () => {
    const one = box()
    one.put('New Film (2026).mkv')
    await one.tell()
    expect(await one.search(movie('new', 'New Film', 2026))).toHaveLength(1)
    expect(one.list('matched')).toMatchObject({ counts: { unmatched: 0, matched: 1 }, films: [{ titleIds: ['new'] }] })
  })

  it('of which something was said while the edge was told of them are told of anew', async () => {
    const one = box()
    one.put('Sintel.2010.mkv')
    one.onAsk = () => {
      one.onAsk = () => {}
      const { id } = { id: one.films.untold(1, 1)[0]?.infoHash.slice(0, 20) ?? '' }
      one.set({ id, choice: { kind: 'movie', titleId: 'thing' } })
    }
    await one.tell()
    expect(one.news()).toEqual([['thing', 'Sintel.2010.mkv']])
    expect(one.told.at(-1)).toMatchObject({ films: [{ titleId: 'thing' }], gone: [expect.any(String)] })
  })

  it('are listed in pages, however many there are', async () => {
    const one = box()
    one.put(...Array.from({ length: 120 }, (_, n) => `Nobody knows ${String(n).padStart(3, '0')} (2001).mkv`))
    await one.tell()
    const pages = [0, 50, 100].map((from) => one.list('unmatched', from))
    expect(pages.map(({ films, isMore }) => [films.length, isMore])).toEqual([
      [50, true],
      [50, true],
      [20, false],
    ])
    expect(new Set(pages.flatMap(({ films }) => films.map(({ name }) => name))).size).toBe(120)
  })

  it('that are gone cannot be said to be anything', () => {
    const refusal = expect.objectContaining({ code: 'not_found' })
    expect(() => box().set({ id: 'a'.repeat(20), choice: { kind: 'none' } })).toThrow(refusal)
  })
})
