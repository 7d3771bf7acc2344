/** TMDB's lists over real HTTP (its stand-in): what is stored of them, and that nothing is lost when it fails. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beginWithTmdb, count, edgeNow, passDay, rows, secondsNow } from '../../testing/tmdb-days.ts'
import { addFault } from '../../testing/tmdb-stand-in.ts'
import { refreshLists } from './refresh-lists.ts'
import { readSyncState } from './sync-state.ts'

beforeAll(beginWithTmdb)
beforeEach(passDay)

describe('lists', () => {
  it('are kept in TMDB’s order, with the genres and the cards of what is in them', async () => {
    expect(await count("media_lists where kind = 'builtin'")).toBe(7)
    const items = await rows("select title_id from list_items where list_id = 'trending-movies' order by rank limit 3")
    expect(items.map((item) => item.title_id)).toEqual(['tmdb-movie-1000', 'tmdb-movie-1001', 'tmdb-movie-1002'])
    expect(await rows("select name, year, poster, kind from titles where id = 'tmdb-show-1000'")).toEqual([
      { name: 'The Silent Lantern, the series', year: 2011, poster: 'tmdb:/poster1000.jpg', kind: 'show' },
    ])
    expect(await count('genres')).toBe(3)
    expect(await rows("select genre_id from title_genres where title_id = 'tmdb-movie-1003'")).toHaveLength(2)
  })

  it('written again cost nothing', async () => {
    const { rowsWritten, lists } = await refreshLists(edgeNow().edge)
    expect([lists, rowsWritten]).toEqual([7, 0])
  })

  it('bring the genres’ names in what the household reads, too', async () => {
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) select 'p-de', id, 'P', 'cat', 'de-AT', 0 from users limit 1",
    ).run()
    await refreshLists(edgeNow().edge)
    expect(await rows('select id, name, names from genres order by id')).toEqual([
      { id: 18, name: 'Drama', names: '{"de":"Drama"}' },
      { id: 35, name: 'Comedy', names: '{"de":"Komödie"}' },
      { id: 878, name: 'Science Fiction', names: '{"de":"Zukunftsfilm"}' },
    ])
    await env.DB.prepare("delete from profiles where id = 'p-de'").run()
  })

  it('stay what they were when a page is empty, cut off or of another shape', async () => {
    const before = await rows('select * from list_items order by list_id, rank')
    await addFault({
      path: '/3/trending/movie',
      times: 1,
      status: 200,
      text: '{"page":1,"results":[],"total_pages":0}',
    })
    await addFault({ path: '/3/trending/tv', times: 1, status: 200, text: '{"page":1,"results":[{"id":10' })
    await refreshLists(edgeNow().edge)
    expect((await readSyncState(edgeNow().edge, 'tmdb:lists'))?.lastError).toBe('TMDB: away')
    expect(await rows('select * from list_items order by list_id, rank')).toEqual(before)
    await refreshLists(edgeNow().edge)
    expect(await readSyncState(edgeNow().edge, 'tmdb:lists')).toMatchObject({
      cursor: null,
      lastError: null,
      syncedAt: secondsNow(),
    })
  })

  it('a run cut short goes on with the list it did not reach', async () => {
    await addFault({ path: '/3/discover/tv', times: 1, status: 502 })
    expect((await refreshLists(edgeNow().edge)).lists).toBe(3)
    expect((await refreshLists(edgeNow().edge)).lists).toBe(4)
  })
})
