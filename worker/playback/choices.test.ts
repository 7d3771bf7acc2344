/** The order of a title's sources, asked for over HTTP: the one in which Play tries them. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { ADMIN, callEdge, refusal, signInAs } from '../testing/call-edge.ts'
import { makeHousehold, opened, play } from '../testing/play.ts'
import { type ConnectedAgent, callAsAgent, connectAgent, pairAgent } from '../testing/test-agent.ts'
import type { SourceChoices, StreamReady } from './answers.ts'

let token: string
let agent: ConnectedAgent
const ask = async (json: object) => {
  const response = await callEdge('/api/streams/choices', { method: 'POST', token, json })
  return { status: response.status, ...(await response.json<SourceChoices>()) }
}

beforeAll(async () => {
  ;({ agent } = await makeHousehold())
  token = (await signInAs(ADMIN.email, ADMIN.password)).accessToken
  const insert =
    "insert into sources (id, title_id, provider, info_hash, torrent_file, file_path, size_bytes) values (?, 'sintel-2010', 'test', ?, ?, ?, ?)"
  await env.DB.batch([
    env.DB.prepare("delete from sources where title_id = 'sintel-2010'"),
    env.DB.prepare(insert).bind('heavy', 'b'.repeat(40), 'QQ', 'film.mp4', 90_000_000_000),
    env.DB.prepare(insert).bind('light', 'c'.repeat(40), null, 'film.mp4', 500_000_000),
  ])
})

describe('POST /api/streams/choices', () => {
  it('tells the order and the reasons, and nothing of hashes or trackers', async () => {
    const { status, sources } = await ask({ titleId: 'sintel-2010' })
    expect(status).toBe(200)
    expect(sources).toEqual([
      { id: 'heavy', provider: 'test', sizeBytes: 90_000_000_000, reasons: ['has_torrent_file'] },
      { id: 'light', provider: 'test', sizeBytes: 500_000_000, reasons: ['hash_alone'] },
    ])
  })

  it('puts what the line carries before what it does not', async () => {
    const device = { codecs: [], containers: [], lineBytesPerSecond: 2_000_000 }
    const { sources } = await ask({ titleId: 'sintel-2010', device })
    expect(sources.map(({ id }) => id)).toEqual(['light', 'heavy'])
    expect(sources[1]?.reasons).toContain('too_much_for_the_line')
  })

  it('follows the household’s rules: what is not wanted stands last with its reason, and Play does not take it', async () => {
    const release = { title: 'Sintel', source: 'hdtv', videoCodec: 'hevc' }
    const lists = { hdr: [], audioCodecs: [], languages: [], subtitles: [], editions: [] }
    const source = { infoHash: 'd'.repeat(40), magnet: `magnet:?xt=urn:btih:${'d'.repeat(40)}` }
    const provenance = [{ provider: 'torznab', seenAt: 1 }]
    const found = [{ source, name: 'Sintel HDTV', seeders: 500, release: { ...release, ...lists }, provenance }]
    await callAsAgent(agent.paired, '/api/catalog/found', JSON.stringify({ titleId: 'sintel-2010', found }))
    const first = async (device?: object) =>
      (await ask({ titleId: 'sintel-2010', ...(device && { device }) })).sources[0]
    expect(await first()).toMatchObject({ provider: 'torznab' })
    const rules = (list: object[]) =>
      callEdge('/api/household/release-rules', { method: 'PUT', token, json: { rules: list } })
    await rules([{ effect: 'prefer', videoCodecs: ['hevc'] }])
    expect((await first())?.reasons).toContain('preferred_by_rule')
    await rules([{ effect: 'refuse', sources: ['hdtv'] }])
    const { sources } = await ask({ titleId: 'sintel-2010' })
    expect(sources.map(({ provider }) => provider)).toEqual(['test', 'test', 'torznab'])
    expect(sources[2]?.reasons).toContain('refused_by_rule')
    await env.DB.prepare("delete from sources where id in ('heavy', 'light')").run()
    expect(await refusal(await play(token, { titleId: 'sintel-2010' }))).toEqual([404, 'no_source'])
    // Whoever asks for it by name gets it all the same.
    const prefer = { sourceId: sources[2]?.id }
    expect((await play(token, { titleId: 'sintel-2010', prefer })).status).toBe(201)
    await rules([])
    // No browser here decodes HEVC, and nobody at home can make a picture anew.
    const device = { codecs: ['avc1.640028'], segmentCodecs: ['avc1.640028'], containers: ['video/mp4'] }
    expect((await first(device))?.reasons).toContain('cannot_be_played')
    const maker = await connectAgent(await pairAgent('Maker'), { ffmpeg: true })
    expect((await first(device))?.reasons).toContain('picture_is_made')
    maker.close()
  })

  it('puts what is whole on the disk of an agent first, and Play begins with it', async () => {
    const insert =
      "insert into sources (id, title_id, provider, info_hash, magnet) values (?, 'tears-of-steel-2012', 'test', ?, ?)"
    const copies = [...'12'].map((n) => env.DB.prepare(insert).bind(`copy-${n}`, n.repeat(40), `magnet:?${n}`))
    await env.DB.batch([env.DB.prepare("delete from sources where title_id = 'tears-of-steel-2012'"), ...copies])
    const titleId = 'tears-of-steel-2012'
    const order = async () => (await ask({ titleId })).sources.map(({ id }) => id)
    expect(await order()).toEqual(['copy-1', 'copy-2'])
    const keeper = await connectAgent(await pairAgent('Keeper'), { alsoAnswers: ['holds'] })
    const heard: AgentRequest[] = []
    keeper.answer((request) => {
      heard.push(request)
      if (request.kind !== 'holds') return opened
      const held = [
        { infoHash: '1'.repeat(40), isWhole: false },
        { infoHash: '2'.repeat(40), isWhole: true },
      ]
      return { held, peerAddresses: [] }
    })
    expect(await order()).toEqual(['copy-2', 'copy-1'])
    expect((await ask({ titleId })).sources[0]?.reasons).toEqual(['at_home'])
    expect((await (await play(token, { titleId })).json<StreamReady>()).sourceId).toBe('copy-2')
    expect(heard[0]).toEqual({ kind: 'holds', infoHashes: ['1'.repeat(40), '2'.repeat(40)] })
    // Who does not say in time is not waited for.
    keeper.answer(() => undefined)
    expect(await order()).toEqual(['copy-1', 'copy-2'])
    keeper.close()
  })

  it('has nothing of a title that there is not', async () => {
    expect(await ask({ titleId: 'nothing' })).toMatchObject({ status: 200, sources: [] })
  })

  it('lets no stranger ask', async () => {
    const stranger = await callEdge('/api/streams/choices', { method: 'POST', json: { titleId: 'sintel-2010' } })
    expect(stranger.status).toBe(401)
  })
})
