/** Recent searches: each once, the last eight, one's own, and gone when they shall be. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { asPerson } from '../../auth/viewer.ts'
import { type Browser, callEdge, refusal, setUp } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { listSearches, rememberSearch } from './recent-searches.ts'

let admin: Browser
const call = (method: string, json?: object) =>
  callEdge('/api/searches', { method, token: admin.accessToken, ...(json && { json }) })
const list = async () => (await (await call('GET')).json<{ searches: string[] }>()).searches

beforeAll(async () => {
  admin = await setUp()
})

it('keeps the last eight, each once, the last first', async () => {
  const viewer = asPerson(admin.person.id)
  for (let at = 0; at < 12; at++) await rememberSearch(testEdge(at), viewer, `film ${at}`)
  await rememberSearch(testEdge(20), viewer, 'film 7')
  expect(await list()).toEqual([7, 11, 10, 9, 8, 6, 5, 4].map((n) => `film ${n}`))
  expect(await env.DB.prepare('select count(*) n from recent_searches').first('n')).toBe(8)
})

it('is each viewer’s own', async () => {
  expect(await listSearches(testEdge(30), { ...asPerson(admin.person.id), id: 'profile' })).toEqual([])
})

it('takes what somebody would type, and forgets', async () => {
  expect((await call('POST', { text: '  Sintel ' })).status).toBe(204)
  expect(await list()).toContain('Sintel')
  expect(await refusal(await call('POST', { text: 'x' }))).toEqual([400, 'invalid'])
  expect((await call('DELETE')).status).toBe(204)
  expect(await list()).toEqual([])
})
