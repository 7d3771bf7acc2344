/** What differs between Trakt and here, and which of the two stays: through the whole Worker, with the stand-in on the other side. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addTitles, addTraktPerson, bunny, sintel, type TraktPerson, traktFails } from '../../testing/trakt-person.ts'
import { addPlace, ago, importAll, listed, sync, things, today, yesterday } from '../../testing/trakt-sync.ts'

let person: TraktPerson
beforeAll(addTitles)
beforeEach(async () => {
  person = await addTraktPerson()
})

describe('the newest wins', () => {
  it('of two places in a film', async () => {
    await addPlace(person, 'sintel', 600, yesterday)
    await addPlace(person, 'bunny', 600, today)
    await person.trakt({
      playback: [
        { id: 1, progress: 40, paused_at: today, type: 'movie', movie: sintel },
        { id: 2, progress: 40, paused_at: yesterday, type: 'movie', movie: bunny },
      ],
    })
    await importAll(person)
    await sync(person)
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
      rate.bind(person.id, person.id, 'bunny', 3, Date.parse(yesterday)),
      rate.bind(person.id, person.id, 'sintel', 4, Date.parse(today)),
    ])
    await person.trakt({
      ratings: [
        { rating: 8, rated_at: today, type: 'movie', movie: bunny },
        { rating: 8, rated_at: yesterday, type: 'movie', movie: sintel },
      ],
    })
    await importAll(person)
    await sync(person)
    expect(await person.rows('select title_id, stars from ratings where person_id = ? order by 1')).toEqual([
      { title_id: 'bunny', stars: 8 },
      { title_id: 'sintel', stars: 4 },
    ])
    expect((await person.trakt()).ratings.map(({ rating }) => rating).sort()).toEqual([4, 8])
  })

  it('of the watchlist: what is taken away there goes here, once it was there', async () => {
    await person.trakt(things())
    await importAll(person)
    // The sync was a while ago.
    await env.DB.prepare(
      "update sync_states set cursor = json_set(cursor, '$.lastSyncMs', json_extract(cursor, '$.lastSyncMs') - 600000) where name = ?",
    )
      .bind(`trakt:sync:${person.id}`)
      .run()
    await person.trakt({ watchlist: things().watchlist.slice(2) })
    await sync(person)
    expect(await listed(person, 'watchlist')).toEqual(['sintel'])
  })

  it('of lists: one that was removed there goes here too, and the rest stays', async () => {
    await person.trakt(things())
    await importAll(person)
    await person.trakt({ lists: [] })
    await sync(person)
    expect(await listed(person, 'trakt')).toEqual(['steel'])
  })

  it('but never by a time that is yet to come', async () => {
    await person.trakt({ playback: [{ id: 1, progress: 40, paused_at: ago(-5000), type: 'movie', movie: sintel }] })
    await importAll(person)
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
    await importAll(person)
    await env.DB.prepare("update sync_states set cursor = json_set(cursor, '$.lastSyncMs', ?) where name = ?")
      .bind(Date.now() + 3_600_000, `trakt:sync:${person.id}`)
      .run()
    await traktFails('/sync/watchlist', fault)
    await sync(person)
    expect(await listed(person, 'watchlist')).toEqual(['tmdb-movie-653', 'sintel'])
  })
})
