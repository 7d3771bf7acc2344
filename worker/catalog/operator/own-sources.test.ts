/** Sources that the operator adds by hand: played like others, sealed like others, and taken away again. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { torrentOf } from '../../testing/bencode.ts'
import { type Browser, callEdge, refusal, setUp } from '../../testing/call-edge.ts'
import { agreeable, play } from '../../testing/play.ts'
import { type ConnectedAgent, callAsAgent, connectAgent, pairAgent } from '../../testing/test-agent.ts'

const HASH = 'd'.repeat(40)
const MAGNET = `magnet:?xt=urn:btih:${HASH}&dn=Wanted.2001.1080p.WEB-DL&tr=udp%3A%2F%2Ftracker.example%3A1`

let admin: Browser
let agent: ConnectedAgent
const heard: AgentRequest[] = []

beforeAll(async () => {
  admin = await setUp()
  agent = await connectAgent(await pairAgent(), { alsoAnswers: ['read-release'] })
  const title =
    "insert into titles (id, kind, name, overview, licence, credit, show_id, season_number, episode_number) values (?, ?, ?, '', '', '', ?, ?, ?)"
  await env.DB.batch([
    env.DB.prepare(title).bind('wanted', 'movie', 'Wanted', null, null, null),
    env.DB.prepare(title).bind('show', 'show', 'Show', null, null, null),
    env.DB.prepare(title).bind('season', 'season', 'Season 1', 'show', 1, null),
    ...[1, 2, 3].map((number) => env.DB.prepare(title).bind(`episode-${number}`, 'episode', 'E', 'show', 1, number)),
  ])
})
beforeEach(async () => {
  heard.length = 0
  agent.answer((request, self, id) => {
    heard.push(request)
    if (request.kind !== 'read-release') return agreeable(request, self, id)
    const release = { title: 'Wanted', heightPixels: 1080 }
    const lists = { hdr: [], audioCodecs: [], languages: [], subtitles: [], editions: [] }
    return { release: { ...release, ...lists }, doubts: [] }
  })
  await env.DB.batch(['sources', 'audit_events'].map((table) => env.DB.prepare(`delete from ${table}`)))
})

const token = () => admin.accessToken
const add = (titleId: string, json: object) => callEdge(`/api/titles/${titleId}/sources`, { token: token(), json })
const remove = (titleId: string, id: string) =>
  callEdge(`/api/titles/${titleId}/sources/${id}`, { method: 'DELETE', token: token() })
type Cards = { sources: { id: string; provider: string; sizeBytes: number | null; reasons: string[] }[] }
const choices = async (titleId: string) =>
  (await (await callEdge('/api/streams/choices', { token: token(), json: { titleId } })).json<Cards>()).sources
const stored = async () => {
  const tables = await env.DB.batch([
    env.DB.prepare('select * from sources'),
    env.DB.prepare('select * from found_sources'),
    env.DB.prepare('select * from audit_events'),
  ])
  return tables.map(({ results }) => results)
}
const lastOpened = () => heard.findLast((request) => request.kind === 'open')

describe('a magnet that was pasted', () => {
  it('stands among the copies with what its name says, plays, and lies nowhere as it is', async () => {
    expect(await (await add('wanted', { magnet: MAGNET })).json()).toEqual({ count: 1 })
    const [one] = await choices('wanted')
    expect(one).toMatchObject({ provider: 'operator', reasons: expect.arrayContaining(['lines_1080', 'has_magnet']) })
    expect((await play(token(), { titleId: 'wanted' })).status).toBe(201)
    expect(lastOpened()).toMatchObject({ source: { infoHash: HASH, magnet: MAGNET }, file: {} })
    const text = JSON.stringify(await stored())
    for (const secret of [HASH, 'tracker.example']) expect(text).not.toContain(secret)
    expect((await stored())[2]).toMatchObject([
      { kind: 'source_added', actor_id: admin.person.id, details: '{"title":"wanted","by":"magnet","count":1}' },
    ])
  })

  it('is there once, by however many at once, and whoever else finds it', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => add('wanted', { magnet: MAGNET })))
    expect(answers.some(({ status }) => status === 201)).toBe(true)
    expect((await stored())[0]).toHaveLength(1)
    expect(await refusal(await add('wanted', { magnet: MAGNET }))).toEqual([409, 'conflict'])
    const found = {
      ...{ source: { infoHash: HASH, magnet: `${MAGNET}&tr=udp%3A%2F%2Fevil.example` }, name: 'Wanted' },
      provenance: [{ provider: 'torznab', seenAt: 1000 }],
    }
    await callAsAgent(agent.paired, '/api/catalog/found', JSON.stringify({ titleId: 'wanted', found: [found] }))
    expect((await stored())[1]).toMatchObject([{ seen_at: null, provenance: expect.stringContaining('torznab') }])
    await play(token(), { titleId: 'wanted' })
    expect(lastOpened()).toMatchObject({ source: { magnet: MAGNET } })
  })

  it('is taken away again by whoever may, and only what was added by hand', async () => {
    await add('wanted', { magnet: MAGNET })
    const [one] = await choices('wanted')
    await env.DB.prepare(
      "insert into sources (id, title_id, provider, info_hash) values ('built-in', 'wanted', 'open-films', ?)",
    )
      .bind('e'.repeat(40))
      .run()
    expect(await refusal(await remove('wanted', 'built-in'))).toEqual([404, 'not_found'])
    expect(await refusal(await remove('episode-1', one?.id ?? ''))).toEqual([404, 'not_found'])
    expect((await remove('wanted', one?.id ?? '')).status).toBe(204)
    expect((await choices('wanted')).map(({ id }) => id)).toEqual(['built-in'])
    expect((await stored())[2]).toMatchObject([{ kind: 'source_added' }, { kind: 'source_removed' }])
  })

  it('is kept without an agent that could read its name, and plays', async () => {
    agent.answer((request, self, id) => {
      if (request.kind !== 'read-release') return agreeable(request, self, id)
      self.send({ type: 'failed', id, error: { code: 'internal', message: 'No.' } })
      return undefined
    })
    expect((await add('wanted', { magnet: MAGNET })).status).toBe(201)
    expect((await play(token(), { titleId: 'wanted' })).status).toBe(201)
  })
})

describe('a .torrent that was uploaded', () => {
  const file = (bytes: Uint8Array) => ({ torrentFile: encodeBase64Url(new Uint8Array(bytes)) })

  it('is handed to the agent as it is', async () => {
    const torrent = file(torrentOf('Wanted.mkv', 5000))
    expect((await add('wanted', torrent)).status).toBe(201)
    expect(await choices('wanted')).toMatchObject([{ sizeBytes: 5000 }])
    await play(token(), { titleId: 'wanted' })
    expect(lastOpened()).toMatchObject({ source: torrent })
  })

  it('that is large is kept by its hash and its trackers, unless it is private', async () => {
    const pieces = 'x'.repeat(600_000)
    const announce = { announce: 'udp://tracker.example:1' }
    expect((await add('wanted', file(torrentOf('Wanted.mkv', 5000, pieces, announce)))).status).toBe(201)
    await play(token(), { titleId: 'wanted' })
    const opened = lastOpened()
    expect(opened).toMatchObject({ source: { magnet: expect.stringContaining('tracker.example') } })
    expect(opened?.source).not.toHaveProperty('torrentFile')
  })

  it.each([
    ['no .torrent', { torrentFile: 'QUJD' }, 'invalid'],
    ['no magnet', { magnet: 'https://example.org' }, 'invalid'],
    ['both', { magnet: MAGNET, torrentFile: 'QUJD' }, 'invalid'],
    ['neither', {}, 'invalid'],
    ['more than two megabytes', { torrentFile: 'A'.repeat(3_200_000) }, 'too_large'],
  ])('is refused when it is %s', async (_what, json, code) => {
    expect((await refusal(await add('wanted', json)))[1]).toBe(code)
    expect((await stored())[0]).toEqual([])
  })
})

describe('a pack', () => {
  it('for a season is a source of each of its episodes, which is picked out of it', async () => {
    expect(await (await add('season', { magnet: MAGNET })).json()).toEqual({ count: 3 })
    await play(token(), { titleId: 'episode-2' })
    expect(lastOpened()).toMatchObject({ file: { episode: { season: 1, episode: 2 } } })
    expect(heard.filter(({ kind }) => kind === 'read-release')).toHaveLength(1)
    expect(await refusal(await add('show', { magnet: MAGNET, seasonNumber: 1, episodeNumber: 2 }))).toEqual([
      ...[409, 'conflict'],
    ])
  })

  it('for a show says which season, and may say which episode', async () => {
    expect(await refusal(await add('show', { magnet: MAGNET }))).toEqual([400, 'invalid'])
    expect(await refusal(await add('show', { magnet: MAGNET, seasonNumber: 9 }))).toEqual([404, 'not_found'])
    expect(await (await add('show', { magnet: MAGNET, seasonNumber: 1, episodeNumber: 3 })).json()).toEqual({
      count: 1,
    })
    expect((await stored())[0]).toMatchObject([{ title_id: 'episode-3' }])
    expect(await refusal(await add('nothing', { magnet: MAGNET }))).toEqual([404, 'not_found'])
  })
})
