/** A person's Trakt from the dry run to the daily sync: through the whole Worker, with the stand-in on the other side. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetViews } from '../../cache/brief-views.ts'
import { refusal } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { addTitles, addTraktPerson, bunny, type TraktPerson, traktFails } from '../../testing/trakt-person.ts'
import {
  addViewing,
  ago,
  everything,
  importAll,
  lastWeek,
  listed,
  preview,
  sync,
  things,
  today,
  watched,
  yesterday,
} from '../../testing/trakt-sync.ts'
import { nowSeconds } from '../../testing/walk-ways.ts'
import type { TraktStatus } from './status.ts'
import { syncPerson } from './sync-person.ts'
import { syncTrakt } from './sync-tasks.ts'

let person: TraktPerson
beforeAll(addTitles)
beforeEach(async () => {
  person = await addTraktPerson()
})

describe('the dry run', () => {
  it('counts what an import would do, and writes nothing', async () => {
    await person.trakt(things())
    await addViewing(person, 'bunny', yesterday)
    await addViewing(person, 'steel', lastWeek)
    const before = [await everything(person), await env.DB.prepare('select count(*) n from titles').first('n')]
    const parts = await preview(person)
    expect(parts).toMatchObject({
      history: { same: 1, added: 2, unknown: 1 },
      playback: { added: 1 },
      ratings: { added: 1 },
      watchlist: { added: 2, unknown: 1 },
      collection: { added: 1 },
      lists: { added: 1 },
      // One of the two is the one that is there already.
      ours: { sent: 2 },
    })
    expect([await everything(person), await env.DB.prepare('select count(*) n from titles').first('n')]).toEqual(before)
    expect((await person.trakt()).calls).toEqual([])
  })

  it('is for somebody with an account there', async () => {
    await env.DB.prepare('update identities set token = null where user_id = ?').bind(person.id).run()
    expect(await refusal(await person.call('/api/trakt/preview', { json: {} }))).toEqual([409, 'relink_needed'])
    expect(await refusal(await person.call('/api/trakt/import', { json: {} }))).toEqual([409, 'relink_needed'])
  })

  it('says so when Trakt does not answer', async () => {
    await traktFails('/sync/history', { text: '{"half":', status: 200 })
    expect(await refusal(await person.call('/api/trakt/preview', { json: {} }))).toEqual([503, 'upstream_away'])
  })
})

describe('the import', () => {
  it('brings everything here, with cards for titles that nobody knew', async () => {
    await person.trakt(things())
    const status = await importAll(person)
    expect(status).toMatchObject({ account: person.slug, sync: { isImporting: false, problem: null, waiting: 0 } })
    expect(await watched(person)).toEqual([
      { title_id: 'harbour-1-2', trakt_id: 12, origin: 'trakt' },
      { title_id: 'tmdb-movie-653', trakt_id: 13, origin: 'trakt' },
      { title_id: 'bunny', trakt_id: 11, origin: 'trakt' },
    ])
    expect(await listed(person, 'watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
    expect(await listed(person, 'trakt')).toEqual(['steel', 'harbour'])
    const places = await person.rows('select title_id, position_seconds, state from progress where person_id = ?')
    expect(places).toEqual([{ title_id: 'sintel', position_seconds: 2400, state: 'open' }])
    expect(await person.rows('select title_id, stars from ratings where person_id = ?')).toEqual([
      { title_id: 'bunny', stars: 9 },
    ])
    const next = await person.rows(
      'select show_id, season_number, episode_number from show_progress where person_id = ?',
    )
    expect(next).toEqual([{ show_id: 'harbour', season_number: 1, episode_number: 2 }])
    const card = await env.DB.prepare("select name, year, kind from titles where id = 'tmdb-movie-653'").first()
    expect(card).toEqual({ name: 'Nosferatu', year: 1922, kind: 'movie' })
  })

  it('changes nothing when it is run again', async () => {
    await person.trakt(things())
    await importAll(person)
    const before = await everything(person)
    await importAll(person)
    expect(await everything(person)).toEqual(before)
  })

  it('goes on after Trakt was away in the middle of it, and ends as it would have', async () => {
    await person.trakt(things())
    await traktFails('/sync/ratings')
    const broken = await person.post<TraktStatus>('/api/trakt/import')
    expect(broken.sync).toMatchObject({ isImporting: true, problem: 'away' })
    // Not before its time, and then by the cron alone.
    await syncTrakt(testEdge(nowSeconds()))
    expect(await listed(person, 'watchlist')).toEqual([])
    for (const minutes of [10, 20]) await syncTrakt(testEdge(nowSeconds() + minutes * 60))
    expect(await listed(person, 'watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
    expect((await person.call('/api/trakt').then((answer) => answer.json<TraktStatus>())).sync).toMatchObject({
      isImporting: false,
      problem: null,
    })
  })

  it('tells Trakt of what was watched only here', async () => {
    await person.trakt(things())
    await addViewing(person, 'steel', lastWeek)
    await importAll(person)
    await sync(person)
    const { history } = await person.trakt()
    expect(history.map(({ watched_at }) => watched_at)).toContain(lastWeek)
    expect(history).toHaveLength(4)
    // And knows it again when it comes back: once here, once there.
    await sync(person)
    await sync(person)
    expect((await watched(person)).filter(({ title_id }) => title_id === 'steel')).toEqual([
      { title_id: 'steel', trakt_id: expect.any(Number), origin: 'porchlight' },
    ])
    expect((await person.trakt()).history).toHaveLength(4)
  })

  it('pages a long history, however often it is interrupted', async () => {
    const history = Array.from({ length: 350 }, (_, i) => ({
      ...{ id: 1000 + i, watched_at: ago(24 * (i + 1)), action: 'watch', type: 'movie', movie: bunny },
    }))
    await person.trakt({ history })
    await traktFails('/sync/history', { times: 1, hangs: false, status: 502 })
    await person.post('/api/trakt/import')
    await importAll(person)
    await importAll(person)
    expect(await watched(person)).toHaveLength(350)
  })

  it('leaves out what Trakt says in another way than it should, and takes the rest', async () => {
    const { history } = things()
    await person.trakt({
      history: [
        { id: 'eleven', watched_at: today, type: 'movie', movie: bunny },
        { id: 14, watched_at: 'yesterday', type: 'movie', movie: bunny },
        { id: 15, watched_at: today, type: 'hologram', hologram: bunny },
        { id: 16, watched_at: today, type: 'movie', movie: { title: null, ids: {} } },
        { id: 17, watched_at: today, type: 'movie' },
        null,
        ...history,
      ],
    })
    await importAll(person)
    expect((await watched(person)).map(({ trakt_id }) => trakt_id)).toEqual([12, 13, 11])
  })
})

describe('the sync', () => {
  it('asks once whether anything happened, and nothing more when nothing did', async () => {
    await person.trakt({ history: [] })
    await importAll(person)
    await sync(person)
    const asked: string[] = []
    const real = globalThis.fetch
    globalThis.fetch = (input, init) => {
      asked.push(new URL(String(input)).pathname)
      return real(input, init)
    }
    try {
      await env.DB.prepare(
        "update sync_states set cursor = json_set(cursor, '$.seen.\"watchlist.updated_at\"', '-') where name = ?",
      )
        .bind(`trakt:sync:${person.id}`)
        .run()
      await syncPerson(testEdge(nowSeconds()), person.id, { isAsked: true })
    } finally {
      globalThis.fetch = real
    }
    expect(asked.slice(0, 1)).toEqual(['/sync/last_activities'])
    expect(asked).not.toContain('/sync/history')
  })

  it('stops for the day when enough was written, and says so', async () => {
    await person.trakt(things())
    await person.post('/api/trakt/import')
    await env.DB.prepare('update sync_states set rows_written = 40000, written_on = ? where name = ?')
      .bind(new Date().toISOString().slice(0, 10), `trakt:sync:${person.id}`)
      .run()
    expect((await sync(person)).sync).toMatchObject({ isImporting: true, problem: 'today' })
  })

  it('is of one viewer of the account: a profile’s watching goes nowhere', async () => {
    await importAll(person)
    const status = await person.call('/api/trakt').then((answer) => answer.json<TraktStatus>())
    expect(status.sync?.viewerId).toBe(person.id)
  })

  it('ends with the profile that it was for', async () => {
    const profile = `kim-${person.id}`
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) values (?, ?, 'Kim', 'fox', 'en', 0)",
    )
      .bind(profile, person.id)
      .run()
    await env.DB.prepare('update sessions set profile_id = ? where id = ?').bind(profile, person.sessionId).run()
    forgetViews()
    await person.trakt(things())
    expect((await importAll(person)).sync).toMatchObject({ viewerId: profile, isImporting: false })
    await env.DB.prepare('update sessions set profile_id = null where id = ?').bind(person.sessionId).run()
    await env.DB.prepare('delete from profiles where id = ?').bind(profile).run()
    forgetViews()
    expect((await sync(person)).sync).toBeNull()
    expect([await watched(person), await listed(person, 'trakt')]).toEqual([[], []])
    expect((await importAll(person)).sync).toMatchObject({ viewerId: person.id, isImporting: false })
    expect(await watched(person)).toHaveLength(3)
  })

  it('is not for a child', async () => {
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, rating_cap, created_at) values (?, ?, 'Kit', 'fox', 'en', 6, 0)",
    )
      .bind(`kit-${person.id}`, person.id)
      .run()
    await env.DB.prepare('update sessions set profile_id = ? where id = ?')
      .bind(`kit-${person.id}`, person.sessionId)
      .run()
    for (const path of ['/api/trakt/preview', '/api/trakt/import', '/api/trakt/sync']) {
      expect(await refusal(await person.call(path, { json: {} }))).toEqual([403, 'forbidden'])
    }
    expect(await refusal(await person.call('/api/trakt', { method: 'DELETE' }))).toEqual([403, 'forbidden'])
  })

  it('ends when the person disconnects: tokens, queue and Trakt’s lists go, what was watched stays', async () => {
    await person.trakt(things())
    await importAll(person)
    expect((await person.call('/api/trakt', { method: 'DELETE' })).status).toBe(204)
    const status = await person.call('/api/trakt').then((answer) => answer.json<TraktStatus>())
    expect(status).toMatchObject({ account: null, sync: null })
    expect(await listed(person, 'trakt')).toEqual([])
    expect(await listed(person, 'watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
    expect(await watched(person)).toHaveLength(3)
    // The way in stays.
    expect(await person.rows('select token from identities where user_id = ?')).toEqual([{ token: null }])
  })
})
