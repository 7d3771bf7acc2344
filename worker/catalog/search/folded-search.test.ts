/** What a search remembers of TMDB, when two titles turn out to be one: the writer says so, and the one that stays is found. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { asPerson } from '../../auth/viewer.ts'
import { moveLibrary } from '../../library/merge-titles.ts'
import { setUp } from '../../testing/call-edge.ts'
import { freshGate, tellWorld, tmdbEdge } from '../../testing/tmdb-stand-in.ts'
import { nowSeconds } from '../../testing/walk-ways.ts'
import { syncChanges } from '../tmdb/sync-changes.ts'
import { search } from './search.ts'

beforeAll(async () => {
  await setUp()
})

it('asks again for what rests on a title that is no more', async () => {
  const gate = freshGate()
  const now = nowSeconds()
  const found = async (seconds: number) => {
    const { edge, settled } = tmdbEdge(now + seconds, gate)
    const { results } = await search(edge, asPerson('ada'), { q: 'hidden lantern', scope: 'all' })
    await settled()
    return results.map(({ id }) => id)
  }
  await tellWorld({ movies: 12, shows: 0, bare: [], gone: [], changed: [], imdb: {}, answersAs: {} })
  const { edge } = tmdbEdge(now, gate)
  await search(edge, asPerson('ada'), { q: 'crimson lantern', scope: 'all' })
  const [asked] = await found(0)
  expect(asked).toBe('tmdb-movie-1002')
  expect((await tellWorld()).paths).toHaveLength(2)
  expect(await found(60)).toEqual([asked])
  expect((await tellWorld()).paths).toEqual([])

  const other = await env.DB.prepare(
    "select id from titles where id <> 'tmdb-movie-1002' and id like 'tmdb-%' limit 1",
  ).first<{
    id: string
  }>()
  const into = Number(other?.id.split('-').at(-1))
  await env.DB.prepare('update titles set details_at = 1').run()
  await tellWorld({ changed: [1002], answersAs: { 1002: into } })
  const day = tmdbEdge(now + 120, gate)
  await syncChanges(day.edge, 'movie', moveLibrary)
  await day.settled()
  expect(await env.DB.prepare("select id from titles where id = 'tmdb-movie-1002'").first()).toBeNull()
  await tellWorld()
  await found(180)
  expect(await found(200)).toEqual([other?.id])
  expect((await tellWorld()).paths).toEqual(['/3/search/multi'])
  await tellWorld({ changed: [], answersAs: {} })
})
