/** A child's profile reaches no title above its cap: by no route, in no list, and not by a stream. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import app from './app.ts'
import { ADMIN, refusal, setUp } from './testing/call-edge.ts'
import { TestBrowser } from './testing/test-browser.ts'

const ada = new TestBrowser()
/** One above the cap, one whose age nobody told, one below: the first two are nowhere, the third is where they were. */
const films = { above: 'above-the-cap', untold: 'age-not-told', below: 'for-everybody' }
const nameOf = (id: string) => `Film ${id}`

/** Every answer to a question that names no person, agent or stream: where a title could stand. */
const questions = [...new Set(app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path))].filter(
  (path) => path.startsWith('/api/') && !/agents|auth|stream|openapi|oauth|:user/.test(path),
)
const addressOf = (path: string, id: string) =>
  `${path.replace(/:[^/]+/g, id)}?q=${encodeURIComponent('Film')}&text=Film&language=en`

async function answers(id: string): Promise<string> {
  const texts = await Promise.all(
    questions.map(async (path) => {
      const response = await ada.call(addressOf(path, id))
      return response.ok ? `${path} ${await response.text()}\n` : ''
    }),
  )
  return texts.join('')
}

beforeAll(async () => {
  await setUp()
  await ada.signIn(ADMIN.email, ADMIN.password)
  const child = { name: 'Kit', avatar: 'cat', language: 'en', ratingCap: 12, pin: null }
  const kit = await (await ada.call('/api/me/profiles', { json: child })).json<{ id: string }>()
  for (const [name, id] of Object.entries(films)) {
    const age = { above: 16, untold: null, below: 6 }[name] ?? null
    await env.DB.batch([
      env.DB.prepare(
        "insert into titles (id, kind, name, overview, licence, credit, popularity, minimum_age_years) values (?, 'movie', ?, '', '', '', 9, ?)",
      ).bind(id, nameOf(id), age),
      env.DB.prepare("insert into sources (id, title_id, provider, info_hash) values (?, ?, 'open-films', ?)").bind(
        `source-of-${id}`,
        id,
        'a'.repeat(40),
      ),
    ])
  }
  await ada.call(`/api/me/profiles/${kit.id}/open`, { json: { pin: null } })
  // What stands in the way of being shown is the cap alone: the child itself watched all three.
  for (const [at, id] of Object.values(films).entries()) {
    await env.DB.prepare(
      'insert into progress (viewer_id, person_id, title_id, position_seconds, duration_seconds, watched_at_ms) select ?, id, ?, 60, 600, ? from users',
    )
      .bind(kit.id, id, 1000 + at)
      .run()
  }
})

describe('a child', () => {
  it.each([films.above, films.untold])('finds %s in no answer', async (id) => {
    const given = await answers(id)
    expect(given).not.toContain(nameOf(id))
    expect(given).not.toContain(`"${id}"`)
  })

  it('finds a film for its age where the others would be', async () => {
    const given = await answers(films.below)
    for (const path of ['/api/titles', '/api/titles/:id', '/api/progress']) {
      expect(given).toMatch(new RegExp(`^${path} .*${nameOf(films.below)}`, 'm'))
    }
  })

  it.each([films.above, films.untold])('cannot watch %s, nor say that it did', async (titleId) => {
    const play = await ada.call('/api/streams', { json: { titleId, startSeconds: 0 } })
    expect(await refusal(play)).toEqual([404, 'not_found'])
    const progress = { positionSeconds: 1, durationSeconds: 2, watchedAtMs: Date.now() }
    const saved = await ada.call(`/api/progress/${titleId}`, { method: 'PUT', json: progress })
    expect(await refusal(saved)).toEqual([404, 'not_found'])
  })

  it('may watch a film for its age, as far as home allows', async () => {
    const play = await ada.call('/api/streams', { json: { titleId: films.below, startSeconds: 0 } })
    expect(await refusal(play)).toEqual([503, 'agent_offline'])
  })
})
