/** Films on an agent's own disks: the titles that they may be, and what is gone is had from there no longer. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LocalFilm, LocalFilmTitles } from '#protocol/local-films.ts'
import { openDb } from '../../db.ts'
import { refusal } from '../../testing/call-edge.ts'
import { type Household, makeHousehold } from '../../testing/play.ts'
import { recordingDatabase, scansOf } from '../../testing/record-queries.ts'
import { callAsAgent, type PairedAgent, pairAgent } from '../../testing/test-agent.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { matchLocalFilms } from './match-local-films.ts'

let home: Household
let other: PairedAgent

beforeAll(async () => {
  home = await makeHousehold()
  other = await pairAgent('Cellar')
  const title = (id: string, kind: string, name: string, more = '', values = '') =>
    `insert into titles (id, kind, name, overview, licence, credit${more}) values ('${id}', '${kind}', '${name}', '', '', ''${values})`
  await env.DB.batch(
    [
      title('thing', 'movie', 'The Thing', ', year', ', 1982'),
      title('thing-2011', 'movie', 'The Thing', ', year', ', 2011'),
      title('things', 'movie', 'Things to Come', ', year', ', 1936'),
      title('amelie', 'movie', 'Amélie', ', year', ', 2001'),
      title('samurai', 'movie', 'Seven Samurai', ', year, original_name', ", 1954, '七人の侍'"),
      title('pioneer', 'show', 'Pioneer One', ', year', ', 2010'),
      title('pioneer-s1e2', 'episode', 'Alone', ', show_id, season_number, episode_number', ", 'pioneer', 1, 2"),
      "insert into external_ids (scheme, value, title_id) values ('imdb', 'tt0084787', 'thing'), ('imdb', 'tt1748166', 'pioneer')",
      "update title_search set alternatives = 'Shichinin no samurai\nLes Sept Samouraïs' where title_id = 'samurai'",
    ].map((text) => env.DB.prepare(text)),
  )
})

const tell = (films: LocalFilm[], gone: string[] = [], agent = home.agent.paired) =>
  callAsAgent(agent, '/api/catalog/local-films', JSON.stringify({ films, gone }))
const titlesFor = async (...films: LocalFilm[]) => (await (await tell(films)).json<LocalFilmTitles>()).titles
const idsFor = async (...films: LocalFilm[]) => (await titlesFor(...films)).map(({ titleId }) => titleId).toSorted()

describe('a film on a disk at home', () => {
  const said: LocalFilm = { title: '', titleId: 'pioneer', episode: { season: 1, episode: 2 } }
  it.each<[string, LocalFilm, string[]]>([
    ['its name without the article, and its year', { title: 'thing', year: 1982 }, ['thing']],
    ['a year beside it', { title: 'thing', year: 2010 }, ['thing-2011']],
    ['its name alone', { title: 'thing' }, ['thing', 'thing-2011']],
    ['a name without its accent', { title: 'amelie' }, ['amelie']],
    ['another of its names', { title: 'les sept samourais', year: 1954 }, ['samurai']],
    ['its id, whatever it is called', { title: 'das ding', imdbId: 'tt0084787' }, ['thing']],
    ['its id and no name at all', { title: '', imdbId: 'tt0084787' }, ['thing']],
    [
      'the name of its show, and its number',
      { title: 'pioneer one', episode: { season: 1, episode: 2 } },
      ['pioneer-s1e2'],
    ],
    ['the title that was said, whatever it is called', { title: 'thing', titleId: 'samurai' }, ['samurai']],
    ['the title that was said, of a show its episode', said, ['pioneer-s1e2']],
    ['no title that is gone', { title: 'thing', titleId: 'gone' }, []],
    ['no show that was said without an episode', { title: 'thing', titleId: 'pioneer' }, []],
    ['the id of its show', { title: 'p1', imdbId: 'tt1748166', episode: { episode: 2 } }, ['pioneer-s1e2']],
    ['no episode that there is not', { title: 'pioneer one', episode: { season: 1, episode: 9 } }, []],
    ['no name that there is not', { title: 'no such film' }, []],
    ['no name of signs', { title: '" OR *' }, []],
  ])('may be what goes by %s', async (_what, film, expected) => {
    expect(await idsFor(film)).toEqual(expected)
  })

  it('is told of with all that the agent needs to look closer', async () => {
    const pioneer = { title: 'pioneer one', episode: { season: 1, episode: 2 } }
    const told = await titlesFor({ title: 'thing', year: 1982 }, pioneer)
    expect(told.find(({ titleId }) => titleId === 'thing')).toEqual({
      ...{ titleId: 'thing', kind: 'movie', name: 'The Thing', otherNames: [], year: 1982, imdbId: 'tt0084787' },
    })
    expect(told.find(({ titleId }) => titleId === 'pioneer-s1e2')).toMatchObject({
      kind: 'episode',
      name: 'Pioneer One',
      showId: 'pioneer',
      episode: { season: 1, episode: 2 },
    })
  })

  it('is looked up by indexes alone', async () => {
    const { database, queries } = recordingDatabase(env.DB)
    const edge = { ...testEdge(1), env: { ...env, DB: database }, db: openDb(database) }
    const films = [
      { title: 'thing', imdbId: 'tt0084787', episode: { episode: 1 } },
      { title: '', titleId: 'thing' },
    ]
    await matchLocalFilms(edge, home.agent.paired.agentId, { films, gone: ['a'.repeat(40)] })
    const scans = await Promise.all([...queries].map((query) => scansOf(env.DB, query)))
    expect(queries.size).toBe(2)
    expect(scans.flat().filter((scan) => !/^SCAN (f|title_fts|json_each|\(subquery)/.test(scan))).toEqual([])
  })

  it('that is gone is had from there no longer; what another agent has stays', async () => {
    const source = (letter: string) => ({
      source: { infoHash: letter.repeat(40) },
      ...{ name: 'The.Thing.1982.mkv', isOnThisAgentOnly: true, provenance: [{ provider: 'folders', seenAt: 1 }] },
    })
    const swarm = { ...source('c'), isOnThisAgentOnly: false }
    const post = (agent: PairedAgent, found: object[]) =>
      callAsAgent(agent, '/api/catalog/found', JSON.stringify({ titleId: 'thing', found }))
    await post(home.agent.paired, [source('a'), swarm])
    await post(other, [source('b')])
    const count = () => env.DB.prepare("select count(*) n from sources where title_id = 'thing'").first('n')
    expect(await count()).toBe(3)
    const all = [...'abc'].map((letter) => letter.repeat(40))
    await Promise.all(Array.from({ length: 10 }, () => tell([], all)))
    expect(await count()).toBe(2)
    await tell([], all, other)
    expect(await count()).toBe(1)
    expect(
      await env.DB.prepare("select available_at from titles where id = 'thing'").first('available_at'),
    ).not.toBeNull()
  })

  it.each([
    ['too many', { films: Array.from({ length: 51 }, () => ({ title: 'x' })), gone: [] }],
    ['a hash that is none', { films: [], gone: ['x'] }],
    ['an id that is none', { films: [{ title: 'x', imdbId: "tt1' or 1" }], gone: [] }],
  ])('is refused with %s', async (_what, body) => {
    const answer = await callAsAgent(home.agent.paired, '/api/catalog/local-films', JSON.stringify(body))
    expect(await refusal(answer)).toEqual([400, 'invalid'])
  })
})
