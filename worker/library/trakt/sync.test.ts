/** A person's Trakt from the dry run to the daily sync: through the whole Worker, with the stand-in on the other side. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetViews } from '../../auth/session-view.ts'
import { refusal } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import {
  addTitles,
  addTraktPerson,
  bunny,
  harbour,
  night,
  nosferatu,
  sintel,
  steel,
  type TraktPerson,
  traktFails,
} from '../../testing/trakt-person.ts'
import { nowSeconds } from '../../testing/walk-ways.ts'
import type { PreviewPart, TraktStatus } from './status.ts'
import { syncPerson } from './sync-person.ts'
import { syncTrakt } from './sync-tasks.ts'

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
const ms = (iso: string) => Date.parse(iso)
const [lastWeek, yesterday, today] = [ago(170), ago(30), ago(2)]

let person: TraktPerson
beforeAll(addTitles)
beforeEach(async () => {
  person = await addTraktPerson()
})

const things = () => ({
  history: [
    { id: 11, watched_at: yesterday, action: 'scrobble', type: 'movie', movie: bunny },
    { id: 12, watched_at: lastWeek, action: 'watch', type: 'episode', episode: night(1, 2), show: harbour },
    { id: 13, watched_at: lastWeek, action: 'watch', type: 'movie', movie: nosferatu },
  ],
  playback: [{ id: 21, progress: 40, paused_at: today, type: 'movie', movie: sintel }],
  ratings: [{ rating: 9, rated_at: lastWeek, type: 'movie', movie: bunny }],
  watchlist: [
    { rank: 1, id: 31, listed_at: lastWeek, notes: null, type: 'movie', movie: nosferatu },
    { rank: 2, id: 32, listed_at: lastWeek, notes: null, type: 'season', season: { number: 1, ids: { trakt: 5 } } },
    { rank: 3, id: 33, listed_at: yesterday, notes: null, type: 'movie', movie: sintel },
  ],
  collection: { movies: [{ collected_at: lastWeek, movie: steel }], shows: [] },
  lists: [
    {
      list: { name: 'For the holidays', description: null, updated_at: lastWeek, ids: { trakt: 41, slug: 'h' } },
      items: [{ rank: 1, id: 1, listed_at: lastWeek, type: 'show', show: harbour }],
    },
  ],
})

/** As the page does it: part after part. */
async function preview(): Promise<Record<string, PreviewPart['counts']>> {
  const sums: Record<string, PreviewPart['counts']> = {}
  let step: PreviewPart['next'] | undefined
  do {
    const part: PreviewPart = await person.post<PreviewPart>('/api/trakt/preview', step ? { step } : {})
    const before = sums[part.kind]
    const entries = Object.entries(part.counts).map(([name, count]) => [name, count + (before?.[name as 'same'] ?? 0)])
    sums[part.kind] = Object.fromEntries(entries)
    step = part.next
  } while (step)
  return sums
}

async function importAll(): Promise<TraktStatus> {
  let status = await person.post<TraktStatus>('/api/trakt/import')
  for (let i = 0; i < 10 && status.sync?.isImporting && status.sync.problem === null; i++) {
    status = await person.post<TraktStatus>('/api/trakt/sync')
  }
  return status
}
const sync = () => person.post<TraktStatus>('/api/trakt/sync')

const watched = () =>
  person.rows<{ title_id: string; trakt_id: number | null; origin: string }>(
    'select title_id, trakt_id, origin from watch_events where person_id = ? order by watched_at_ms, title_id',
  )
const listed = async (kind: string) =>
  (
    await person.rows<{ title_id: string }>(
      `select i.title_id from media_lists l join list_items i on i.list_id = l.id where l.person_id = ? and l.kind = '${kind}' order by l.id, i.rank`,
    )
  ).map(({ title_id }) => title_id)
const everything = async () =>
  Promise.all(
    ['progress', 'watch_events', 'show_progress', 'ratings', 'media_lists', 'trakt_outbox'].map((table) =>
      person.rows(`select * from ${table} where person_id = ?`),
    ),
  )

const addViewing = (titleId: string, iso: string) =>
  env.DB.prepare("insert into watch_events values (?, ?, ?, ?, 'porchlight', null)")
    .bind(person.id, person.id, titleId, ms(iso))
    .run()
const addPlace = (titleId: string, seconds: number, iso: string) =>
  env.DB.prepare("insert into progress values (?, ?, ?, 'file', ?, 6000, ?, 'open')")
    .bind(person.id, person.id, titleId, seconds, ms(iso))
    .run()

describe('the dry run', () => {
  it('counts what an import would do, and writes nothing', async () => {
    await person.trakt(things())
    await addViewing('bunny', yesterday)
    await addViewing('steel', lastWeek)
    const before = [await everything(), await env.DB.prepare('select count(*) n from titles').first('n')]
    const parts = await preview()
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
    expect([await everything(), await env.DB.prepare('select count(*) n from titles').first('n')]).toEqual(before)
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
    const status = await importAll()
    expect(status).toMatchObject({ account: person.slug, sync: { isImporting: false, problem: null, waiting: 0 } })
    expect(await watched()).toEqual([
      { title_id: 'harbour-1-2', trakt_id: 12, origin: 'trakt' },
      { title_id: 'tmdb-movie-653', trakt_id: 13, origin: 'trakt' },
      { title_id: 'bunny', trakt_id: 11, origin: 'trakt' },
    ])
    expect(await listed('watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
    expect(await listed('trakt')).toEqual(['steel', 'harbour'])
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
    await importAll()
    const before = await everything()
    await importAll()
    expect(await everything()).toEqual(before)
  })

  it('goes on after Trakt was away in the middle of it, and ends as it would have', async () => {
    await person.trakt(things())
    await traktFails('/sync/ratings')
    const broken = await person.post<TraktStatus>('/api/trakt/import')
    expect(broken.sync).toMatchObject({ isImporting: true, problem: 'away' })
    // Not before its time, and then by the cron alone.
    await syncTrakt(testEdge(nowSeconds()))
    expect(await listed('watchlist')).toEqual([])
    for (const minutes of [10, 20]) await syncTrakt(testEdge(nowSeconds() + minutes * 60))
    expect(await listed('watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
    expect((await person.call('/api/trakt').then((answer) => answer.json<TraktStatus>())).sync).toMatchObject({
      isImporting: false,
      problem: null,
    })
  })

  it('tells Trakt of what was watched only here', async () => {
    await person.trakt(things())
    await addViewing('steel', lastWeek)
    await importAll()
    await sync()
    const { history } = await person.trakt()
    expect(history.map(({ watched_at }) => watched_at)).toContain(lastWeek)
    expect(history).toHaveLength(4)
    // And knows it again when it comes back: once here, once there.
    await sync()
    await sync()
    expect((await watched()).filter(({ title_id }) => title_id === 'steel')).toEqual([
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
    await importAll()
    await importAll()
    expect(await watched()).toHaveLength(350)
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
    await importAll()
    expect((await watched()).map(({ trakt_id }) => trakt_id)).toEqual([12, 13, 11])
  })
})

describe('the newest wins', () => {
  it('of two places in a film', async () => {
    await addPlace('sintel', 600, yesterday)
    await addPlace('bunny', 600, today)
    await person.trakt({
      playback: [
        { id: 1, progress: 40, paused_at: today, type: 'movie', movie: sintel },
        { id: 2, progress: 40, paused_at: yesterday, type: 'movie', movie: bunny },
      ],
    })
    await importAll()
    await sync()
    const places = await person.rows(
      'select title_id, source_id, position_seconds from progress where person_id = ? order by title_id',
    )
    expect(places).toEqual([
      { title_id: 'bunny', source_id: 'file', position_seconds: 600 },
      { title_id: 'sintel', source_id: 'file', position_seconds: 2400 },
    ])
    const there = (await person.trakt()).playback.map(({ progress }) => progress)
    expect(there.sort()).toEqual([10, 40])
  })

  it('of two ratings', async () => {
    const rate = env.DB.prepare('insert into ratings values (?, ?, ?, ?, ?)')
    await env.DB.batch([
      rate.bind(person.id, person.id, 'bunny', 3, ms(yesterday)),
      rate.bind(person.id, person.id, 'sintel', 4, ms(today)),
    ])
    await person.trakt({
      ratings: [
        { rating: 8, rated_at: today, type: 'movie', movie: bunny },
        { rating: 8, rated_at: yesterday, type: 'movie', movie: sintel },
      ],
    })
    await importAll()
    await sync()
    expect(await person.rows('select title_id, stars from ratings where person_id = ? order by 1')).toEqual([
      { title_id: 'bunny', stars: 8 },
      { title_id: 'sintel', stars: 4 },
    ])
    expect((await person.trakt()).ratings.map(({ rating }) => rating).sort()).toEqual([4, 8])
  })

  it('of the watchlist: what is taken away there goes here, once it was there', async () => {
    await person.trakt(things())
    await importAll()
    // The sync was a while ago.
    await env.DB.prepare(
      "update sync_states set cursor = json_set(cursor, '$.lastSyncMs', json_extract(cursor, '$.lastSyncMs') - 600000) where name = ?",
    )
      .bind(`trakt:sync:${person.id}`)
      .run()
    await person.trakt({ watchlist: things().watchlist.slice(2) })
    await sync()
    expect(await listed('watchlist')).toEqual(['sintel'])
  })

  it('of lists: one that was removed there goes here too, and the rest stays', async () => {
    await person.trakt(things())
    await importAll()
    await person.trakt({ lists: [] })
    await sync()
    expect(await listed('trakt')).toEqual(['steel'])
  })

  it('but never by a time that is yet to come', async () => {
    await person.trakt({ playback: [{ id: 1, progress: 40, paused_at: ago(-5000), type: 'movie', movie: sintel }] })
    await importAll()
    const json = { positionSeconds: 700, durationSeconds: 6000, watchedAtMs: Date.now() + 30_000 }
    await person.call('/api/progress/sintel', { method: 'PUT', json })
    const saved = await (await person.call('/api/progress/sintel')).json()
    expect(saved).toMatchObject({ positionSeconds: 700 })
  })

  it.each([
    ['half a page', { status: 200, text: '[{"rank":1,' }],
    ['an error', { status: 500 }],
    ['a page of something else', { status: 200, text: '{"watchlist":[]}' }],
    ['a page whose items lost their fields', { status: 200, text: '[{"type":"movie"}]' }],
  ])('and %s takes nothing away', async (_, fault) => {
    await person.trakt(things())
    await importAll()
    await env.DB.prepare("update sync_states set cursor = json_set(cursor, '$.lastSyncMs', ?) where name = ?")
      .bind(Date.now() + 3_600_000, `trakt:sync:${person.id}`)
      .run()
    await traktFails('/sync/watchlist', fault)
    await sync()
    expect(await listed('watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
  })
})

describe('the sync', () => {
  it('asks once whether anything happened, and nothing more when nothing did', async () => {
    await person.trakt({ history: [] })
    await importAll()
    await sync()
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
    expect((await sync()).sync).toMatchObject({ isImporting: true, problem: 'today' })
  })

  it('is of one viewer of the account: a profile’s watching goes nowhere', async () => {
    await importAll()
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
    expect((await importAll()).sync).toMatchObject({ viewerId: profile, isImporting: false })
    await env.DB.prepare('update sessions set profile_id = null where id = ?').bind(person.sessionId).run()
    await env.DB.prepare('delete from profiles where id = ?').bind(profile).run()
    forgetViews()
    expect((await sync()).sync).toBeNull()
    expect([await watched(), await listed('trakt')]).toEqual([[], []])
    expect((await importAll()).sync).toMatchObject({ viewerId: person.id, isImporting: false })
    expect(await watched()).toHaveLength(3)
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
    await importAll()
    expect((await person.call('/api/trakt', { method: 'DELETE' })).status).toBe(204)
    const status = await person.call('/api/trakt').then((answer) => answer.json<TraktStatus>())
    expect(status).toMatchObject({ account: null, sync: null })
    expect(await listed('trakt')).toEqual([])
    expect(await listed('watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
    expect(await watched()).toHaveLength(3)
    // The way in stays.
    expect(await person.rows('select token from identities where user_id = ?')).toEqual([{ token: null }])
  })
})
