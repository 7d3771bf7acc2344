/** Stars through the whole Worker: each viewer's own, and alike here and at Trakt, whichever way they go. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import app from '../../app.ts'
import { forgetViews } from '../../cache/brief-views.ts'
import { callEdge, ORIGIN, refusal } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { addTitles, addTraktPerson, bunny, type TraktPerson, traktFails } from '../../testing/trakt-person.ts'
import { importAll, sync } from '../../testing/trakt-sync.ts'
import { addPerson, nowSeconds, tokenOf } from '../../testing/walk-ways.ts'
import { sendOutbox } from '../trakt/send-outbox.ts'
import type { Rating } from './answers.ts'

let [id, token, sessionId] = ['', '', '']
beforeAll(addTitles)
beforeEach(async () => {
  id = await addPerson()
  ;({ token, sessionId } = await tokenOf(id))
})

const rate = (titleId: string, stars: unknown) =>
  callEdge(`/api/ratings/${titleId}`, { method: 'PUT', token, json: { stars } })
const takeBack = (titleId: string) => callEdge(`/api/ratings/${titleId}`, { method: 'DELETE', token })
const starsOf = async (titleId: string) =>
  (await (await callEdge(`/api/ratings/${titleId}`, { token })).json<Rating | null>())?.stars
async function watchAs(profileId: string, ratingCap: number | null): Promise<void> {
  await env.DB.prepare(
    "insert into profiles (id, user_id, name, avatar, language, rating_cap, created_at) values (?, ?, 'Kim', 'fox', 'en', ?, 0)",
  )
    .bind(profileId, id, ratingCap)
    .run()
  await env.DB.prepare('update sessions set profile_id = ? where id = ?').bind(profileId, sessionId).run()
  forgetViews()
}

describe('a rating', () => {
  it('is given, changed and taken back, of a film, a show and an episode', async () => {
    for (const titleId of ['bunny', 'harbour', 'harbour-1-2']) {
      expect(await starsOf(titleId)).toBeUndefined()
      for (const stars of [7, 10, 1]) {
        expect((await rate(titleId, stars)).status).toBe(204)
        expect(await starsOf(titleId)).toBe(stars)
      }
      for (const _ of ['once', 'twice']) expect((await takeBack(titleId)).status).toBe(204)
      expect(await starsOf(titleId)).toBeUndefined()
    }
  })

  it.each([0, 11, 7.5, '7', null])('is refused as %j stars', async (stars) => {
    expect(await refusal(await rate('bunny', stars))).toEqual([400, 'invalid'])
  })

  it('is refused of a title that there is not, and of a season', async () => {
    await env.DB.prepare(
      "insert or ignore into titles (id, kind, name, overview, licence, credit, show_id, season_number) values ('harbour-1', 'season', 'Season 1', '', '', '', 'harbour', 1)",
    ).run()
    expect(await refusal(await rate('nothing', 7))).toEqual([404, 'not_found'])
    expect(await refusal(await rate('harbour-1', 7))).toEqual([400, 'invalid'])
  })

  it('is each viewer’s own', async () => {
    await rate('bunny', 7)
    await watchAs(`kim-${id}`, null)
    expect(await starsOf('bunny')).toBeUndefined()
    await rate('bunny', 2)
    await takeBack('bunny')
    const rows = await env.DB.prepare('select viewer_id, stars from ratings where person_id = ?').bind(id).all()
    expect(rows.results).toEqual([{ viewer_id: id, stars: 7 }])
  })

  it('above a child’s cap is neither given nor read', async () => {
    await env.DB.prepare("insert into ratings values (?, ?, 'bunny', 9, 1)").bind(`kit-${id}`, id).run()
    await watchAs(`kit-${id}`, 6)
    expect(await starsOf('bunny')).toBeUndefined()
    expect(await refusal(await rate('bunny', 7))).toEqual([404, 'not_found'])
  })

  it('is one of those that were sent when fifty come at once, and one row', async () => {
    const sent = Array.from({ length: 50 }, (_, at) => (at % 10) + 1)
    const answers = await Promise.all(sent.map((stars) => rate('steel', stars)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    const rows = await env.DB.prepare("select stars from ratings where person_id = ? and title_id = 'steel'")
      .bind(id)
      .all<{ stars: number }>()
    expect(rows.results).toHaveLength(1)
    expect(sent).toContain(rows.results[0]?.stars)
  })

  it('writes nothing where there is no Trakt but itself, and nothing at all when it is the same', async () => {
    await rate('bunny', 7)
    const first = await callEdge('/api/ratings/bunny', { token })
    await rate('bunny', 7)
    expect(await (await callEdge('/api/ratings/bunny', { token })).json()).toEqual(await first.json())
    const queued = await env.DB.prepare('select count(*) n from trakt_outbox where person_id = ?').bind(id).first('n')
    expect(queued).toBe(0)
  })
})

describe('with Trakt', () => {
  let person: TraktPerson
  let traktToken: string
  beforeEach(async () => {
    person = await addTraktPerson()
    ;({ token: traktToken } = await tokenOf(person.id))
  })

  /** As our page sends it; what goes on after the response is waited for. */
  async function send(method: 'PUT' | 'DELETE', titleId: string, stars?: number): Promise<void> {
    const ctx = createExecutionContext()
    const headers = { authorization: `Bearer ${traktToken}`, 'content-type': 'application/json' }
    const body = stars === undefined ? null : JSON.stringify({ stars })
    const request = new Request(`${ORIGIN}/api/ratings/${titleId}`, {
      method,
      headers: { ...headers, 'sec-fetch-site': 'same-origin' },
      body,
    })
    expect((await app.fetch(request, env, ctx)).status).toBe(204)
    await waitOnExecutionContext(ctx)
  }
  const there = async () => (await person.trakt()).ratings.map(({ rating }) => rating)
  const waiting = () =>
    person.rows<{ kind: string }>('select kind from trakt_outbox where person_id = ? order by rowid')

  it('is told there at once, changed there, and taken back there', async () => {
    await importAll(person)
    await send('PUT', 'bunny', 8)
    expect(await there()).toEqual([8])
    await send('PUT', 'bunny', 3)
    expect(await there()).toEqual([3])
    await send('DELETE', 'bunny')
    expect(await there()).toEqual([])
    expect(await waiting()).toEqual([])
  })

  it('is told by an episode’s show and numbers where the episode has no ids', async () => {
    await importAll(person)
    await send('PUT', 'harbour-1-2', 6)
    expect((await person.trakt()).calls.at(-1)).toMatchObject({
      path: '/sync/ratings',
      body: { shows: [{ ids: { imdb: 'tt7001001' }, seasons: [{ number: 1, episodes: [{ number: 2, rating: 6 }] }] }] },
    })
  })

  it('waits while Trakt is away, and then only the last word is told', async () => {
    await importAll(person)
    await traktFails('/sync/ratings')
    for (const stars of [2, 5, 9]) await send('PUT', 'bunny', stars)
    expect(await waiting()).toHaveLength(3)
    await sendOutbox(testEdge(nowSeconds() + 3600), person.id)
    expect([await there(), await waiting()]).toEqual([[9], []])
    const told = (await person.trakt()).calls.filter(({ path }) => path === '/sync/ratings')
    expect(told).toHaveLength(1)
  })

  it('taken back while Trakt is away does not come back from there', async () => {
    await person.trakt({
      ratings: [{ rating: 8, rated_at: new Date(Date.now() - 60_000).toISOString(), type: 'movie', movie: bunny }],
    })
    await importAll(person)
    expect(await person.rows('select stars from ratings where person_id = ?')).toEqual([{ stars: 8 }])
    await traktFails('/sync/ratings/remove')
    await send('DELETE', 'bunny')
    expect(await waiting()).toEqual([{ kind: 'sync/ratings/remove' }])
    await env.DB.prepare(
      "update sync_states set cursor = json_set(cursor, '$.seen.\"movies.rated_at\"', '-') where name = ?",
    )
      .bind(`trakt:sync:${person.id}`)
      .run()
    await sync(person)
    expect(await person.rows('select stars from ratings where person_id = ?')).toEqual([])
    await sendOutbox(testEdge(nowSeconds() + 3600), person.id)
    expect([await there(), await waiting()]).toEqual([[], []])
  })

  it('given there comes here, and taken back there goes here', async () => {
    await person.trakt({ ratings: [{ rating: 4, rated_at: new Date().toISOString(), type: 'movie', movie: bunny }] })
    await importAll(person)
    expect(await person.rows('select stars from ratings where person_id = ?')).toEqual([{ stars: 4 }])
    // The sync was a while ago.
    await env.DB.prepare(
      `update sync_states set cursor = json_set(cursor, '$.lastSyncMs', json_extract(cursor, '$.lastSyncMs') + 600000,
         '$.seen."movies.rated_at"', '-') where name = ?`,
    )
      .bind(`trakt:sync:${person.id}`)
      .run()
    await person.trakt({ ratings: [], touched: { rated_at: new Date().toISOString() } })
    await sync(person)
    expect(await person.rows('select stars from ratings where person_id = ?')).toEqual([])
  })
})
