/** Work for agents: what is wanted first, one agent each, taken over after a crash, and what is told back. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Work, WorkCall } from '#protocol/source-work.ts'
import { openDb } from '../../db.ts'
import { type Household, makeHousehold } from '../../testing/play.ts'
import { recordingDatabase, scansOf } from '../../testing/record-queries.ts'
import { callAsAgent, pairAgent } from '../../testing/test-agent.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { giveWork } from './give-work.ts'
import { takeInWork } from './take-in-work.ts'

const NOW = 2_000_000_000
const DAY = 86_400
const HASH = 'c'.repeat(40)
let home: Household

const sql = (...texts: string[]) => env.DB.batch(texts.map((text) => env.DB.prepare(text)))
const film = (id: string) =>
  `insert into titles (id, kind, name, overview, licence, credit, year) values ('${id}', 'movie', 'Film ${id}', '', '', '', 2001)`
const listed = (list: string, title: string, rank: string) =>
  `insert into list_items (list_id, title_id, rank, added_at) values ('${list}', '${title}', '${rank}', 0)`
const list = (id: string, kind = 'builtin') =>
  `insert into media_lists (id, kind, name, created_at, changed_at) values ('${id}', '${kind}', '${id}', 0, 0)`
const take = (what: WorkCall['take'], now = NOW) => giveWork(testEdge(now), what ?? {})
const tell = (done: WorkCall['done'], now = NOW) => takeInWork(testEdge(now), done ?? {}, () => 0.5)
const titlesOf = ({ searches }: Work) => searches.map(({ titleId }) => titleId)

beforeAll(async () => {
  home = await makeHousehold()
  const watchlist = `watchlist-${home.admin.person.id}`
  await sql(
    ...['mine', 'soon', 'trend', 'loved', 'unlisted'].map(film),
    "insert into titles (id, kind, name, overview, licence, credit, year) values ('show', 'show', 'Show', '', '', '', 2001)",
    ...[1, 2, 3].map(
      (n) =>
        `insert into titles (id, kind, name, overview, licence, credit, show_id, season_number, episode_number) values ('e${n}', 'episode', 'E${n}', '', '', '', 'show', 1, ${n})`,
    ),
    list(watchlist, 'watchlist'),
    ...['upcoming-movies', 'trending-movies', 'popular-movies'].map((id) => list(id)),
    listed(watchlist, 'mine', 'a'),
    listed('popular-movies', 'loved', 'a'),
    listed('trending-movies', 'trend', 'a'),
    listed('trending-movies', 'mine', 'b'),
    listed('upcoming-movies', 'soon', 'a'),
    `insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms) values ('${home.admin.person.id}', '${home.admin.person.id}', 'show', 1, 1, 5)`,
  )
})
beforeEach(() =>
  sql(
    'delete from title_searches',
    'delete from search_leases',
    "delete from sources where title_id in ('mine', 'loved')",
  ),
)

const find = async (infoHash = HASH, titleId = 'mine', more = '') => {
  const found = [
    {
      source: { infoHash, magnet: `magnet:?xt=urn:btih:${infoHash}&tr=udp%3A%2F%2Ftracker.example%3A80${more}` },
      name: 'Film.mine.2001.1080p.WEB-DL.x264-GRP',
      seeders: 7,
      provenance: [{ provider: 'torznab', seenAt: 1 }],
    },
  ]
  const sent = await callAsAgent(home.agent.paired, '/api/catalog/found', JSON.stringify({ titleId, found }))
  if (sent.status !== 204) throw new Error(await sent.text())
  const row = await env.DB.prepare('select source_id id from source_care order by rowid desc').first<{ id: string }>()
  return row?.id ?? ''
}
const care = (id: string) => env.DB.prepare('select * from source_care where source_id = ?').bind(id).first()
const factsOf = (id: string) => env.DB.prepare('select * from found_sources where source_id = ?').bind(id).first()

describe('titles to look for', () => {
  it('are those that people want, then what comes, what is talked about, and what is loved', async () => {
    expect(titlesOf(await take({ searches: 5 }))).toEqual(['e2', 'mine', 'soon', 'trend', 'loved'])
  })

  it('come with all that a provider needs', async () => {
    const { searches } = await take({ searches: 1 })
    expect(searches).toEqual([
      {
        ...{ titleId: 'e2', kind: 'episode', name: 'Show', otherNames: [], year: 2001 },
        ...{ episode: { season: 1, episode: 2 }, showId: 'show' },
      },
    ])
  })

  it('are each for one of fifty who ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => take({ searches: 1 })))
    expect(all.flatMap(titlesOf).sort()).toEqual(['e2', 'loved', 'mine', 'soon', 'trend'])
  })

  it('go to another when the first never tells, and to nobody for a day when it does', async () => {
    await take({ searches: 5 })
    expect(titlesOf(await take({ searches: 5 }, NOW + 899))).toEqual([])
    const { searches, leaseSeconds } = await take({ searches: 1 }, NOW + 900)
    expect([searches.length, leaseSeconds]).toEqual([1, 900])
    await tell({ searched: ['e2', 'mine', 'soon', 'trend', 'loved', 'gone'] }, NOW + 1000)
    expect(titlesOf(await take({ searches: 5 }, NOW + 1000 + DAY - 1))).toEqual([])
    expect(titlesOf(await take({ searches: 5 }, NOW + 1000 + DAY))).toHaveLength(5)
  })

  it('of what can be had come after a week', async () => {
    await find()
    await tell({ searched: ['e2', 'mine', 'soon', 'trend', 'loved'] })
    expect(titlesOf(await take({ searches: 5 }, NOW + 6 * DAY))).toEqual(['e2', 'soon', 'trend', 'loved'])
    expect(titlesOf(await take({ searches: 5 }, NOW + 7 * DAY))).toContain('mine')
  })

  it('that nobody wants come after a month, when they were looked for once', async () => {
    await tell({ searched: ['unlisted', 'e2', 'mine', 'soon', 'trend', 'loved'] })
    const later = NOW + 30 * DAY
    expect(titlesOf(await take({ searches: 5 }, later))).not.toContain('unlisted')
    expect(titlesOf(await take({ searches: 5 }, later))).toEqual(['unlisted'])
  })
})

describe('sources to count', () => {
  it('are opened for the agent, one each, and again when it never tells', async () => {
    const id = await find()
    const all = await Promise.all(Array.from({ length: 50 }, () => take({ counts: 5 })))
    const given = all.flatMap(({ counts }) => counts)
    expect(given).toEqual([{ sourceId: id, source: { infoHash: HASH, magnet: expect.stringContaining(HASH) } }])
    expect((await take({ counts: 5 }, NOW + 899)).counts).toEqual([])
    expect((await take({ counts: 5 }, NOW + 900)).counts).toHaveLength(1)
  })

  it('keep what they were before, and come again by how they changed', async () => {
    const id = await find()
    await tell({ counted: [{ sourceId: id, seeders: 20, leechers: 2 }] })
    expect(await care(id)).toMatchObject({ counted_at: NOW, count_at: NOW + DAY / 2, count_every_seconds: DAY / 2 })
    expect(await factsOf(id)).toMatchObject({ seeders: 20, seeders_before: 7, leechers: 2 })
    await tell({ counted: [{ sourceId: id, seeders: 60, leechers: 2 }] }, NOW + DAY)
    expect(await care(id)).toMatchObject({ counted_at: NOW + DAY, count_at: NOW + 1.25 * DAY })
    expect(await factsOf(id)).toMatchObject({ seeders: 60, seeders_before: 20 })
  })

  it('that nobody answers for keep their numbers and come later', async () => {
    const id = await find()
    await tell({ counted: [{ sourceId: id }] })
    expect(await care(id)).toMatchObject({ counted_at: null, count_at: NOW + DAY })
    expect(await factsOf(id)).toMatchObject({ seeders: 7 })
  })

  it('are not files of one agent’s own', async () => {
    const found = [
      {
        source: { infoHash: HASH },
        name: 'x',
        isOnThisAgentOnly: true,
        provenance: [{ provider: 'local', seenAt: 1 }],
      },
    ]
    await callAsAgent(home.agent.paired, '/api/catalog/found', JSON.stringify({ titleId: 'mine', found }))
    expect((await take({ counts: 5, readings: 5 })).counts).toEqual([])
  })

  it('of which nobody knows change nothing', async () => {
    await tell({ counted: [{ sourceId: 'gone', seeders: 1 }], read: [{ sourceId: 'gone', fileCount: 1 }] })
    expect(await env.DB.prepare('select count(*) n from source_care').first('n')).toBe(0)
  })
})

describe('metadata to read', () => {
  it('tells which file plays and what speaks against it, once', async () => {
    const id = await find()
    const { readings } = await take({ readings: 5 })
    expect(readings).toMatchObject([{ sourceId: id, name: expect.any(String), file: {}, wish: { titleId: 'mine' } }])
    const done = {
      read: [
        { sourceId: id, fileCount: 3, file: { path: 'a/b.mkv', sizeBytes: 9 }, doubts: ['has_executable' as const] },
      ],
    }
    await tell(done)
    await tell(done)
    expect(await care(id)).toMatchObject({ read_at: null, file_count: 3 })
    expect(await factsOf(id)).toMatchObject({ doubts: '["has_executable"]' })
    const place = () => env.DB.prepare('select file_path, size_bytes from sources where id = ?').bind(id).first()
    expect(await place()).toEqual({ file_path: 'a/b.mkv', size_bytes: 9 })
    await tell({ read: [{ sourceId: id, fileCount: 3, file: { path: 'evil.exe', sizeBytes: 1 } }] })
    expect(await place()).toEqual({ file_path: 'a/b.mkv', size_bytes: 9 })
    expect((await take({ readings: 5 }, NOW + 30 * DAY)).readings).toEqual([])
    // Found again with another tracker, by its name alone.
    await find(HASH, 'mine', '&tr=udp%3A%2F%2Fother.example%3A80')
    expect(await place()).toEqual({ file_path: 'a/b.mkv', size_bytes: 9 })
    expect(await factsOf(id)).toMatchObject({ doubts: '["has_executable"]' })
  })

  it('that nobody sends is asked for ever more seldom, and then no more', async () => {
    const id = await find()
    const waits: number[] = []
    let now = NOW
    for (;;) {
      await tell({ read: [{ sourceId: id }] }, now)
      const at = (await care(id))?.read_at as number | null
      if (at === null) break
      waits.push((at - now) / 3600)
      now = at
    }
    expect(waits).toEqual([6, 24, 72, 168])
  })
})

describe('the route', () => {
  it('takes in and gives out in one call of an agent', async () => {
    const id = await find()
    const call: WorkCall = { done: { counted: [{ sourceId: id, seeders: 3 }] }, take: { readings: 1, counts: 5 } }
    const answer = await callAsAgent(await pairAgent('Cellar'), '/api/work', JSON.stringify(call))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ counts: [], readings: [{ sourceId: id }], searches: [] })
  })

  it('refuses more than may be asked for', async () => {
    const answer = await callAsAgent(home.agent.paired, '/api/work', JSON.stringify({ take: { searches: 6 } }))
    expect(answer.status).toBe(400)
  })
})

it('reads no growing table from end to end', async () => {
  const id = await find()
  const { database, queries } = recordingDatabase(env.DB)
  const edge = { ...testEdge(NOW), env: { ...env, DB: database }, db: openDb(database) }
  await giveWork(edge, { searches: 5, counts: 5, readings: 5 })
  await takeInWork(
    edge,
    { searched: ['mine'], counted: [{ sourceId: id, seeders: 1 }], read: [{ sourceId: id }] },
    () => 0.5,
  )
  const bounded = /^SCAN (json_each|profiles|viewers|users|wanted|w|due|s|l|forgotten|CONSTANT ROW|\(subquery)\b/
  const scans: string[] = []
  for (const query of queries) scans.push(...(await scansOf(env.DB, query)).filter((scan) => !bounded.test(scan)))
  expect(scans).toEqual([])
})
