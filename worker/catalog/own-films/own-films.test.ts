/** The films in an agent's folders, as the admin sees them and says what they are: the agent keeps it, the edge knows titles. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { OwnFilm, OwnFilmPage } from '#protocol/own-films.ts'
import { type Browser, callEdge, refusal, setUp } from '../../testing/call-edge.ts'
import { type ConnectedAgent, connectAgent, pairAgent } from '../../testing/test-agent.ts'

const FILM = 'a1'.repeat(10)
const film = (more: Partial<OwnFilm>): OwnFilm => ({
  ...{ id: FILM, name: 'party/Birthday 2015.mp4', fileCount: 1, title: 'birthday', match: 'unknown', titleIds: [] },
  ...more,
})
const page = (...films: OwnFilm[]): OwnFilmPage => ({
  ...{ isOn: true, isMore: false, counts: { waiting: 1, unmatched: 2, decided: 3, matched: 4 }, films },
})

let admin: Browser
let agent: ConnectedAgent
let path: string
let films: OwnFilm[] = []
let isGone = false
const heard: AgentRequest[] = []

beforeAll(async () => {
  admin = await setUp()
  agent = await connectAgent(await pairAgent(), { alsoAnswers: ['own-films', 'set-own-film'] })
  path = `/api/agents/${agent.paired.agentId}/own-films`
  agent.answer((request, self, id) => {
    heard.push(request)
    if (isGone) return self.send({ type: 'failed', id, error: { code: 'not_found', message: 'Gone.' } })
    return request.kind === 'own-films' ? page(...films) : {}
  })
  const title = (id: string, kind: string, name: string, show?: string, season?: number, episode?: number) =>
    env.DB.prepare(
      "insert into titles (id, kind, name, overview, licence, credit, year, show_id, season_number, episode_number) values (?, ?, ?, '', '', '', 2010, ?, ?, ?)",
    ).bind(id, kind, name, show ?? null, season ?? null, episode ?? null)
  await env.DB.batch([
    title('wanted', 'movie', 'Wanted'),
    title('show', 'show', 'Show'),
    title('season', 'season', 'Season 1', 'show', 1),
    title('first', 'episode', 'First', 'show', 1, 1),
    title('second', 'episode', 'Second', 'show', 1, 2),
  ])
})
beforeEach(async () => {
  heard.length = 0
  films = []
  isGone = false
  await env.DB.prepare('delete from audit_events').run()
})

const call = (to: string, method = 'GET', json?: object) =>
  callEdge(to, { method, token: admin.accessToken, ...(json && { json }) })
const say = (json: object) => call(`${path}/${FILM}`, 'PUT', json)
const audit = async () => {
  const { results } = await env.DB.prepare(
    'select kind, subject_id as subject, details, actor_id as actor from audit_events',
  ).all<{
    kind: string
    subject: string
    details: string
    actor: string
  }>()
  return results.map(({ kind, subject, details, actor }) => {
    expect([kind, subject, actor]).toEqual(['own_film_changed', agent.paired.agentId, admin.person.id])
    return JSON.parse(details)
  })
}

describe('the films in the folders of an agent', () => {
  it('are listed as the agent tells of them, with the names of the titles that they are or may be', async () => {
    films = [
      film({ match: 'several', titleIds: ['wanted', 'gone-since'] }),
      film({ name: 'S01E01.mkv', fileCount: 2, episode: { season: 1, episode: 1 }, titleIds: ['first', 'second'] }),
    ]
    const response = await call(`${path}?view=unmatched&from=50`)
    expect(await response.json()).toEqual({
      ...page(),
      films: [
        {
          ...film({ match: 'several' }),
          titleIds: undefined,
          titles: [{ id: 'wanted', kind: 'movie', name: 'Wanted', year: 2010 }],
        },
        {
          ...film({ name: 'S01E01.mkv', fileCount: 2, episode: { season: 1, episode: 1 } }),
          titleIds: undefined,
          titles: [{ id: 'show', kind: 'show', name: 'Show', year: 2010 }],
        },
      ].map(({ titleIds: _, ...rest }) => rest),
    })
    expect(heard).toEqual([{ kind: 'own-films', view: 'unmatched', from: 50 }])
  })

  it.each<[string, object, object, object]>([
    ['a film', { titleId: 'wanted' }, { kind: 'movie', titleId: 'wanted' }, { by: 'title', title: 'wanted' }],
    ['a show', { titleId: 'show' }, { kind: 'show', titleId: 'show' }, { by: 'title', title: 'show' }],
    [
      'an episode',
      { titleId: 'show', seasonNumber: 1, episodeNumber: 2 },
      { kind: 'show', titleId: 'show', episode: { season: 1, episode: 2 } },
      { by: 'title', title: 'show' },
    ],
    ['no film', { isFilm: false }, { kind: 'none' }, { by: 'aside' }],
  ])('are said to be %s: the agent keeps it, and it stands in the audit', async (_what, said, choice, details) => {
    expect((await say(said)).status).toBe(204)
    expect(heard).toEqual([{ kind: 'set-own-film', id: FILM, choice }])
    expect(await audit()).toEqual([details])
  })

  it('are what they were when that is taken back', async () => {
    expect((await call(`${path}/${FILM}`, 'DELETE')).status).toBe(204)
    expect(heard).toEqual([{ kind: 'set-own-film', id: FILM, choice: null }])
    expect(await audit()).toEqual([{ by: 'taken_back' }])
  })

  it('that are nobody’s but the household’s get a title of their own, once, which can be searched and no child sees', async () => {
    const newTitle = { name: '  Grandmother’s birthday ', year: 2015 }
    const answers = await Promise.all(Array.from({ length: 50 }, () => say({ newTitle })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    const { results } = await env.DB.prepare(
      "select id, kind, year, minimum_age_years as age from titles where name = 'Grandmother’s birthday'",
    ).all<{ id: string }>()
    expect(results).toEqual([{ id: expect.any(String), kind: 'movie', year: 2015, age: null }])
    expect(heard.find(({ kind }) => kind === 'set-own-film')).toMatchObject({
      choice: { kind: 'movie', titleId: results[0]?.id },
    })
    const found = await (await call('/api/search?q=grandmothers&scope=known')).json<{ results: { id: string }[] }>()
    expect(found.results.map(({ id }) => id)).toEqual([results[0]?.id])
  })

  it('get no title of their own while their agent is away', async () => {
    const { agentId } = await pairAgent('Away')
    const answer = await call(`/api/agents/${agentId}/own-films/${FILM}`, 'PUT', { newTitle: { name: 'Nobody’s' } })
    expect((await refusal(answer))[1]).toBe('agent_offline')
    expect((await env.DB.prepare("select id from titles where name = 'Nobody’s'").all()).results).toEqual([])
  })

  it.each<[string, object, number, string]>([
    ['a title that there is not', { titleId: 'nothing' }, 404, 'not_found'],
    ['a season', { titleId: 'season' }, 404, 'not_found'],
    ['an episode that there is not', { titleId: 'show', seasonNumber: 1, episodeNumber: 9 }, 404, 'not_found'],
    ['a film, which they are anyway', { isFilm: true }, 400, 'invalid'],
    ['two things at once', { titleId: 'wanted', isFilm: false }, 400, 'invalid'],
    ['a title without a name', { newTitle: { name: ' ' } }, 400, 'invalid'],
  ])('are not said to be %s', async (_what, said, status, code) => {
    expect(await refusal(await say(said))).toEqual([status, code])
    expect(heard).toEqual([])
    expect(await audit()).toEqual([])
  })

  it('that the agent does not know any more leave no word in the audit', async () => {
    isGone = true
    expect(await refusal(await say({ isFilm: false }))).toEqual([404, 'not_found'])
    expect(await audit()).toEqual([])
  })

  it.each(['../x', 'a'.repeat(40), 'A1'.repeat(10)])('are not called %s', async (id) => {
    const answer = await call(`${path}/${encodeURIComponent(id)}`, 'PUT', { isFilm: false })
    expect((await refusal(answer))[0]).toBeGreaterThanOrEqual(400)
    expect(heard).toEqual([])
  })

  it('are not asked of an agent that does not know them', async () => {
    const older = await connectAgent(await pairAgent('Older'), { alsoAnswers: ['providers'] })
    const asked: AgentRequest[] = []
    older.answer((request) => void asked.push(request))
    const own = `/api/agents/${older.paired.agentId}/own-films`
    const refused = await Promise.all([call(`${own}?view=unmatched`), call(`${own}/${FILM}`, 'DELETE')])
    for (const answer of refused) expect((await refusal(answer))[1]).toBe('version_unsupported')
    expect(asked).toEqual([])
  })
})
