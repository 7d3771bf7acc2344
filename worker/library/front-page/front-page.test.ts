/** The front page: everything in one answer and one round trip, for this viewer. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { asPerson } from '../../auth/viewer.ts'
import { openDb } from '../../db.ts'
import { type Browser, callEdge, setUp } from '../../testing/call-edge.ts'
import { countingDatabase } from '../../testing/count-rows.ts'
import { testEdge } from '../../testing/test-edge.ts'
import type { FrontPage } from './answers.ts'
import { readFrontPage } from './read-front-page.ts'

let admin: Browser
const read = async () => (await callEdge('/api/front-page', { token: admin.accessToken })).json<FrontPage>()
const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run()
const insertTitle = (id: string, more: Record<string, unknown> = {}) => {
  const row = { id, kind: 'movie', name: id, overview: '', licence: '', credit: '', ...more }
  const columns = Object.keys(row)
  return run(
    `insert into titles (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    ...Object.values(row),
  )
}
const watched = (titleId: string, sourceId: string, positionSeconds: number, atMs: number, state = 'open') =>
  run(
    'insert into progress (viewer_id, person_id, title_id, source_id, position_seconds, duration_seconds, watched_at_ms, state) values (?1, ?1, ?2, ?3, ?4, 1000, ?5, ?6)',
    admin.person.id,
    titleId,
    sourceId,
    positionSeconds,
    atMs,
    state,
  )

beforeAll(async () => {
  admin = await setUp()
  await insertTitle('lanterns', { kind: 'show' })
  for (const [season, episode, date] of [
    [1, 1, '2020-01-01'],
    [1, 2, '2020-01-08'],
    [2, 1, '2020-02-01'],
    [2, 2, '2999-01-01'],
  ]) {
    const place = { show_id: 'lanterns', season_number: season, episode_number: episode, released_on: date }
    await insertTitle(`lanterns-${season}-${episode}`, { kind: 'episode', ...place })
  }
})

describe('the front page', () => {
  it('shows what is at home to somebody who has just come in, and no empty row', async () => {
    const { continueWatching, nextUp, rows } = await read()
    expect([continueWatching, nextUp]).toEqual([[], []])
    expect(rows.map(({ id }) => id)).toEqual(['shelf'])
    expect(rows[0]?.titles.map(({ name }) => name)).toContain('Sintel')
  })

  it('goes on with what was begun: each title once, newest first; not what is finished or was taken out', async () => {
    await insertTitle('done')
    await insertTitle('hidden')
    await watched('sintel-2010', 'one', 100, 1000)
    await watched('sintel-2010', 'two', 300, 3000)
    await watched('lanterns-1-1', '', 200, 2000)
    await watched('done', '', 950, 4000)
    await watched('hidden', '', 100, 5000, 'hidden')
    const { continueWatching } = await read()
    expect(continueWatching.map(({ title, positionSeconds }) => [title.id, positionSeconds])).toEqual([
      ['sintel-2010', 300],
      ['lanterns-1-1', 200],
    ])
    expect(continueWatching[1]?.episode).toEqual({
      ...{ showId: 'lanterns', showName: 'lanterns', seasonNumber: 1, episodeNumber: 1 },
    })
  })

  it('begins with what came home last, and for a child with the last of what it may see', async () => {
    await insertTitle('just-come')
    await run("update titles set available_at = 4000000000, minimum_age_years = 12 where id = 'just-come'")
    await run("update titles set available_at = 3000000000, minimum_age_years = 6 where id = 'done'")
    const featured = async (capYears: number | null) =>
      (await readFrontPage(testEdge(1), { ...asPerson(admin.person.id), capYears })).featured?.id
    expect([await featured(null), await featured(12), await featured(6), await featured(5)]).toEqual([
      ...['just-come', 'just-come', 'done'],
      undefined,
    ])
    await run("update titles set available_at = null, minimum_age_years = null where id in ('just-come', 'done')")
  })

  it('has the next episode of each show, also over the end of a season, and none that is not out', async () => {
    const upTo = (season: number, episode: number) =>
      run(
        `insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
         values (?1, ?1, 'lanterns', ?2, ?3, 1) on conflict do update set season_number = ?2, episode_number = ?3`,
        admin.person.id,
        season,
        episode,
      )
    for (const [season, episode, next] of [
      [1, 1, 'lanterns-1-2'],
      [1, 2, 'lanterns-2-1'],
      [2, 1, undefined],
    ] as const) {
      await upTo(season, episode)
      expect((await read()).nextUp[0]?.title.id).toBe(next)
    }
  })

  it('looks for the next episode in the shows watched last, however many there were', async () => {
    const numbers = JSON.stringify(Array.from({ length: 300 }, (_, at) => at))
    await run(
      `insert into titles (id, kind, name, overview, licence, credit)
       select 'ended-' || value, 'show', 'Ended', '', '', '' from json_each(?)`,
      numbers,
    )
    await run(
      `insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
       select ?1, ?1, 'ended-' || value, 9, 9, 10 + value from json_each(?2)`,
      admin.person.id,
      numbers,
    )
    const { database, cost } = countingDatabase(env.DB)
    const { nextUp } = await readFrontPage({ ...testEdge(1), db: openDb(database) }, asPerson(admin.person.id))
    expect(cost.rowsRead).toBeLessThan(300)
    expect(nextUp).toEqual([])
    await run("delete from titles where name = 'Ended'")
  })

  it('has rows of the watchlist, own lists, built-in lists, and what is like the film watched last', async () => {
    const put = (list: string, titleId: string) =>
      callEdge(`/api/lists/${list}/titles/${titleId}`, {
        method: 'PUT',
        token: admin.accessToken,
        json: { after: null },
      })
    await insertTitle('similar')
    await run(
      "insert into title_details (title_id, certifications, videos, recommendations) values ('sintel-2010', '{}', '[]', '[\"similar\"]')",
    )
    await run(
      "insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin) values (?1, ?1, 'sintel-2010', 1, 'marked')",
      admin.person.id,
    )
    await run(
      "insert into media_lists (id, kind, name, item_count, created_at, changed_at) values ('trending-movies', 'builtin', 'Trending films', 1, 1, 1)",
    )
    await run(
      "insert into list_items (list_id, title_id, rank, added_at) values ('trending-movies', 'done', '0000', 1)",
    )
    const made = await callEdge('/api/lists', { token: admin.accessToken, json: { name: 'Rainy days' } })
    await put((await made.json<{ id: string }>()).id, 'hidden')
    await put('watchlist', 'similar')
    const { rows } = await read()
    expect(rows.map(({ name, titles }) => [name, titles[0]?.id])).toEqual([
      ['Watchlist', 'similar'],
      ['Because you watched Sintel', 'similar'],
      ['Rainy days', 'hidden'],
      ['Trending films', 'done'],
      ['At home', expect.any(String)],
    ])
  })

  it('names what is like a film to nobody who may no longer see that film, and speaks their language', async () => {
    await run(`update titles set minimum_age_years = 6 where id = 'similar'`)
    await run(
      `update titles set minimum_age_years = 12, names = '{"de":"Die Drachenreiterin"}' where id = 'sintel-2010'`,
    )
    const because = async (capYears: number | null, language: string | null = null) => {
      const viewer = { ...asPerson(admin.person.id), capYears, language }
      return (await readFrontPage(testEdge(1), viewer)).rows.find(({ id }) => id === 'because')?.name
    }
    expect(await because(12)).toBe('Because you watched Sintel')
    expect(await because(null, 'de')).toBe('Because you watched Die Drachenreiterin')
    expect(await because(6)).toBeUndefined()
  })

  it('has what is like a show of whoever watched one of its episodes', async () => {
    await run(
      "insert into title_details (title_id, certifications, videos, recommendations) values ('lanterns', '{}', '[]', '[\"similar\"]')",
    )
    await run(
      "insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin) values (?1, ?1, 'lanterns-1-1', 2, 'marked')",
      admin.person.id,
    )
    expect((await read()).rows).toContainEqual(expect.objectContaining({ name: 'Because you watched lanterns' }))
  })
})
