/** What was watched, over HTTP: pages, marks by film, season and show, what comes next, and each viewer's own. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetViews } from '../../cache/brief-views.ts'
import { callEdge, refusal } from '../../testing/call-edge.ts'
import { addTitles } from '../../testing/trakt-person.ts'
import { addPerson, tokenOf } from '../../testing/walk-ways.ts'
import type { FollowingEpisode } from '../answers.ts'
import type { FrontPage } from '../front-page/answers.ts'
import type { HistoryPage } from './answers.ts'

let [id, token, sessionId] = ['', '', '']
beforeAll(addTitles)
beforeEach(async () => {
  id = await addPerson()
  ;({ token, sessionId } = await tokenOf(id))
})

const page = async (cursor = '') =>
  (await callEdge(`/api/history${cursor && `?cursor=${cursor}`}`, { token })).json<HistoryPage>()
const names = async () => (await page()).items.map(({ title }) => title.id).sort()
const mark = (titleId: string, isWatched = true, seasonNumber?: number) =>
  callEdge('/api/history/marks', {
    token,
    json: { titleId, isWatched, ...(seasonNumber !== undefined && { seasonNumber }) },
  })
const next = async (titleId: string) =>
  (await callEdge(`/api/progress/${titleId}/next`, { token })).json<FollowingEpisode | null>()
const watch = (titleId: string, watchedAtMs: number) =>
  callEdge(`/api/progress/${titleId}`, {
    method: 'PUT',
    token,
    json: { positionSeconds: 950, durationSeconds: 1000, watchedAtMs },
  })
const lastOfShow = () =>
  env.DB.prepare('select season_number s, episode_number e from show_progress where viewer_id = ?').bind(id).first()
/** As if the profile had been opened elsewhere, some seconds ago. */
async function watchAs(profileId: string | null): Promise<void> {
  await env.DB.prepare('update sessions set profile_id = ? where id = ?').bind(profileId, sessionId).run()
  forgetViews()
}
const season = (number: number) => [1, 2, 3].map((episode) => `harbour-${number}-${episode}`)

describe('the history', () => {
  it('is empty before anything was watched', async () => {
    expect(await page()).toEqual({ items: [], next: null })
  })

  it('says what was watched and when, an episode with its show', async () => {
    await watch('bunny', 1000)
    await watch('harbour-1-2', 2000)
    const { items } = await page()
    expect(items).toMatchObject([
      {
        title: { id: 'harbour-1-2', kind: 'episode', name: 'Night 1.2' },
        episode: { showId: 'harbour', showName: 'Harbour Lights', seasonNumber: 1, episodeNumber: 2 },
        watchedAtMs: 2000,
        origin: 'porchlight',
      },
      { title: { id: 'bunny' }, episode: null, watchedAtMs: 1000 },
    ])
  })

  it('speaks the language of who watches: of a film, a show and the episode after', async () => {
    const names = env.DB.prepare('update titles set names = ? where id = ?')
    const german = { bunny: 'Hase', harbour: 'Hafenlichter', 'harbour-1-2': 'Nacht 1.2', 'harbour-1-3': 'Nacht 1.3' }
    await env.DB.batch(Object.entries(german).map(([title, de]) => names.bind(JSON.stringify({ de }), title)))
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) values (?, ?, 'Uli', 'fox', 'de-AT', 0)",
    )
      .bind(`uli-${id}`, id)
      .run()
    await watchAs(`uli-${id}`)
    await watch('bunny', 1000)
    await watch('harbour-1-2', 2000)
    const { items } = await page()
    expect(items.map(({ title, episode }) => [title.name, episode?.showName])).toEqual([
      ['Nacht 1.2', 'Hafenlichter'],
      ['Hase', undefined],
    ])
    expect(await next('harbour-1-2')).toMatchObject({
      title: { name: 'Nacht 1.3' },
      episode: { showName: 'Hafenlichter' },
    })
    const { nextUp } = await (await callEdge('/api/front-page', { token })).json<FrontPage>()
    expect(nextUp).toMatchObject([{ title: { name: 'Nacht 1.3' }, episode: { showName: 'Hafenlichter' } }])
    await env.DB.prepare('update titles set names = null').run()
  })

  it('gives every viewing once, in order, whatever times they have', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { minLength: 0, maxLength: 130 }), async (times) => {
        await env.DB.prepare('delete from watch_events where viewer_id = ?').bind(id).run()
        await env.DB.prepare(
          `insert or ignore into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin)
           select ?1, ?1, case value % 3 when 0 then 'bunny' when 1 then 'sintel' else 'steel' end, value / 3, 'marked' from json_each(?2)`,
        )
          .bind(id, JSON.stringify(times))
          .run()
        const seen: string[] = []
        let cursor: string | null = ''
        while (cursor !== null) {
          const { items, next: following }: HistoryPage = await page(cursor)
          seen.push(...items.map(({ title, watchedAtMs }) => `${String(watchedAtMs).padStart(6, '0')} ${title.id}`))
          cursor = following
        }
        expect(seen).toEqual([...seen].sort().reverse())
        expect(seen).toHaveLength(new Set(times).size)
      }),
      { numRuns: 8 },
    )
  })

  it('loses one viewing when it is taken out, and no other', async () => {
    for (const at of [1000, 5_000_000]) await watch('bunny', at)
    // Within the life of one viewing it is one; these two are evenings apart.
    await env.DB.prepare("insert into watch_events values (?, ?, 'bunny', 9999999, 'trakt', 7)").bind(id, id).run()
    const before = (await page()).items
    const gone = before[0]
    await callEdge(`/api/history/bunny/${gone?.watchedAtMs}`, { method: 'DELETE', token })
    expect((await page()).items).toEqual(before.slice(1))
  })

  it('is each viewer’s own: neither another person’s nor another profile’s', async () => {
    await watch('bunny', 1000)
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, created_at) values (?, ?, 'Kim', 'fox', 'en', 0)",
    )
      .bind(`kim-${id}`, id)
      .run()
    await watchAs(`kim-${id}`)
    expect(await names()).toEqual([])
    await watch('sintel', 1000)
    expect(await names()).toEqual(['sintel'])
    await mark('bunny', false)
    await watchAs(null)
    expect(await names()).toEqual(['bunny'])
  })

  it.each(['1', '1.', 'x.bunny', '-1.bunny', '1.bunny%27--'])('refuses the cursor %s', async (cursor) => {
    expect(await refusal(await callEdge(`/api/history?cursor=${cursor}`, { token }))).toEqual([400, 'invalid'])
  })

  it('is read along its key, however long it is', async () => {
    const plan = await env.DB.prepare(
      `explain query plan select * from watch_events as e join titles as t on t.id = e.title_id
       where e.viewer_id = 'v' and (e.watched_at_ms, e.title_id) < (5, 'x') order by e.watched_at_ms desc, e.title_id desc limit 51`,
    ).all<{ detail: string }>()
    const details = plan.results.map(({ detail }) => detail)
    expect(details.join('\n')).not.toMatch(/SCAN|TEMP B-TREE/)
  })
})

describe('marking', () => {
  it('a film watched puts it into the history and out of what to continue, and back', async () => {
    await callEdge('/api/progress/bunny', {
      method: 'PUT',
      token,
      json: { positionSeconds: 100, durationSeconds: 1000, watchedAtMs: 1000 },
    })
    expect((await mark('bunny')).status).toBe(204)
    expect((await page()).items).toMatchObject([{ title: { id: 'bunny' }, origin: 'marked' }])
    const { continueWatching } = await (await callEdge('/api/front-page', { token })).json<FrontPage>()
    expect(continueWatching).toEqual([])
    await mark('bunny', false)
    expect(await names()).toEqual([])
    expect(await (await callEdge('/api/progress/bunny', { token })).json()).toBeNull()
  })

  it('says how much of a title was watched', async () => {
    const part = async (titleId: string) => (await callEdge(`/api/history/marks/${titleId}`, { token })).json()
    expect([await part('bunny'), await part('harbour')]).toEqual([
      { watched: 0, of: 1 },
      { watched: 0, of: 6 },
    ])
    await mark('harbour', true, 1)
    await mark('bunny')
    expect([await part('bunny'), await part('harbour')]).toEqual([
      { watched: 1, of: 1 },
      { watched: 3, of: 6 },
    ])
    expect(await part('nothing')).toEqual({ watched: 0, of: 0 })
  })

  it('a season watched is each of its episodes, and what comes next is the one after', async () => {
    await mark('harbour', true, 1)
    expect(await names()).toEqual(season(1))
    expect(await lastOfShow()).toEqual({ s: 1, e: 3 })
  })

  it('an earlier season does not take a viewer back', async () => {
    await watch('harbour-2-2', 1000)
    await mark('harbour', true, 1)
    expect(await lastOfShow()).toEqual({ s: 2, e: 2 })
  })

  it('a season unwatched goes back to the last episode that is left', async () => {
    await mark('harbour')
    expect(await names()).toEqual([...season(1), ...season(2)])
    await mark('harbour', false, 2)
    expect(await names()).toEqual(season(1))
    expect(await lastOfShow()).toMatchObject({ s: 1 })
    await mark('harbour', false)
    expect(await lastOfShow()).toBeNull()
  })

  it('keeps when an episode was really watched', async () => {
    await watch('harbour-1-1', 1000)
    await mark('harbour', true, 1)
    const first = (await page()).items.find(({ title }) => title.id === 'harbour-1-1')
    expect(first).toMatchObject({ watchedAtMs: 1000, origin: 'porchlight' })
  })

  it('a special, watched or marked, does not take a viewer back to the first season', async () => {
    await env.DB.prepare(
      "insert into titles (id, kind, name, overview, licence, credit, show_id, season_number, episode_number) values ('harbour-0-1', 'episode', 'Special', '', '', '', 'harbour', 0, 1)",
    ).run()
    await mark('harbour', true, 0)
    expect(await lastOfShow()).toBeNull()
    await mark('harbour', false, 0)
    await watch('harbour-1-2', 1000)
    await watch('harbour-0-1', 2000)
    expect(await lastOfShow()).toEqual({ s: 1, e: 2 })
    await mark('harbour-1-2', false)
    expect(await lastOfShow()).toBeNull()
    await env.DB.prepare("delete from titles where id = 'harbour-0-1'").run()
  })

  it('leaves out what was not shown yet', async () => {
    await env.DB.prepare("update titles set released_on = '2999-01-01' where id = 'harbour-2-3'").run()
    await mark('harbour')
    await env.DB.prepare("update titles set released_on = null where id = 'harbour-2-3'").run()
    expect(await names()).toEqual([...season(1), 'harbour-2-1', 'harbour-2-2'])
  })

  it('is refused for a title that there is not', async () => {
    expect(await refusal(await mark('nothing'))).toEqual([404, 'not_found'])
  })

  it('reaches nothing above a child’s cap', async () => {
    await env.DB.prepare(
      "insert into profiles (id, user_id, name, avatar, language, rating_cap, created_at) values (?, ?, 'Kit', 'fox', 'en', 6, 0)",
    )
      .bind(`kit-${id}`, id)
      .run()
    await watch('bunny', 1000)
    await watchAs(`kit-${id}`)
    await env.DB.prepare("update titles set minimum_age_years = 6 where id in ('harbour', 'harbour-1-1')").run()
    expect(await refusal(await mark('bunny'))).toEqual([404, 'not_found'])
    await mark('harbour')
    expect(await names()).toEqual(['harbour-1-1'])
    expect(await next('harbour-1-1')).toBeNull()
    await env.DB.prepare('update titles set minimum_age_years = null').run()
  })
})

describe('the next episode', () => {
  it.each([
    ['harbour-1-1', 'harbour-1-2'],
    ['harbour-1-3', 'harbour-2-1'],
  ])('after %s is %s', async (titleId, expected) => {
    expect((await next(titleId))?.title.id).toBe(expected)
  })

  it('says whether it can be had from somewhere', async () => {
    expect((await next('harbour-1-1'))?.isAvailable).toBe(false)
    await env.DB.prepare(
      "insert into sources (id, title_id, provider, info_hash) values ('night', 'harbour-1-2', 'demo', ?)",
    )
      .bind('c'.repeat(40))
      .run()
    expect((await next('harbour-1-1'))?.isAvailable).toBe(true)
    await env.DB.prepare("delete from sources where id = 'night'").run()
  })

  it.each(['harbour-2-3', 'harbour', 'bunny', 'nothing'])('after %s there is none', async (titleId) => {
    expect(await next(titleId)).toBeNull()
  })
})
