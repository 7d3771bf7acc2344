/** What Trakt's answers mean, from a stand-in over real HTTP and from a table. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { order } from '../../testing/walk-ways.ts'
import { askTrakt, type TraktSite, traktSite, waitOf } from './ask-trakt.ts'

let nowMs = 1_800_000_000_000
let site: TraktSite

beforeAll(() => {
  const known = traktSite(env)
  if (!known) throw new Error('Trakt is not set up')
  site = { ...known, timeoutMs: 300 }
})

type Fault = { status?: number; hangs?: boolean; text?: string; headers?: object; times?: number }
async function askAfter(fault: Fault) {
  await order(env.TRAKT_URL, '/stand-in/faults', { path: '/lists/popular', times: 1, ...fault })
  // Far enough apart that a rest after failures is over.
  nowMs += 60_000
  return askTrakt(site, { path: '/lists/popular' }, nowMs)
}

it('reads an answer with its pages', async () => {
  expect(await askTrakt(site, { path: '/lists/popular' }, nowMs)).toMatchObject({
    kind: 'ok',
    body: [{ list: { name: 'Out of copyright' } }],
  })
})

it.each<[string, Fault, object]>([
  ['429', { status: 429, headers: { 'retry-after': '7' } }, { kind: 'later', afterSeconds: 7 }],
  ['429 that says not how long', { status: 429 }, { kind: 'later', afterSeconds: 10 }],
  ['502 with a page of its own', { status: 502 }, { kind: 'later', afterSeconds: null }],
  ['521, when its own server is away', { status: 521 }, { kind: 'later' }],
  ['silence', { hangs: true }, { kind: 'later' }],
  ['half a JSON', { status: 200, text: '[{"list":{"name":"Out of c' }, { kind: 'later' }],
  ['HTML', { status: 200 }, { kind: 'later' }],
  ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }, { kind: 'later' }],
  ['401', { status: 401 }, { kind: 'signed_out' }],
  ['404', { status: 404 }, { kind: 'refused', status: 404 }],
  ['420, when a list is full', { status: 420 }, { kind: 'refused', status: 420 }],
  ['409, which is no failure', { status: 409, text: '{}' }, { kind: 'ok' }],
])('takes %s for what it is', async (_name, fault, expected) => {
  expect(await askAfter(fault)).toMatchObject(expected)
})

it('leaves Trakt alone for half a minute after three failures, and asks again then', async () => {
  await order(env.TRAKT_URL, '/stand-in/faults', { path: '/lists/popular', times: 3, status: 503 })
  nowMs += 60_000
  const ask = (afterMs: number) => askTrakt(site, { path: '/lists/popular' }, nowMs + afterMs)
  for (const afterMs of [0, 1, 2]) expect(await ask(afterMs)).toMatchObject({ kind: 'later', cause: 503 })
  expect(await ask(20_000)).toMatchObject({ kind: 'later', cause: expect.any(TypeError) })
  expect(await ask(31_000)).toMatchObject({ kind: 'ok' })
})

it.each([
  ['12', 12],
  [' 12 ', 12],
  ['0', 0],
  ['999999', 3600],
  [new Date(1_800_000_030_000).toUTCString(), 30],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', 10],
  ['', 10],
  [null, 10],
])('reads Retry-After: %s', (header, expected) => expect(waitOf(header, 1_800_000_000_000)).toBe(expected))
