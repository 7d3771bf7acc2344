/** Shows that somebody watches, over real HTTP (TMDB's stand-in): all their episodes are known, and nobody else's are asked for. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDb } from '../../db.ts'
import { wantedShows } from '../../library/wanted-shows.ts'
import { recordingDatabase, scansOf } from '../../testing/record-queries.ts'
import { beginWithTmdb, edgeNow, known, look, passDay, rows, secondsNow } from '../../testing/tmdb-days.ts'
import { addFault, tellWorld } from '../../testing/tmdb-stand-in.ts'
import { addPerson } from '../../testing/walk-ways.ts'
import { completeSeasons } from './complete-seasons.ts'
import { DAY_ROWS, readSyncState } from './sync-state.ts'

let person = ''
beforeAll(async () => {
  await beginWithTmdb()
  person = await addPerson()
})
beforeEach(async () => {
  passDay()
  await env.DB.batch(
    [
      "delete from titles where kind in ('season', 'episode')",
      "update titles set details_at = null where kind = 'show'",
      'delete from show_progress',
      'delete from media_lists',
    ].map((statement) => env.DB.prepare(statement)),
  )
  await tellWorld()
})

const watch = (tmdbId: number, atMs: number, isHidden = 0) =>
  env.DB.prepare('insert into show_progress values (?, ?, ?, 1, 1, ?, ?)')
    .bind(person, person, `tmdb-show-${tmdbId}`, atMs, isHidden)
    .run()
const list = (titleId: string) =>
  env.DB.batch([
    env.DB.prepare(
      "insert or ignore into media_lists (id, kind, person_id, viewer_id, name, created_at, changed_at) values (?, 'watchlist', ?, ?, 'Watchlist', 1, 1)",
    ).bind(`watchlist-${person}`, person, person),
    env.DB.prepare("insert into list_items (list_id, title_id, rank, added_at) values (?, ?, 'a', 1)").bind(
      `watchlist-${person}`,
      titleId,
    ),
  ])
const run = () => completeSeasons(edgeNow().edge, wantedShows)
const episodesOf = async (tmdbId: number) =>
  (
    await rows(
      "select season_number s, episode_number e from titles where show_id = ? and kind = 'episode' order by 1, 2",
      `tmdb-show-${tmdbId}`,
    )
  ).map(({ s, e }) => `${s}.${e}`)
const whole = [0, 1, 2].flatMap((season) => [1, 2, 3].map((episode) => `${season}.${episode}`))

describe('the seasons', () => {
  it('of a show that is watched become known, though nobody opened its page', async () => {
    await watch(1000, 5)
    expect(await run()).toEqual({ looks: 4, isDone: true })
    expect(await episodesOf(1000)).toEqual(whole)
    expect(await episodesOf(1001)).toEqual([])
    expect((await tellWorld()).paths).toEqual(['/3/tv/1000', ...[0, 1, 2].map((at) => `/3/tv/1000/season/${at}`)])
  })

  it('of a show on a watchlist, too, and of one whose episode is there', async () => {
    await list('tmdb-show-1001')
    await look(known('show', 1002))
    await list('tmdb-season-10021')
    for (const _ of ['some', 'the rest']) await run()
    expect([await episodesOf(1001), await episodesOf(1002)]).toEqual([whole, whole])
  })

  it('are not asked for of a show that was taken out of what comes next, nor of a film', async () => {
    await watch(1000, 5, 1)
    await list('tmdb-movie-1000')
    expect(await run()).toEqual({ looks: 0, isDone: true })
    expect((await tellWorld()).asked).toBe(0)
  })

  it('are asked for once; then the task rests for an hour', async () => {
    await watch(1000, 5)
    await run()
    await tellWorld()
    expect(await run()).toEqual({ looks: 0, isDone: false })
    await env.DB.prepare('update sync_states set synced_at = ? where name = ?')
      .bind(secondsNow() - 3600, 'tmdb:seasons')
      .run()
    expect(await run()).toEqual({ looks: 0, isDone: true })
    expect((await tellWorld()).asked).toBe(0)
  })

  it('of what was watched last come first, no more questions a run than there may be, the rest with the next', async () => {
    for (const [at, tmdbId] of [1000, 1001, 1002].entries()) await watch(tmdbId, 10 + at)
    expect(await run()).toEqual({ looks: 6, isDone: false })
    const paths = (await tellWorld()).paths
    expect(paths).toHaveLength(6)
    expect(paths.slice(0, 4)).toEqual(['/3/tv/1002', '/3/tv/1001', '/3/tv/1000', '/3/tv/1002/season/0'])
    expect(await run()).toEqual({ looks: 6, isDone: false })
    expect(await run()).toEqual({ looks: 0, isDone: true })
    for (const tmdbId of [1000, 1001, 1002]) expect(await episodesOf(tmdbId)).toEqual(whole)
  })

  it('that were looked at stay as they are, but for the last one of a show that has changed', async () => {
    await watch(1000, 5)
    await run()
    passDay()
    await look(known('show', 1000, 1))
    await tellWorld()
    expect(await run()).toEqual({ looks: 1, isDone: true })
    expect((await tellWorld()).paths).toEqual(['/3/tv/1000/season/2'])
  })

  it('that TMDB does not know are not asked for again', async () => {
    await watch(1000, 5)
    await addFault({ path: '/3/tv/1000/season/1', times: 1, status: 404 })
    expect(await run()).toEqual({ looks: 4, isDone: true })
    expect(await episodesOf(1000)).toEqual(whole.filter((one) => !one.startsWith('1.')))
  })

  it.each([
    ['away', { status: 503 }],
    ['in pieces', { status: 200, text: '{"episodes":[' }],
    ['asking for a pause', { status: 429, headers: { 'retry-after': '1' } }],
  ])('wait while TMDB is %s, and the next run goes on where this one stopped', async (_, fault) => {
    await watch(1000, 5)
    await addFault({ path: '/3/tv/1000/season/1', times: 1, ...fault })
    expect(await run()).toMatchObject({ isDone: false })
    expect(await readSyncState(edgeNow().edge, 'tmdb:seasons')).toMatchObject({ lastError: 'TMDB: away', failures: 1 })
    expect(await run()).toEqual({ looks: 2, isDone: true })
    expect(await episodesOf(1000)).toEqual(whole)
  })

  it('wait for tomorrow when the day’s rows are used up', async () => {
    await watch(1000, 5)
    const today = new Date(secondsNow() * 1000).toISOString().slice(0, 10)
    await env.DB.prepare(
      "insert into sync_states (name, rows_written, written_on) values ('tmdb:writes', ?1, ?2) on conflict do update set rows_written = ?1, written_on = ?2",
    )
      .bind(DAY_ROWS, today)
      .run()
    expect(await run()).toEqual({ looks: 0, isDone: false })
    expect((await tellWorld()).asked).toBe(0)
    passDay()
    expect(await run()).toMatchObject({ isDone: true })
  })

  it('are written within what is set aside for them', async () => {
    await watch(1000, 5)
    await env.DB.prepare("delete from sync_states where name = 'tmdb:writes'").run()
    await run()
    const [state] = await rows("select rows_written as n from sync_states where name = 'tmdb:writes'")
    // Four looks; each season has three episodes here, of the thirty that a look may pay for.
    expect(Number(state?.n)).toBeLessThan(4 * 120)
    expect(Number(state?.n)).toBeGreaterThan(0)
  })

  it('are found without reading a growing table from end to end', async () => {
    await watch(1000, 5)
    const { database, queries } = recordingDatabase(env.DB)
    const { edge } = edgeNow()
    await completeSeasons({ ...edge, env: { ...edge.env, DB: database }, db: openDb(database) }, wantedShows)
    const scans = (await Promise.all([...queries].map((query) => scansOf(env.DB, query)))).flat()
    expect(queries.size).toBeGreaterThan(3)
    // The household's own people, and what was already narrowed down.
    const bounded = /^SCAN (\(subquery-\d+\)|(it|users|profiles|viewers|w|wanted|json_each|CONSTANT ROW)\b)/
    expect(scans.filter((scan) => !bounded.test(scan))).toEqual([])
  })
})
