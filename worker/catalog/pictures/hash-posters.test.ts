/** Posters out of focus, from TMDB's stand-in to the card: of what stands on lists, a few a run, and of what was opened. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asPerson } from '../../auth/viewer.ts'
import { readFrontPage } from '../../library/front-page/read-front-page.ts'
import { beginWithTmdb, count, edgeNow, known, look, passDay, rows } from '../../testing/tmdb-days.ts'
import { addFault } from '../../testing/tmdb-stand-in.ts'
import { DAY_ROWS } from '../tmdb/sync-state.ts'
import { hashPosters } from './hash-posters.ts'

const sun = expect.stringMatching(/^WWgGNQ5A/)
const run = () => hashPosters(edgeNow().edge)
const hashed = () => count('titles where poster_hash is not null')

beforeAll(beginWithTmdb)
beforeEach(async () => {
  passDay()
  await env.DB.prepare('update titles set poster_hash = null').run()
})

describe('a poster', () => {
  it('of what stands on a list becomes known a few a run, and its card says so', async () => {
    expect(await run()).toBe(6)
    expect(await run()).toBe(6)
    expect(await hashed()).toBe(12)
    for (let i = 0; i < 20 && (await run()) > 0; i++);
    expect(await run()).toBe(0)
    const { rows: shown } = await readFrontPage(edgeNow().edge, asPerson('ada'))
    const cards = shown.find(({ id }) => id === 'trending-movies')?.titles ?? []
    expect(cards.length).toBeGreaterThan(5)
    for (const { posterHash } of cards) expect(posterHash).toEqual(sun)
  })

  it('of what was opened is known from then on', async () => {
    await look(known('movie', 1007))
    expect(await rows('select poster_hash from titles where poster_hash is not null')).toEqual([{ poster_hash: sun }])
  })

  it('that changes takes its hash along', async () => {
    await look(known('movie', 1007))
    await env.DB.prepare("update titles set poster = 'tmdb:/other.jpg' where id = 'tmdb-movie-1007'").run()
    expect(await hashed()).toBe(0)
  })

  it.each([
    ['is not there', { status: 404 }],
    ['is no picture', { status: 200, text: '<html>' }],
    ['is larger than any', { status: 200, text: 'x'.repeat(70_000) }],
  ])('that %s is not asked for again, and its card has none', async (_, fault) => {
    await env.DB.prepare("update titles set poster_hash = 'known' where id <> 'tmdb-movie-1003'").run()
    await addFault({ path: '/t/p/', times: 1, ...fault })
    expect(await run()).toBe(1)
    expect(await rows("select poster_hash from titles where id = 'tmdb-movie-1003'")).toEqual([{ poster_hash: '' }])
    expect(await run()).toBe(0)
  })

  it.each([
    ['fails', { status: 503 }],
    ['leads elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ])('is left for the next run when its server %s', async (_, fault) => {
    await addFault({ path: '/t/p/', times: 1, ...fault })
    expect([await run(), await hashed()]).toEqual([0, 0])
    expect(await run()).toBe(6)
  })

  it('is not asked for by a name that is no file’s', async () => {
    await env.DB.prepare("update titles set poster_hash = 'known' where id <> 'tmdb-movie-1003'").run()
    const put = env.DB.prepare("update titles set poster = ?, poster_hash = null where id = 'tmdb-movie-1003'")
    const real = globalThis.fetch
    const asked: unknown[] = []
    globalThis.fetch = (input, init) => {
      asked.push(input)
      return real(input, init)
    }
    try {
      for (const poster of ['tmdb:/../../secret.jpg', 'tmdb:@elsewhere.example/a.jpg', 'tmdb:/a.jpg?x=1']) {
        await put.bind(poster).run()
        expect(await run()).toBe(1)
      }
    } finally {
      globalThis.fetch = real
    }
    expect(asked).toEqual([])
  })

  it('waits for tomorrow when the day’s rows are used up', async () => {
    const today = new Date(edgeNow().edge.nowMs).toISOString().slice(0, 10)
    await env.DB.prepare(
      "insert into sync_states (name, rows_written, written_on) values ('tmdb:writes', ?1, ?2) on conflict do update set rows_written = ?1, written_on = ?2",
    )
      .bind(DAY_ROWS, today)
      .run()
    expect([await run(), await hashed()]).toEqual([0, 0])
  })
})
