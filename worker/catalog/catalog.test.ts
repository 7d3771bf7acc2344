/** The catalog over HTTP: built-in films, and what agents offer of their own. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { InfoHash, type Offer } from '#protocol/source.ts'
import { openDb } from '../db.ts'
import { type Browser, callEdge, refusal, setUp } from '../testing/call-edge.ts'
import { callAsAgent, type PairedAgent, pairAgent } from '../testing/test-agent.ts'
import type { TitleCard, TitlePage } from './answers.ts'
import { ownPoster } from './offers.ts'
import { magnetOf, openFilms } from './open-films.ts'
import { seedOpenFilms } from './seed-open-films.ts'

let admin: Browser
let agent: PairedAgent
const get = (path: string) => callEdge(path, { token: admin.accessToken })
const titles = async () => (await (await get('/api/titles')).json<{ titles: TitleCard[] }>()).titles
const names = async () => (await titles()).map(({ name }) => name)
const count = (table: string) => env.DB.prepare(`select count(*) n from ${table}`).first('n')

const offer = (change: { key?: string; title?: object; infoHash?: string } = {}): Offer => ({
  key: change.key ?? 'demo:short',
  title: {
    name: 'A short film',
    year: 2020,
    runtimeMinutes: 0.5,
    overview: 'Short.',
    licence: 'CC BY 3.0',
    credit: 'Somebody',
    poster: '/posters/short.jpg',
    ...change.title,
  },
  source: { infoHash: change.infoHash ?? 'a'.repeat(40), torrentFile: 'ZDg6YW5ub3VuY2U' },
  file: {},
  sizeBytes: 1000,
})
const offers = (list: Offer[], provider = 'demo') => JSON.stringify({ provider, offers: list })
const send = (list: Offer[], from = agent, provider = 'demo') =>
  callAsAgent(from, '/api/catalog/offers', offers(list, provider))

beforeAll(async () => {
  admin = await setUp()
  agent = await pairAgent()
})

describe('built-in films', () => {
  it('are there once the household is set up, with licence and credit, and no hash, magnet or tracker to see', async () => {
    expect(await names()).toEqual(['Big Buck Bunny', 'Cosmos Laundromat', 'Sintel', 'Tears of Steel'])
    const response = await get('/api/titles/sintel-2010')
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({
      licence: 'CC BY 3.0',
      sources: [{ provider: 'open-films', sizeBytes: null }],
    })
    for (const film of openFilms) expect(text).not.toContain(film.infoHash)
    expect(text).not.toMatch(/magnet|tracker|btih/)
  })

  it('can be found by hash, tracker and web seed', () => {
    for (const film of openFilms) {
      expect(InfoHash.safeParse(film.infoHash).success).toBe(true)
      const magnet = new URL(magnetOf(film))
      expect(magnet.searchParams.get('xt')).toBe(`urn:btih:${film.infoHash}`)
      expect(magnet.searchParams.getAll('tr').length).toBeGreaterThan(1)
      expect(magnet.searchParams.get('dn')).toBe(film.name)
    }
  })

  it('are not written again when nothing has changed, and mended when something has', async () => {
    await seedOpenFilms(openDb(env.DB))
    expect([await count('titles'), await count('sources')]).toEqual([4, 4])
    await env.DB.prepare("update titles set name = 'Spoiled' where id = 'sintel-2010'").run()
    await seedOpenFilms(openDb(env.DB))
    expect(await names()).toContain('Sintel')
  })

  it('have no page under another id', async () => {
    expect(await refusal(await get('/api/titles/nothing'))).toEqual([404, 'not_found'])
  })
})

describe('offers', () => {
  it('become titles with their agent’s source; sent again nothing changes', async () => {
    expect((await send([offer(), offer({ key: 'demo:other', title: { name: 'Another' } })])).status).toBe(204)
    const before = await titles()
    expect((await send([offer(), offer({ key: 'demo:other', title: { name: 'Another' } })])).status).toBe(204)
    expect(await titles()).toEqual(before)
    expect(before.map(({ name }) => name)).toContain('A short film')
    const row = await env.DB.prepare('select agent_id, provider from sources where info_hash = ?')
      .bind('a'.repeat(40))
      .first()
    expect(row).toEqual({ agent_id: agent.agentId, provider: 'demo' })
  })

  it('take new words and new files, and are withdrawn when no longer offered', async () => {
    await send([offer({ title: { name: 'A renamed film' }, infoHash: 'b'.repeat(40) })])
    expect(await names()).toContain('A renamed film')
    expect(await names()).not.toContain('Another')
    const { results } = await env.DB.prepare("select info_hash from sources where provider = 'demo'").all()
    expect(results).toEqual([{ info_hash: 'b'.repeat(40) }])
    const { id } = (await titles()).find(({ name }) => name === 'A renamed film') ?? { id: '' }
    await send([])
    expect(await names()).not.toContain('A renamed film')
    expect((await (await get(`/api/titles/${id}`)).json<TitlePage>()).sources).toEqual([])
  })

  it('of one provider leave another’s alone, and so do those of another agent', async () => {
    const other = await pairAgent('Cellar')
    await send([offer()])
    await send([offer({ key: 'folder:1', title: { name: 'From a folder' } })], agent, 'folder')
    await send([offer()], other)
    await send([], other)
    expect(await names()).toEqual(expect.arrayContaining(['A short film', 'From a folder']))
  })

  it('cannot put words to a title that somebody else serves too', async () => {
    const other = await pairAgent('Attic of somebody')
    await send([offer()])
    await send([offer({ title: { name: 'Rewritten' } })], other)
    expect(await names()).not.toContain('Rewritten')
  })

  it('go with their agent', async () => {
    const leaving = await pairAgent('Leaving')
    await send([offer({ key: 'demo:leaving', title: { name: 'Leaving' } })], leaving)
    expect(await names()).toContain('Leaving')
    await callEdge(`/api/agents/${leaving.agentId}`, { method: 'DELETE', token: admin.accessToken })
    expect(await names()).not.toContain('Leaving')
    expect(await refusal(await send([offer()], leaving))).toEqual([401, 'bad_signature'])
  })

  it('are refused unsigned, altered, by another key, stale, or for another path', async () => {
    const { privateKey } = await pairAgent('Stranger')
    const body = offers([offer()])
    expect(await refusal(await callEdge('/api/catalog/offers', { json: JSON.parse(body) }))).toEqual([
      401,
      'bad_signature',
    ])
    expect(await refusal(await send([offer()], { ...agent, privateKey }))).toEqual([401, 'bad_signature'])
    const digest = await callAsAgent(agent, '/api/catalog/offers', body, { body: offers([]) })
    expect(await refusal(digest)).toEqual([401, 'bad_signature'])
    const stale = await callAsAgent(agent, '/api/catalog/offers', body, { sentAt: Math.floor(Date.now() / 1000) - 300 })
    expect(await refusal(stale)).toEqual([401, 'bad_signature'])
    const elsewhere = await callAsAgent(agent, '/api/catalog/offers', body, { signedPath: '/api/other' })
    expect(await refusal(elsewhere)).toEqual([401, 'bad_signature'])
  })

  it('are refused when they make no sense, and nothing of them is kept', async () => {
    const before = await names()
    const bad = { ...offer({ key: 'demo:bad' }), source: { infoHash: 'not a hash' } } as Offer
    expect(await refusal(await send([offer({ key: 'demo:good', title: { name: 'Good' } }), bad]))).toEqual([
      400,
      'invalid',
    ])
    expect(await names()).toEqual(before)
  })
})

it.each([
  ['/posters/a.jpg', '/posters/a.jpg'],
  ['//evil.example/a.jpg', null],
  ['/\\evil.example/a.jpg', null],
  ['/a.jpg?x=1', null],
  [undefined, null],
])('keeps a poster only from our own assets: %s', (path, kept) => {
  expect(ownPoster(path)).toBe(kept)
})
