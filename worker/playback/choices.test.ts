/** The order of a title's sources, asked for over HTTP: the one in which Play tries them. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { callEdge, setUp } from '../testing/call-edge.ts'
import type { SourceChoices } from './answers.ts'

let token: string
const ask = async (json: object) => {
  const response = await callEdge('/api/streams/choices', { method: 'POST', token, json })
  return { status: response.status, ...(await response.json<SourceChoices>()) }
}

beforeAll(async () => {
  token = (await setUp()).accessToken
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

  it('has nothing of a title that there is not', async () => {
    expect(await ask({ titleId: 'nothing' })).toMatchObject({ status: 200, sources: [] })
  })

  it('lets no stranger ask', async () => {
    const stranger = await callEdge('/api/streams/choices', { method: 'POST', json: { titleId: 'sintel-2010' } })
    expect(stranger.status).toBe(401)
  })
})
