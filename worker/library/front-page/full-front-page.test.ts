/** What the front page costs where every row of it is full: a household that has watched and listed for years. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { asPerson } from '../../auth/viewer.ts'
import { openDb } from '../../db.ts'
import { setUp } from '../../testing/call-edge.ts'
import { countingDatabase } from '../../testing/count-rows.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { readFrontPage } from './read-front-page.ts'

/** More of everything than a row holds. */
const numbers = JSON.stringify(Array.from({ length: 60 }, (_, at) => at))
let person = ''
const fill = (statement: string) =>
  env.DB.prepare(statement).bind(...(statement.includes('?2') ? [numbers, person] : [numbers]))

beforeAll(async () => {
  person = (await setUp()).person.id
  const lists = [
    'trending-movies',
    'trending-shows',
    'popular-movies',
    'top-rated-movies',
    `watchlist-${person}`,
    'own-1',
    'own-2',
  ]
  const kindOf = (id: string) =>
    id.startsWith('own') ? 'personal' : id.startsWith('watchlist') ? 'watchlist' : 'builtin'
  await env.DB.batch([
    fill(
      `insert into titles (id, kind, name, overview, licence, credit, available_at)
       select 'film-' || value, 'movie', 'Film ' || value, '', '', '', value from json_each(?1)`,
    ),
    fill(
      `insert into titles (id, kind, name, overview, licence, credit)
       select 'show-' || value, 'show', 'Show ' || value, '', '', '' from json_each(?1)`,
    ),
    fill(
      `insert into titles (id, kind, name, overview, licence, credit, show_id, season_number, episode_number)
       select 'next-' || value, 'episode', 'Next', '', '', '', 'show-' || value, 2, 1 from json_each(?1)`,
    ),
    fill(
      `insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
       select ?2, ?2, 'show-' || value, 1, 9, 100 + value from json_each(?1)`,
    ),
    fill(
      `insert into progress (viewer_id, person_id, title_id, position_seconds, duration_seconds, watched_at_ms)
       select ?2, ?2, 'film-' || value, 60, 600, 100 + value from json_each(?1)`,
    ),
    fill(
      `insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin)
       select ?2, ?2, 'film-' || value, 100 + value, 'porchlight' from json_each(?1)`,
    ),
    env.DB.prepare(
      `insert into title_details (title_id, certifications, videos, recommendations)
       values ('film-59', '{}', '[]', (select json_group_array('film-' || value) from json_each(?) where value < 12))`,
    ).bind(numbers),
    ...lists.flatMap((id) => [
      env.DB.prepare(
        'insert into media_lists (id, kind, person_id, viewer_id, name, item_count, created_at, changed_at) values (?1, ?2, ?3, ?3, ?1, 60, 1, 1)',
      ).bind(id, kindOf(id), kindOf(id) === 'builtin' ? null : person),
      env.DB.prepare(
        `insert into list_items (list_id, title_id, rank, added_at) select ?2, 'film-' || value, printf('%04d', value), 1 from json_each(?1)`,
      ).bind(numbers, id),
    ]),
  ])
})

it('is full, and reads no more than three hundred rows in one round trip', async () => {
  const { database, cost } = countingDatabase(env.DB)
  const page = await readFrontPage({ ...testEdge(1), db: openDb(database) }, asPerson(person))
  const rows = page.rows.map(({ id }) => id)
  expect(rows).toEqual(expect.arrayContaining(['watchlist', 'because', 'own-1', 'own-2', 'trending-movies', 'shelf']))
  for (const { titles } of page.rows) expect(titles.length).toBeGreaterThanOrEqual(9)
  expect([page.continueWatching.length, page.nextUp.length]).toEqual([9, 9])
  // Three more are read for whoever asks: the session, the person, the profile.
  expect(cost.rowsRead).toBeLessThanOrEqual(297)
  expect(cost.calls).toBe(1)
})
