/** Trakt's popular lists for everybody, and which titles of ours Trakt's are. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { testEdge } from '../../testing/test-edge.ts'
import { addTitles, bunny, harbour, night, nosferatu, traktFails } from '../../testing/trakt-person.ts'
import { nowSeconds } from '../../testing/walk-ways.ts'
import { makeCards, newCards } from './make-cards.ts'
import { matchTitles } from './match-titles.ts'
import { refreshPublicLists } from './public-lists.ts'
import { HistoryItem, readItems } from './shapes.ts'

const edge = testEdge(nowSeconds())
beforeAll(addTitles)

describe('popular lists', () => {
  const items = async () =>
    (
      await env.DB.prepare(
        "select t.name from media_lists l join list_items i on i.list_id = l.id join titles t on t.id = i.title_id where l.kind = 'trakt' order by i.rank",
      ).all<{ name: string }>()
    ).results.map(({ name }) => name)

  it('come for everybody, with cards for what nobody knew', async () => {
    expect(await refreshPublicLists(edge)).toBe(1)
    expect(await items()).toEqual(['Night of the Living Dead', 'Nosferatu'])
    const list = await env.DB.prepare(
      "select name, is_shared, person_id, item_count from media_lists where kind = 'trakt'",
    ).first()
    expect(list).toEqual({ name: 'Out of copyright', is_shared: 1, person_id: null, item_count: 2 })
  })

  it('cost nothing while they are as they were', async () => {
    expect(await refreshPublicLists(edge)).toBe(0)
  })

  it.each([
    ['/lists/trending', { status: 429 }],
    ['/lists/popular', { status: 200, text: '[{"list":' }],
    ['/lists/popular', { status: 200, text: '{}' }],
  ])('stay when Trakt does not answer properly: %s', async (path, fault) => {
    await traktFails(path, fault)
    expect(await refreshPublicLists(testEdge(nowSeconds() + 3600))).toBe(0)
    expect(await items()).toHaveLength(2)
  })

  it('are none where no Trakt is set up', async () => {
    expect(await refreshPublicLists(testEdge(nowSeconds(), { TRAKT_CLIENT_ID: '' }))).toBe(0)
  })
})

describe('a title of Trakt’s', () => {
  const at = '2026-01-01T20:00:00.000Z'
  const read = (...items: object[]) =>
    readItems(
      items.map((item, id) => ({ id, watched_at: at, ...item })),
      HistoryItem,
    )?.items ?? []
  const ids = async (...items: object[]) => (await matchTitles(edge.db, read(...items))).map(({ titleId }) => titleId)
  const movie = (change: object) => ({ type: 'movie', movie: { ...bunny, ...change } })
  const episode = (change: object, of: object = harbour) => ({
    ...{ type: 'episode', episode: { ...night(1, 2), ...change }, show: of },
  })

  it('is ours by an id of TMDB, whatever it is called there', async () => {
    expect(await ids(movie({ title: 'Großer Hase', year: 2009, ids: { tmdb: 10378 } }))).toEqual(['bunny'])
  })

  it('is an episode of ours by its show and numbers', async () => {
    expect(await ids(episode({ ids: { trakt: 1 } }), episode({ number: 9, ids: {} }))).toEqual([
      'harbour-1-2',
      undefined,
    ])
  })

  it('is not another of the same number of another kind', async () => {
    expect(await ids({ type: 'show', show: { title: 'B', year: 2008, ids: { tmdb: 10378 } } })).toEqual([undefined])
  })

  it('is a film that is at home by its name and year, and nothing that is not at home', async () => {
    const same = movie({ ids: { trakt: 4 } })
    expect(await ids(same)).toEqual([undefined])
    await env.DB.prepare("update titles set available_at = 1 where id = 'bunny'").run()
    expect(await ids(same, movie({ year: 2009, ids: { trakt: 5 } }))).toEqual(['bunny', undefined])
  })

  it('that nobody knew becomes one card, its show before it, however often it is named', async () => {
    const stranger = { title: 'Far Shore', year: 2001, ids: { trakt: 900, tmdb: 901 } }
    const items = [
      episode({ ids: { trakt: 910 } }, stranger),
      episode({ ids: { trakt: 910 } }, stranger),
      episode({ number: 3, title: null, ids: { tmdb: 911 } }, stranger),
      { type: 'movie', movie: nosferatu },
      { type: 'movie', movie: { title: null, ids: { trakt: 950 } } },
      { type: 'movie', movie: { title: 'No id', ids: {} } },
    ]
    const unknown = await matchTitles(edge.db, read(...items))
    const known = new Set(unknown.filter(({ titleId }) => titleId !== undefined))
    const cards = newCards(unknown.filter((one) => !known.has(one)))
    expect(cards.map(({ id, name, showId }) => [id, name, showId])).toEqual([
      ['tmdb-show-901', 'Far Shore', null],
      ['trakt-episode-910', 'Night 1.2', 'tmdb-show-901'],
      ['tmdb-episode-911', 'Episode 3', 'tmdb-show-901'],
    ])
    const left = unknown.filter((one) => !known.has(one))
    expect(await makeCards(edge, left)).toBeGreaterThan(0)
    expect(await makeCards(edge, left)).toBe(0)
    expect(await ids(...items.slice(0, 3))).toEqual(['trakt-episode-910', 'trakt-episode-910', 'tmdb-episode-911'])
  })
})
