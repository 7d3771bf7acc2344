/** What is kept of two titles that turned out to be one, in the database itself. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { asPerson } from '../auth/viewer.ts'
import { setUp } from '../testing/call-edge.ts'
import { testEdge } from '../testing/test-edge.ts'
import { moveLibrary } from './merge-titles.ts'
import { saveProgress } from './progress.ts'
import { beginSync } from './trakt/sync-state.ts'

let personId: string
const edge = testEdge(1_800_000_000)
const queued = async () =>
  (
    await env.DB.prepare(
      "select kind, body ->> 'titleId' as titleId from trakt_outbox order by created_at_ms, rowid",
    ).all()
  ).results

beforeAll(async () => {
  personId = (await setUp()).person.id
})

it('tells Trakt of the one that stays what it had yet to be told of the other', async () => {
  const viewer = asPerson(personId)
  await beginSync(edge, viewer)
  const save = { durationSeconds: 1000, watchedAtMs: edge.nowMs }
  await saveProgress(edge, viewer, 'sintel-2010', { ...save, positionSeconds: 950 })
  await saveProgress(edge, viewer, 'big-buck-bunny-2008', { ...save, positionSeconds: 10, moment: 'playing' })
  for (let twice = 0; twice < 2; twice++) await moveLibrary(edge, 'sintel-2010', 'tears-of-steel-2012')
  expect(await queued()).toEqual([
    { kind: 'scrobble/stop', titleId: 'tears-of-steel-2012' },
    { kind: 'scrobble/start', titleId: 'big-buck-bunny-2008' },
  ])
})
