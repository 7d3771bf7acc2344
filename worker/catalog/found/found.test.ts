/** What agents find: sealed at rest, kept once, looked for when a person presses Play, and shown to nobody as a hash. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { FoundSource } from '#protocol/source-search.ts'
import { asPerson } from '../../auth/viewer.ts'
import { openDb } from '../../db.ts'
import { callEdge, refusal } from '../../testing/call-edge.ts'
import { agreeable, type Household, makeHousehold, opened, play } from '../../testing/play.ts'
import { callAsAgent, connectAgent, pairAgent } from '../../testing/test-agent.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { forgetOldFinds } from './forget-old-finds.ts'
import { sourcesWithFacts } from './sources-with-facts.ts'
import { wishOf } from './wish-of.ts'

let home: Household
const heard: AgentRequest[] = []
const HASH = 'c'.repeat(40)
const MAGNET = `magnet:?xt=urn:btih:${HASH}&tr=udp%3A%2F%2Ftracker.example`

beforeAll(async () => {
  home = await makeHousehold()
  await env.DB.batch([
    env.DB.prepare(
      "insert into titles (id, kind, name, overview, licence, credit, year, original_name, names) values ('wanted', 'movie', 'Wanted', '', '', '', 2001, 'Gesucht', '{\"fr\":\"Voulu\",\"de\":\"Gesucht\"}')",
    ),
    env.DB.prepare("insert into external_ids (scheme, value, title_id) values ('imdb', 'tt0123456', 'wanted')"),
  ])
})
beforeEach(async () => {
  heard.length = 0
  await env.DB.batch([
    env.DB.prepare("delete from sources where title_id = 'wanted'"),
    env.DB.prepare('delete from title_searches'),
  ])
})

const found = (changes: Partial<FoundSource> = {}): FoundSource => ({
  source: { infoHash: HASH, magnet: MAGNET },
  name: 'Wanted.2001.1080p.WEB-DL.x264-GRP',
  sizeBytes: 5_000_000,
  seeders: 12,
  release: {
    title: 'Wanted',
    heightPixels: 1080,
    hdr: [],
    audioCodecs: [],
    languages: [],
    subtitles: [],
    editions: [],
  },
  provenance: [{ provider: 'internet-archive', seenAt: 1_700_000_000 }],
  ...changes,
})

const tell = (list: FoundSource[], agent = home.agent.paired, titleId = 'wanted') =>
  callAsAgent(agent, '/api/catalog/found', JSON.stringify({ titleId, found: list }))
const known = () => sourcesWithFacts({ db: openDb(env.DB), env }, asPerson('ada'), 'wanted')
const dump = async () => {
  const tables = await env.DB.batch([
    env.DB.prepare('select * from sources'),
    env.DB.prepare('select * from found_sources'),
  ])
  return JSON.stringify(tables.map(({ results }) => results))
}

describe('what an agent found', () => {
  it('can be played, and stands nowhere as it is', async () => {
    expect((await tell([found({ source: { infoHash: HASH, magnet: MAGNET, torrentFile: 'ZHVtbXk' } })])).status).toBe(
      204,
    )
    const [one, ...none] = await known()
    expect(none).toEqual([])
    expect(one?.source).toMatchObject({ infoHash: HASH, magnet: MAGNET, torrentFile: 'ZHVtbXk', sizeBytes: 5_000_000 })
    expect(one?.facts).toMatchObject({ seeders: 12, doubts: [], isOnOneAgent: false })
    const stored = await dump()
    for (const secret of [HASH, 'tracker.example', 'ZHVtbXk', btoa(HASH).slice(0, 20)])
      expect(stored).not.toContain(secret)
    const page = await callEdge('/api/titles/wanted', { token: home.admin.accessToken })
    const text = await page.text()
    expect(text).toContain('internet-archive')
    for (const secret of [HASH, 'enc:v1', 'magnet']) expect(text).not.toContain(secret)
  })

  it('sent again writes nothing, by however many at once', async () => {
    await tell([found()])
    const before = await dump()
    const answers = await Promise.all(Array.from({ length: 50 }, () => tell([found(), found()])))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    expect(await dump()).toBe(before)
  })

  it('is one source when fifty agents’ words come at once', async () => {
    await Promise.all(Array.from({ length: 50 }, () => tell([found()])))
    expect(await known()).toHaveLength(1)
  })

  it('keeps who told and how many share it now and before', async () => {
    await tell([found()])
    await tell([found({ seeders: 30, provenance: [{ provider: 'torznab', seenAt: 1_700_000_100 }] })])
    const [one] = await known()
    expect(one?.facts).toMatchObject({ seeders: 30, seedersBefore: 12 })
    const row = await env.DB.prepare('select provenance from found_sources').first<{ provenance: string }>()
    expect(JSON.parse(row?.provenance ?? '')).toEqual([
      { provider: 'internet-archive', seenAt: 1_700_000_000 },
      { provider: 'torznab', seenAt: 1_700_000_100 },
    ])
  })

  it('is led nowhere else by another agent, and follows its own', async () => {
    const other = await pairAgent('Cellar')
    await tell([found()])
    await tell([found({ source: { infoHash: HASH, magnet: `${MAGNET}&tr=udp%3A%2F%2Fevil.example` } })], other)
    expect((await known())[0]?.source.magnet).toBe(MAGNET)
    await tell([found({ source: { infoHash: HASH, magnet: `${MAGNET}&tr=udp%3A%2F%2Fmore.example` } })])
    expect((await known())[0]?.source.magnet).toContain('more.example')
  })

  it('goes when nobody has told of it for sixty days; what does not age stays', async () => {
    const day = 86_400
    const provenance = (seenAt: number) => [{ provider: 'torznab', seenAt }]
    const other = (letter: string, seenAt: number, more: Partial<FoundSource> = {}) =>
      found({ source: { infoHash: letter.repeat(40) }, name: letter, provenance: provenance(seenAt), ...more })
    const [now, local] = [1000 * day, { isOnThisAgentOnly: true }]
    await tell([other('a', 939 * day), other('b', 941 * day), other('d', 1, local), other('e', 900 * day)])
    await tell([other('e', 950 * day), other('b', 20 * day)])
    await forgetOldFinds(testEdge(now))
    expect((await known()).map(({ source }) => source.infoHash[0]).toSorted()).toEqual(['b', 'd', 'e'])
    expect(await env.DB.prepare("select count(*) n from found_sources where title_id = 'wanted'").first('n')).toBe(3)
    const query = forgetOldFinds(testEdge(now)).toSQL()
    const { results } = await env.DB.prepare(`explain query plan ${query.sql}`)
      .bind(...query.params)
      .all<{ detail: string }>()
    expect(results.map(({ detail }) => detail).join()).not.toContain('SCAN')
  })

  it('is at home, and on that agent alone, when it is a file of its own', async () => {
    await tell([found({ source: { infoHash: HASH }, isOnThisAgentOnly: true })])
    expect((await known())[0]?.facts).toMatchObject({ isOnOneAgent: true, isAtHome: true })
  })

  it('needs no second row beside what is offered', async () => {
    await env.DB.prepare(
      "insert into sources (id, title_id, provider, info_hash) values ('plain', 'wanted', 'open-films', ?)",
    )
      .bind(HASH)
      .run()
    await tell([found()])
    expect((await known()).map(({ source }) => source.id)).toEqual(['plain'])
  })

  it.each([
    ['of no title', [found()], 'gone', [404, 'not_found']],
    ['with a hash that is none', [found({ source: { infoHash: 'x' } })], 'wanted', [400, 'invalid']],
    ['that nobody told of', [found({ provenance: [] })], 'wanted', [400, 'invalid']],
    ['in too large a number', Array.from({ length: 101 }, () => found()), 'wanted', [400, 'invalid']],
  ])('is refused %s', async (_what, list, titleId, refused) => {
    expect(await refusal(await tell(list, home.agent.paired, titleId))).toEqual(refused)
  })

  it('is left out when its key has left the ring', async () => {
    await tell([found()])
    const KEYRING = '{"active":"t9","keys":{"t9":"bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0"}}'
    const edge = { db: openDb(env.DB), env: { ...env, KEYRING } }
    expect(await sourcesWithFacts(edge, asPerson('ada'), 'wanted')).toEqual([])
  })
})

describe('looking for a title', () => {
  it('tells every name, the year and the ids', async () => {
    expect(await wishOf(openDb(env.DB), 'wanted')).toEqual({
      ...{ titleId: 'wanted', kind: 'movie', name: 'Wanted', otherNames: ['Gesucht', 'Voulu'] },
      ...{ year: 2001, imdbId: 'tt0123456' },
    })
    expect(await wishOf(openDb(env.DB), 'nothing')).toBeUndefined()
  })

  it('is done when Play has nothing to play, and then it plays', async () => {
    home.agent.answer((request, self, id) => {
      heard.push(request)
      if (request.kind !== 'search') return agreeable(request, self, id)
      tell([found()]).then(() => {
        const value = { providers: [{ id: 'internet-archive', state: 'answered', count: 1 }], isComplete: true }
        self.send({ type: 'reply', id, ok: true, value })
      })
      return undefined
    })
    expect((await play(home.admin.accessToken, { titleId: 'wanted' })).status).toBe(201)
    expect(heard.map(({ kind }) => kind)).toEqual(['search', 'open'])
    expect(heard[1]).toMatchObject({ source: { infoHash: HASH, magnet: MAGNET } })
  })

  it('says so when nothing is found, and asks for no more than is wanted', async () => {
    home.agent.answer((request) => {
      heard.push(request)
      return request.kind === 'search' ? { providers: [], isComplete: true } : opened
    })
    const token = home.admin.accessToken
    expect(await refusal(await play(token, { titleId: 'wanted' }))).toEqual([404, 'no_source'])
    expect(await refusal(await play(token, { titleId: 'wanted', ifAtHome: true }))).toEqual([404, 'no_source'])
    expect(await refusal(await play(token, { titleId: 'nothing' }))).toEqual([404, 'not_found'])
    expect(heard.map(({ kind }) => kind)).toEqual(['search'])
  })

  it('is done once for a page, however many look at it, and what was found by then is told', async () => {
    home.agent.answer((request, self, id) => {
      heard.push(request)
      tell([found()]).then(() =>
        self.send({ type: 'reply', id, ok: true, value: { providers: [], isComplete: false } }),
      )
      return undefined
    })
    const look = async () => {
      const response = await callEdge('/api/titles/wanted/search', { method: 'POST', token: home.admin.accessToken })
      return response.json<{ isLooking: boolean; sourceCount: number }>()
    }
    const answers = await Promise.all(Array.from({ length: 20 }, look))
    expect(answers.every(({ isLooking }) => isLooking)).toBe(true)
    expect(answers.filter(({ sourceCount }) => sourceCount === 1).length).toBeGreaterThan(0)
    expect(await look()).toEqual({ isLooking: true, sourceCount: 1 })
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({ kind: 'search', waitSeconds: 1.2, wish: { name: 'Wanted' } })
    await env.DB.prepare('update title_searches set searched_at = searched_at - 60').run()
    expect(await look()).toEqual({ isLooking: false, sourceCount: 1 })
    expect(heard).toHaveLength(1)
  })

  it.each<[string, object | undefined]>([
    ['its agent cannot', undefined],
    [
      'nobody whom its agent asked had anything to say',
      { providers: [{ id: 'torznab', state: 'failed', count: 0 }], isComplete: true },
    ],
  ])('has not been done when %s: whoever opens the page next has it done', async (_what, said) => {
    home.agent.answer((request, self, id) => {
      heard.push(request)
      if (said === undefined) self.send({ type: 'failed', id, error: { code: 'busy', message: 'Not now.' } })
      return said
    })
    const look = async () => {
      const response = await callEdge('/api/titles/wanted/search', { method: 'POST', token: home.admin.accessToken })
      return response.json()
    }
    const searchedAt = () => env.DB.prepare('select searched_at from title_searches').first('searched_at')
    expect(await look()).toEqual({ isLooking: false, sourceCount: 0 })
    expect(await searchedAt()).toBeNull()
    await env.DB.prepare("insert into title_searches (title_id, searched_at) values ('wanted', 5)").run()
    expect(await look()).toEqual({ isLooking: false, sourceCount: 0 })
    expect(await searchedAt()).toBe(5)
    await play(home.admin.accessToken, { titleId: 'wanted' })
    expect(await searchedAt()).toBe(5)
    expect(heard).toHaveLength(3)
  })

  it('is done for no title that there is not, or that is a show', async () => {
    const look = (id: string) => callEdge(`/api/titles/${id}/search`, { method: 'POST', token: home.admin.accessToken })
    await env.DB.prepare(
      "insert into titles (id, kind, name, overview, licence, credit) values ('a-show', 'show', 'Show', '', '', '')",
    ).run()
    expect(await refusal(await look('nothing'))).toEqual([404, 'not_found'])
    expect(await (await look('a-show')).json()).toEqual({ isLooking: false, sourceCount: 0 })
  })

  it('asks no agent whose VPN is needed and not up', async () => {
    home.agent.close()
    const guarded = await connectAgent(await pairAgent('Guarded'), { vpn: { policy: 'required', state: 'down' } })
    guarded.answer((request) => void heard.push(request))
    const look = { method: 'POST', token: home.admin.accessToken }
    expect(await (await callEdge('/api/titles/wanted/search', look)).json()).toMatchObject({ isLooking: false })
    expect(await refusal(await play(home.admin.accessToken, { titleId: 'wanted' }))).toEqual([404, 'no_source'])
    expect(heard).toEqual([])
  })
})
