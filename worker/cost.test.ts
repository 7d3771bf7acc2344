/**
 * What each path costs in D1 (rows read and written, round trips): cost is a feature, and here it is written down.
 * Indexes count as rows written, as D1 bills them. Durable Object calls are named in the titles.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import app from './app.ts'
import { forgetViews } from './cache/brief-views.ts'
import { DEFAULT_PREFERENCES } from './library/preferences.ts'
import type { StreamReady } from './playback/answers.ts'
import { ADMIN, type Browser, cookieOf, ORIGIN, signInAs } from './testing/call-edge.ts'
import { countingDatabase } from './testing/count-rows.ts'
import { agreeable, makeHousehold } from './testing/play.ts'

let browser: Browser
let stream: StreamReady

beforeAll(async () => {
  const { agent } = await makeHousehold()
  agent.answer(agreeable)
  browser = await signInAs(ADMIN.email, ADMIN.password)
})

type Call = { method?: string; json?: object; cookie?: string; token?: string }

/** The bill of one request, sent as our page sends it, to an edge that knows nothing of the session yet. */
async function costOf(path: string, { method, json, cookie, token }: Call) {
  forgetViews()
  const { database, cost } = countingDatabase(env.DB)
  const headers = new Headers({ 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' })
  if (cookie) headers.set('cookie', cookie)
  if (token) headers.set('authorization', `Bearer ${token}`)
  const ctx = createExecutionContext()
  const request = new Request(ORIGIN + path, {
    method: method ?? (json ? 'POST' : 'GET'),
    headers,
    ...(json && { body: JSON.stringify(json) }),
  })
  const response = await app.fetch(request, { ...env, DB: database }, ctx)
  await waitOnExecutionContext(ctx)
  const { queries: _queries, ...bill } = cost
  return { response, bill }
}

it('health reads nothing', async () => {
  const { bill } = await costOf('/health', {})
  expect(bill).toEqual({ calls: 1, rowsRead: 0, rowsWritten: 0 })
})

it('sign-in: the account by its address, one hash, the account again, and one batch that keeps five devices (two guards)', async () => {
  const json = { email: ADMIN.email, password: ADMIN.password }
  const { response, bill } = await costOf('/api/auth/sign-in', { json })
  expect(response.status).toBe(200)
  expect(bill).toEqual({ calls: 3, rowsRead: 14, rowsWritten: 9 })
})

it('refresh: one round trip; the update reads the session, and both rows are read after it', async () => {
  const call = { method: 'POST', cookie: browser.cookie }
  const { response, bill } = await costOf(`/api/auth/refresh/${browser.sessionId}`, call)
  expect(cookieOf(response)).toBeDefined()
  expect(bill).toEqual({ calls: 1, rowsRead: 3, rowsWritten: 1 })
})

it('who am I: the session and the person by primary key, as in every authorised request, then their factors', async () => {
  const { bill } = await costOf('/api/me', { token: browser.accessToken })
  expect(bill).toEqual({ calls: 2, rowsRead: 3, rowsWritten: 0 })
})

it('the front page: one round trip for all its rows', async () => {
  const { bill } = await costOf('/api/front-page', { token: browser.accessToken })
  expect(bill.calls).toBe(2)
  expect(bill.rowsRead).toBeLessThan(40)
  expect(bill.rowsWritten).toBe(0)
})

it('browse: that, and each title of the page once', async () => {
  const { bill } = await costOf('/api/titles', { token: browser.accessToken })
  expect(bill).toEqual({ calls: 2, rowsRead: 6, rowsWritten: 0 })
})

it('saving progress, the first time and every time after', async () => {
  const json = { positionSeconds: 10, durationSeconds: 100, watchedAtMs: 1 }
  const call = { method: 'PUT', token: browser.accessToken }
  const first = await costOf('/api/progress/sintel-2010', { ...call, json })
  expect(first.bill).toEqual({ calls: 3, rowsRead: 3, rowsWritten: 4 })
  const next = await costOf('/api/progress/sintel-2010', { ...call, json: { ...json, watchedAtMs: 2 } })
  expect(next.bill).toEqual({ calls: 3, rowsRead: 3, rowsWritten: 2 })
})

it('preferences: read by primary key, written as one row', async () => {
  const { bill } = await costOf('/api/preferences', { token: browser.accessToken })
  expect(bill).toEqual({ calls: 2, rowsRead: 2, rowsWritten: 0 })
  const json = { ...DEFAULT_PREFERENCES, audioLanguages: ['de'] }
  const call = { method: 'PUT', token: browser.accessToken, json }
  const first = await costOf('/api/preferences', call)
  expect(first.bill).toEqual({ calls: 2, rowsRead: 2, rowsWritten: 2 })
  const next = await costOf('/api/preferences', call)
  expect(next.bill).toEqual({ calls: 2, rowsRead: 3, rowsWritten: 1 })
})

it('Play: one grant written; the hub is called twice (presence, open)', async () => {
  const json = { titleId: 'sintel-2010', startSeconds: 0 }
  const { response, bill } = await costOf('/api/streams', { token: browser.accessToken, json })
  stream = await response.json()
  expect(bill).toEqual({ calls: 4, rowsRead: 7, rowsWritten: 4 })
})

it('renewing: one row written; the hub of each agent is called once (presence)', async () => {
  const call = { method: 'POST', token: browser.accessToken }
  const { bill } = await costOf(`/api/streams/${stream.streamId}/renew`, call)
  expect(bill).toEqual({ calls: 2, rowsRead: 5, rowsWritten: 1 })
})

it('adding a subtitle: one row that counts it; the hub is called once (add-subtitle)', async () => {
  const json = { name: 'Mine', format: 'srt', file: 'QQ' }
  const call = { token: browser.accessToken, json }
  const { response, bill } = await costOf(`/api/streams/${stream.streamId}/subtitles`, call)
  expect(response.status).toBe(201)
  expect(bill).toEqual({ calls: 3, rowsRead: 4, rowsWritten: 2 })
})

it('leaving: one row written; the hub is called twice (revoke, close)', async () => {
  const call = { method: 'DELETE', token: browser.accessToken }
  const { bill } = await costOf(`/api/streams/${stream.streamId}`, call)
  expect(bill).toEqual({ calls: 3, rowsRead: 5, rowsWritten: 1 })
})

it('sign-in as the sixth device: no more after twenty others, because what ended is not read', async () => {
  const json = { email: ADMIN.email, password: ADMIN.password }
  for (let i = 0; i < 20; i++) await signInAs(ADMIN.email, ADMIN.password)
  // What is ended is found again by a random word, and the word after it is looked at too: so that there is always one.
  await env.DB.prepare(
    "update sessions set revocation = '~' where id = (select id from sessions where revocation is not null limit 1)",
  ).run()
  const { bill: many } = await costOf('/api/auth/sign-in', { json })
  expect(many).toEqual({ calls: 5, rowsRead: 31, rowsWritten: 17 })
})
