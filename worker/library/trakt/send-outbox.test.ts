/** What is watched here reaches Trakt: at once, later, or much later; once, and in the words that are true then. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import app from '../../app.ts'
import { ORIGIN } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { addTitles, addTraktPerson, type TraktPerson, traktFails } from '../../testing/trakt-person.ts'
import { nowSeconds, tokenOf } from '../../testing/walk-ways.ts'
import { sendOutbox } from './send-outbox.ts'
import { syncTrakt } from './sync-tasks.ts'

let person: TraktPerson
let token: string
beforeAll(addTitles)
beforeEach(async () => {
  person = await addTraktPerson()
  ;({ token } = await tokenOf(person.id))
  await person.post('/api/trakt/import')
  for (let i = 0; i < 3; i++) await person.post('/api/trakt/sync')
})

/** As our page sends it; what goes on after the response is waited for. */
async function send(path: string, method: string, json: object): Promise<number> {
  const ctx = createExecutionContext()
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'sec-fetch-site': 'same-origin',
  }
  const response = await app.fetch(
    new Request(ORIGIN + path, { method, headers, body: JSON.stringify(json) }),
    env,
    ctx,
  )
  await waitOnExecutionContext(ctx)
  return response.status
}
const play = (titleId: string, positionSeconds: number, moment?: string, watchedAtMs = Date.now()) =>
  send(`/api/progress/${titleId}`, 'PUT', {
    ...{ positionSeconds, durationSeconds: 1000, watchedAtMs },
    ...(moment && { moment }),
  })
const calls = async () => (await person.trakt()).calls.map(({ path }) => path)
const waiting = () =>
  person.rows<{ kind: string; tries: number }>('select kind, tries from trakt_outbox where person_id = ?')
const isoAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
const later = (minutes: number) => sendOutbox(testEdge(nowSeconds() + minutes * 60), person.id)

describe('watching', () => {
  it('is told as it happens: start, pause, start, and the end of it', async () => {
    expect(await play('bunny', 10, 'playing')).toBe(204)
    await play('bunny', 20)
    await play('bunny', 30, 'paused')
    await play('bunny', 30.5, 'playing', Date.now() + 5)
    await play('bunny', 950, 'ended', Date.now() + 10)
    expect(await calls()).toEqual(['/scrobble/start', '/scrobble/pause', '/scrobble/start', '/scrobble/stop'])
    const { history, playback } = await person.trakt()
    expect([history.length, playback.length]).toEqual([1, 0])
    expect(await waiting()).toEqual([])
  })

  it('of an episode without ids of its own is told by its show and numbers', async () => {
    await play('harbour-1-2', 950, 'ended')
    const [call] = (await person.trakt()).calls
    expect(call).toMatchObject({
      path: '/scrobble/stop',
      body: { show: { ids: { imdb: 'tt7001001' } }, episode: { season: 1, number: 2 } },
    })
  })

  it('to nine tenths is not told as watched at eight, as Trakt would count it', async () => {
    await play('bunny', 850, 'ended')
    expect(await calls()).toEqual(['/scrobble/pause'])
    expect((await person.trakt()).history).toEqual([])
  })

  it('asks nothing of Trakt while it only goes on', async () => {
    await play('bunny', 10)
    await play('bunny', 20, undefined, Date.now() + 10)
    expect(await calls()).toEqual([])
  })

  it('of what Trakt cannot know is not told', async () => {
    await env.DB.prepare(
      "insert or ignore into titles (id, kind, name, overview, licence, credit) values ('holidays', 'movie', 'Our holidays', '', '', '')",
    ).run()
    await play('holidays', 950, 'ended')
    expect([await calls(), await waiting()]).toEqual([[], []])
  })

  it('of another profile of the account is not told', async () => {
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) values (?, ?, 'Kim', 'fox', 'en', 0)",
    )
      .bind(`kim-${person.id}`, person.id)
      .run()
    await env.DB.prepare('update sessions set profile_id = ? where user_id = ?')
      .bind(`kim-${person.id}`, person.id)
      .run()
    await play('bunny', 950, 'ended')
    expect([await calls(), await waiting()]).toEqual([[], []])
  })
})

describe('while Trakt is away', () => {
  it.each([
    ['an error', { status: 502 }],
    ['half an answer', { status: 201, text: '{"id":' }],
  ])('nothing is lost: %s', async (_, fault) => {
    await traktFails('/scrobble/stop', fault)
    await play('bunny', 950, 'ended')
    expect(await waiting()).toEqual([{ kind: 'scrobble/stop', tries: 1 }])
    // Not before its time, and not forgotten.
    await later(0)
    expect((await waiting()).length).toBe(1)
    await later(3)
    expect(await waiting()).toEqual([])
    expect((await person.trakt()).history).toHaveLength(1)
  })

  it('a day of watching is told afterwards, each at its own time, by the cron', async () => {
    await traktFails('/sync/history')
    await play('sintel', 950, 'ended', Date.parse(isoAgo(20)))
    await play('steel', 950, 'ended', Date.parse(isoAgo(10)))
    await play('bunny', 10, 'playing', Date.parse(isoAgo(9)))
    await play('bunny', 300, 'paused', Date.parse(isoAgo(8)))
    expect(await waiting()).toHaveLength(4)
    await syncTrakt(testEdge(nowSeconds() + 3600))
    const { history, playback } = await person.trakt()
    const hoursAgo = history.map(({ watched_at }) => Math.round((Date.now() - Date.parse(watched_at)) / 3_600_000))
    expect(hoursAgo.sort((a, b) => a - b)).toEqual([10, 20])
    expect(playback.map(({ progress }) => progress)).toEqual([30])
    expect(await waiting()).toEqual([])
  })

  it('waits as long as Trakt asks', async () => {
    await traktFails('/scrobble/stop', { status: 429, headers: { 'retry-after': '600' } })
    await play('bunny', 950, 'ended')
    await later(9)
    expect(await waiting()).toHaveLength(1)
    await later(11)
    expect(await waiting()).toEqual([])
  })

  it('waits for the account to be connected again', async () => {
    await env.DB.prepare('update identities set token = null where user_id = ?').bind(person.id).run()
    await play('bunny', 950, 'ended')
    expect(await waiting()).toHaveLength(1)
  })
})

it('is told once, though fifty send at the same moment', async () => {
  await traktFails('/scrobble/stop')
  await play('bunny', 950, 'ended')
  const edge = testEdge(nowSeconds() + 3600)
  const counts = await Promise.all(Array.from({ length: 50 }, () => sendOutbox(edge, person.id)))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
  expect((await person.trakt()).history).toHaveLength(1)
})

it('does not hold up the rest for what Trakt refuses', async () => {
  await traktFails('/sync/history', { status: 422 })
  await send('/api/history/marks', 'POST', { titleId: 'bunny', isWatched: true })
  await send('/api/history/marks', 'POST', { titleId: 'sintel', isWatched: true })
  expect(await waiting()).toEqual([])
  expect((await person.trakt()).history).toHaveLength(1)
})

it('tells of a season marked watched in one call, and of one unmarked in another', async () => {
  await send('/api/history/marks', 'POST', { titleId: 'harbour', isWatched: true, seasonNumber: 1 })
  expect(await calls()).toEqual(['/sync/history'])
  const [call] = (await person.trakt()).calls
  expect(call?.body).toMatchObject({ shows: [{ seasons: [{ number: 1 }] }, {}, {}] })
  await send('/api/history/marks', 'POST', { titleId: 'harbour', isWatched: false })
  expect(await calls()).toEqual(['/sync/history', '/sync/history/remove'])
})

it('tells of what is marked watched once, though fifty say so at the same moment', async () => {
  await Promise.all(
    Array.from({ length: 50 }, () => send('/api/history/marks', 'POST', { titleId: 'bunny', isWatched: true })),
  )
  await later(1)
  expect((await person.trakt()).history).toHaveLength(1)
})

it('tells nothing of a title that a full watchlist did not take', async () => {
  const put = (titleId: string) => send(`/api/lists/watchlist/titles/${titleId}`, 'PUT', { after: null })
  await put('bunny')
  await env.DB.prepare("update media_lists set item_count = 2000 where person_id = ? and kind = 'watchlist'")
    .bind(person.id)
    .run()
  expect(await put('sintel')).toBe(409)
  expect((await person.trakt()).watchlist).toHaveLength(1)
  expect(await waiting()).toEqual([])
})

it('tells of a title that comes to the watchlist and leaves it, and of no other list', async () => {
  const put = (list: string, titleId: string) => send(`/api/lists/${list}/titles/${titleId}`, 'PUT', { after: null })
  await put('watchlist', 'bunny')
  await put('watchlist', 'bunny')
  const { id } = await person.post<{ id: string }>('/api/lists', { name: 'For rain' })
  await put(id, 'sintel')
  expect((await person.trakt()).watchlist).toHaveLength(1)
  await send('/api/lists/watchlist/titles/bunny', 'DELETE', {})
  expect(await calls()).toEqual(['/sync/watchlist', '/sync/watchlist/remove'])
  expect((await person.trakt()).watchlist).toEqual([])
})
