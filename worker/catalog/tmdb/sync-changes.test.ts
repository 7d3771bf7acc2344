/** What changed at TMDB, over real HTTP (its stand-in): looked at again within a Worker's bounds, and two titles that became one. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addOld,
  beginWithTmdb,
  count,
  edgeNow,
  known,
  look,
  passDay,
  rows,
  secondsNow,
  sync,
} from '../../testing/tmdb-days.ts'
import { addFault, tellWorld } from '../../testing/tmdb-stand-in.ts'
import { refreshLists } from './refresh-lists.ts'
import { DAY_ROWS, readSyncState, saveSyncState } from './sync-state.ts'

beforeAll(async () => {
  await beginWithTmdb()
  await look(known('movie', 1000))
})
beforeEach(passDay)

describe('the sync of what changed', () => {
  it('looks again at what was looked at before, and at nothing else', async () => {
    await tellWorld({ changed: [1000, 1020, 1021], overview: 'New words.' })
    expect(await sync()).toMatchObject({ titles: 1, isDone: true })
    expect(
      await rows("select overview from titles where id in ('tmdb-movie-1000', 'tmdb-movie-1020') order by id"),
    ).toEqual([{ overview: 'New words.' }, { overview: 'Words.' }])
  })

  it('rests for an hour after a whole run', async () => {
    await sync()
    await tellWorld()
    expect(await sync()).toMatchObject({ titles: 0, isDone: false })
    expect((await tellWorld()).asked).toBe(0)
  })

  it('that was cut off half-way goes on where it stopped, and ends with the same', async () => {
    const many = Array.from({ length: 12 }, (_, at) => 1020 + at)
    for (const id of many) await look(known('movie', id))
    passDay()
    await tellWorld({ changed: many, overview: 'Third words.' })
    await addFault({ path: '/3/movie/1026', times: 1, status: 503 })
    const first = await sync()
    expect(first.isDone).toBe(false)
    const state = await readSyncState(edgeNow().edge, 'tmdb:changes:movie')
    expect(state).toMatchObject({ lastError: 'TMDB: away', failures: 1 })
    expect(await sync()).toMatchObject({ isDone: true })
    expect(await count("titles where overview = 'Third words.' and kind = 'movie' and details_at is not null")).toBe(12)
    expect(await readSyncState(edgeNow().edge, 'tmdb:changes:movie')).toMatchObject({ lastError: null, cursor: null })
  })

  it('asks no more than a Worker may in one run, and never more than forty in a second', async () => {
    await tellWorld({ movies: 145 })
    const many = Array.from({ length: 60 }, (_, at) => 1050 + at)
    await addOld(many)
    await tellWorld({ changed: many })
    const { titles, isDone } = await sync()
    const told = await tellWorld()
    expect([told.asked, isDone]).toEqual([40, false])
    expect(told.busiest).toBeLessThanOrEqual(40)
    expect(await count("titles where name = 'x'")).toBe(60 - titles)
    await tellWorld({ movies: 45, changed: [] })
    await env.DB.prepare("delete from sync_states where name = 'tmdb:changes:movie'").run()
  })

  it('stops when the day’s rows are used up, and goes on tomorrow', async () => {
    await tellWorld({ changed: [1000], overview: 'Fourth words.' })
    const today = new Date(secondsNow() * 1000).toISOString().slice(0, 10)
    await env.DB.prepare("update sync_states set rows_written = ?, written_on = ? where name = 'tmdb:writes'")
      .bind(DAY_ROWS, today)
      .run()
    expect(await sync()).toMatchObject({ titles: 0, isDone: false })
    passDay()
    expect(await sync()).toMatchObject({ titles: 1, isDone: true })
  })

  it('never writes more than the day has left', async () => {
    const many = Array.from({ length: 35 }, (_, at) => 1110 + at)
    await addOld(many)
    await tellWorld({ movies: 145, changed: many })
    const today = new Date(secondsNow() * 1000).toISOString().slice(0, 10)
    await env.DB.prepare("update sync_states set rows_written = ?, written_on = ? where name = 'tmdb:writes'")
      .bind(DAY_ROWS - 1000, today)
      .run()
    const { titles, isDone } = await sync()
    expect([titles > 0, isDone]).toEqual([true, false])
    expect((await readSyncState(edgeNow().edge, 'tmdb:writes'))?.rowsWritten).toBeLessThanOrEqual(DAY_ROWS)
    await tellWorld({ movies: 45, changed: [] })
    await env.DB.prepare("delete from sync_states where name = 'tmdb:changes:movie'").run()
  })

  it('begins anew after a cursor that makes no sense', async () => {
    await tellWorld({ changed: [1000], overview: 'Fifth words.' })
    await saveSyncState(edgeNow().edge, 'tmdb:changes:movie', { cursor: '{"day":"never"}' })
    expect(await sync()).toMatchObject({ titles: 1, isDone: true })
  })
})

describe('two titles that TMDB makes one', () => {
  const watch = (titleId: string, seconds: number, atMs: number) =>
    env.DB.prepare(
      'insert into progress (viewer_id, person_id, title_id, position_seconds, duration_seconds, watched_at_ms) select id, id, ?, ?, 100, ? from users limit 1',
    )
      .bind(titleId, seconds, atMs)
      .run()

  it('keep everybody’s progress when the old number is gone: the newest of the two', async () => {
    for (const id of [1030, 1031]) await look(known('movie', id))
    passDay()
    await watch('tmdb-movie-1030', 70, 2000)
    await watch('tmdb-movie-1031', 20, 1000)
    await env.DB.prepare(
      "insert into sources (id, title_id, provider, info_hash) values ('s-old', 'tmdb-movie-1030', 'test', 'h')",
    ).run()
    await tellWorld({ gone: [1030], imdb: { 1031: 'tt0001030' }, changed: [1030, 1031] })
    await sync()
    expect(await count("titles where id = 'tmdb-movie-1030'")).toBe(0)
    expect(await rows("select position_seconds at from progress where title_id = 'tmdb-movie-1031'")).toEqual([
      { at: 70 },
    ])
    expect(
      await rows("select title_id from external_ids where value in ('1030', 'tt0001030') order by scheme"),
    ).toEqual([{ title_id: 'tmdb-movie-1031' }, { title_id: 'tmdb-movie-1031' }])
    expect(
      await rows(
        "select title_id, available_at is not null has from sources join titles on titles.id = title_id where sources.id = 's-old'",
      ),
    ).toEqual([{ title_id: 'tmdb-movie-1031', has: 1 }])
    // A list that still names the old number means the one that stays.
    await refreshLists(edgeNow().edge)
    expect(await count("titles where id = 'tmdb-movie-1030'")).toBe(0)
  })

  it('are one when the old number answers as the new one', async () => {
    for (const id of [1032, 1033]) await look(known('movie', id))
    passDay()
    await watch('tmdb-movie-1032', 30, 3000)
    await tellWorld({ gone: [], answersAs: { 1032: 1033 }, changed: [1032] })
    await sync()
    expect(await count("titles where id = 'tmdb-movie-1032'")).toBe(0)
    expect(await rows("select position_seconds at from progress where title_id = 'tmdb-movie-1033'")).toEqual([
      { at: 30 },
    ])
    await tellWorld({ answersAs: {} })
  })

  it('take nothing from a film of the household’s own: the other one goes', async () => {
    await env.DB.prepare("insert or replace into external_ids values ('tmdb:movie', '1013', 'sintel-2010')").run()
    await look({ ...known('movie', 1013), id: 'sintel-2010' })
    await look(known('movie', 1014))
    passDay()
    await watch('tmdb-movie-1014', 40, 4000)
    await tellWorld({ answersAs: { 1013: 1014 }, changed: [1013] })
    await sync()
    expect(await count("titles where id = 'tmdb-movie-1014'")).toBe(0)
    expect(await rows("select name, licence from titles where id = 'sintel-2010'")).toEqual([
      { name: 'Sintel', licence: 'CC BY 3.0' },
    ])
    expect(await count("sources where title_id = 'sintel-2010'")).toBe(1)
    expect(await rows("select position_seconds at from progress where title_id = 'sintel-2010'")).toEqual([{ at: 40 }])
    expect(await rows("select title_id from external_ids where scheme = 'tmdb:movie' and value = '1014'")).toEqual([
      { title_id: 'sintel-2010' },
    ])
    await tellWorld({ answersAs: {}, changed: [] })
  })

  it('stay two while both are there, whatever their IMDb ids say', async () => {
    for (const id of [1034, 1035]) await look(known('movie', id))
    passDay()
    await tellWorld({ imdb: { 1035: 'tt0001034' }, changed: [1035] })
    await sync()
    expect(await count("titles where id in ('tmdb-movie-1034', 'tmdb-movie-1035')")).toBe(2)
    await tellWorld({ imdb: {}, changed: [] })
  })

  it('a title that is gone stays with its progress', async () => {
    await look(known('movie', 1036))
    passDay()
    await watch('tmdb-movie-1036', 10, 1000)
    await tellWorld({ gone: [1036], changed: [1036] })
    expect(await sync()).toMatchObject({ isDone: true })
    expect(await count("progress where title_id = 'tmdb-movie-1036'")).toBe(1)
  })
})
