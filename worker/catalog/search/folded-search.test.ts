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
  const ask = async (q: string, seconds: number) => {
    const { edge, settled } = tmdbEdge(now + seconds, gate)
    const { results } = await search(edge, asPerson('ada'), { q, scope: 'all' })
    await settled()
    return results.map(({ id }) => id)
  }
  /** Asked twice: the first may give up waiting for TMDB, or be told what is old while it is asked anew. */
  const found = async (seconds: number, q = 'hidden lantern') => {
    await ask(q, seconds)
    return ask(q, seconds + 1)
  }
  await tellWorld({ movies: 12, shows: 0, bare: [], gone: [], changed: [], imdb: {}, answersAs: {} })
  await found(0, 'crimson lantern')
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
  expect(await found(180)).toEqual([other?.id])
  expect((await tellWorld()).paths).toEqual(['/3/search/multi'])
  await tellWorld({ changed: [], answersAs: {} })
})
