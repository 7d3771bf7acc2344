/** Progress over HTTP: saved, read back, and never taken backwards by a late save. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../auth/password-hash.ts'
import { asPerson } from '../auth/viewer.ts'
import { type Browser, callEdge, refusal, setUp, signInAs } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import type { Progress } from './answers.ts'
import type { FrontPage } from './front-page/answers.ts'
import { acceptProgress, CLOCK_AHEAD_MS, isWatchedAt, mergeProgress } from './merge-progress.ts'
import { readProgress, saveProgress } from './progress.ts'

let admin: Browser
const path = '/api/progress/sintel-2010'
const put = (json: object, to = path) => callEdge(to, { method: 'PUT', token: admin.accessToken, json })
const get = (from = path, token = admin.accessToken) => callEdge(from, { token })
const begun = async (token = admin.accessToken) =>
  (await (await get('/api/front-page', token)).json<FrontPage>()).continueWatching
const at = (positionSeconds: number, watchedAtMs: number): Progress => ({
  positionSeconds,
  durationSeconds: 888,
  watchedAtMs,
})

beforeAll(async () => {
  admin = await setUp()
})

describe('progress', () => {
  it('is nothing before the first save, and then what was saved', async () => {
    expect(await (await get()).json()).toBeNull()
    expect((await put(at(100, 1000))).status).toBe(204)
    expect(await (await get()).json()).toEqual(at(100, 1000))
  })

  it('is that of the last to watch: a late save, or the same one twice, changes nothing', async () => {
    await put(at(200, 2000))
    expect((await put(at(150, 1500))).status).toBe(204)
    await put(at(999, 2000))
    expect(await (await get()).json()).toEqual(at(200, 2000))
    await put(at(50, 3000))
    expect(await (await get()).json()).toEqual(at(50, 3000))
  })

  it('does not believe a clock from next year', async () => {
    await put(at(300, Date.now() + 365 * 86_400_000), '/api/progress/big-buck-bunny-2008')
    const saved = await (await get('/api/progress/big-buck-bunny-2008')).json<Progress>()
    expect(saved.watchedAtMs).toBeLessThanOrEqual(Date.now() + CLOCK_AHEAD_MS)
  })

  it('lists what is not finished, newest first', async () => {
    await put(at(880, 9000), '/api/progress/tears-of-steel-2012')
    await put(at(10, 5000), '/api/progress/cosmos-laundromat-2015')
    const items = await begun()
    expect(items.map(({ title }) => title.name)).toEqual(['Big Buck Bunny', 'Cosmos Laundromat', 'Sintel'])
    const title = expect.objectContaining({ id: 'sintel-2010', kind: 'movie' })
    expect(items[2]).toEqual({ ...at(50, 3000), title, episode: null })
  })

  it('is each person’s own', async () => {
    const password = 'four words and a lamp'
    await env.DB.prepare(
      'insert into users (id, email, display_name, password_hash, role, created_at) values (?, ?, ?, ?, ?, 0)',
    )
      .bind(
        'user-1',
        'ben@example.org',
        'Ben',
        hashPassword(password, { parameters: { log2N: 10, r: 8, p: 1 } }),
        'user',
      )
      .run()
    const ben = await signInAs('ben@example.org', password)
    const unwatched = await get(path, ben.accessToken)
    expect([unwatched.status, await unwatched.json()]).toEqual([200, null])
    expect(await begun(ben.accessToken)).toEqual([])
  })

  it.each([
    ['before the start', { ...at(-1, 1) }],
    ['not a number', { ...at(1, 1), positionSeconds: '1' }],
    ['somebody else’s', { ...at(1, 1), personId: 'user-1' }],
  ])('refuses a position that is %s', async (_name, body) => {
    expect(await refusal(await put(body))).toEqual([400, 'invalid'])
  })

  it('refuses a title that there is not', async () => {
    expect(await refusal(await put(at(1, 1), '/api/progress/nothing'))).toEqual([404, 'not_found'])
  })
})

describe('a film seen to its end', () => {
  const [id, hour] = ['cosmos-laundromat-2015', 3_600_000]
  const film = `/api/progress/${id}`
  const start = Date.UTC(2026, 0, 1)
  const seconds = (positionSeconds: number, atMs: number, more: object = {}) =>
    put({ positionSeconds, durationSeconds: 1000, watchedAtMs: start + atMs, ...more }, film)
  const viewings = async () => {
    const query = 'select watched_at_ms at from watch_events where title_id = ? order by 1'
    return (await env.DB.prepare(query).bind(id).all<{ at: number }>()).results.map(({ at }) => at - start)
  }
  const isOpen = async () => (await begun()).some(({ title }) => title.id === id)

  it('is one viewing, however often the rest of it is told, and is not waiting to be continued', async () => {
    await seconds(500, 0)
    expect([await viewings(), await isOpen()]).toEqual([[], true])
    for (const [at, after] of [
      [900, 1],
      [910, 2],
      [950, 20 * hour],
      [1000, 40 * hour],
    ])
      await seconds(at ?? 0, after ?? 0)
    expect([await viewings(), await isOpen()]).toEqual([[1], false])
  })

  it('is another viewing when it is watched again, days later', async () => {
    await seconds(10, 50 * hour)
    expect(await isOpen()).toBe(true)
    await seconds(990, 51 * hour)
    expect(await viewings()).toEqual([1, 51 * hour])
  })

  it('is kept when it is told late, and the place stays the newer one', async () => {
    await seconds(100, 80 * hour)
    await seconds(1000, 75 * hour)
    expect(await viewings()).toEqual([1, 51 * hour, 75 * hour])
    expect(await (await get(film)).json()).toMatchObject({ positionSeconds: 100 })
  })

  it('ends at its credits, but not at credits that begin in the middle', async () => {
    await seconds(400, 100 * hour, { creditsAtSeconds: 300 })
    expect(await isOpen()).toBe(true)
    await seconds(810, 101 * hour, { creditsAtSeconds: 800 })
    expect(await isOpen()).toBe(false)
    expect((await viewings()).at(-1)).toBe(101 * hour)
  })

  it('is told once by fifty saves at the same moment', async () => {
    await seconds(100, 200 * hour)
    await Promise.all(Array.from({ length: 50 }, (_, i) => seconds(950, 201 * hour + i)))
    expect((await viewings()).filter((at) => at >= 201 * hour)).toHaveLength(1)
  })
})

describe('the files of a film', () => {
  const film = '/api/progress/sintel-2010'
  const save = (sourceId: string, positionSeconds: number, watchedAtMs: number) =>
    put({ positionSeconds, durationSeconds: 888, watchedAtMs, sourceId }, film)

  it('have a place each, and the one watched last is where it goes on', async () => {
    await save('uncut', 400, 10_000)
    await save('tv', 300, 20_000)
    expect(await (await get(film)).json()).toEqual(at(300, 20_000))
    await save('uncut', 410, 30_000)
    expect(await (await get(film)).json()).toEqual(at(410, 30_000))
    expect((await begun()).filter(({ title }) => title.id === 'sintel-2010')).toHaveLength(1)
  })

  it('leave the row of what to continue together, until one is watched again', async () => {
    const names = async () => (await begun()).map(({ title }) => title.id)
    expect((await callEdge(film, { method: 'DELETE', token: admin.accessToken })).status).toBe(204)
    expect(await names()).not.toContain('sintel-2010')
    expect(await (await get(film)).json()).toEqual(at(410, 30_000))
    await save('tv', 310, 40_000)
    expect(await names()).toContain('sintel-2010')
  })
})

describe('merging', () => {
  const saves = fc.array(fc.record({ positionSeconds: fc.nat({ max: 800 }), watchedAtMs: fc.nat({ max: 20 }) }), {
    minLength: 1,
    maxLength: 6,
  })

  it('ends with the newest save in whatever order they arrive, in the database as in the rule', async () => {
    let title = 0
    await fc.assert(
      fc.asyncProperty(saves, async (list) => {
        const id = `merge-${title++}`
        await env.DB.prepare(
          "insert into titles (id, kind, name, overview, licence, credit) values (?, 'movie', 'M', '', '', '')",
        )
          .bind(id)
          .run()
        let model: Progress | undefined
        for (const { positionSeconds, watchedAtMs } of list) {
          const sent = at(positionSeconds, watchedAtMs)
          model = mergeProgress(model, sent)
          await saveProgress(testEdge(1000), asPerson(admin.person.id), id, sent)
        }
        expect(await readProgress(testEdge(1000), asPerson(admin.person.id), id)).toEqual(model)
        expect(model?.watchedAtMs).toBe(Math.max(...list.map((one) => one.watchedAtMs)))
      }),
      { numRuns: 30 },
    )
  })

  it('keeps a position inside its film', () => {
    expect(acceptProgress({ positionSeconds: 900, durationSeconds: 888, watchedAtMs: 5 }, 10)).toMatchObject({
      positionSeconds: 888,
    })
  })
})

it.each([
  ['a minute in', 60, undefined, false],
  ['just before nine tenths', 899, undefined, false],
  ['at nine tenths', 900, undefined, true],
  ['at the credits', 800, 800, true],
  ['before the credits', 799, 800, false],
  ['late in a film whose credits are said to begin early', 700, 300, false],
  ['at nine tenths of a film with late credits', 900, 980, true],
])('counts as watched or not: %s', (_, positionSeconds, creditsAtSeconds, expected) => {
  const save = { positionSeconds, durationSeconds: 1000, watchedAtMs: 1, ...(creditsAtSeconds && { creditsAtSeconds }) }
  expect(isWatchedAt(save)).toBe(expected)
  expect(isWatchedAt({ ...save, durationSeconds: 0 })).toBe(false)
})
