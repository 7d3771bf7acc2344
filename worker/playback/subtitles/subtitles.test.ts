/** Adding and searching subtitles over HTTP: an agent on a real socket, and a stand-in of OpenSubtitles. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AddSubtitleRequest } from '#protocol/agent-requests.ts'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import { ADMIN, type Browser, callEdge, refusal, signInAs } from '../../testing/call-edge.ts'
import { agreeable, makeHousehold, opened, playing, setGrant } from '../../testing/play.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { subtitleLimit, takeAsk } from '../limit-asks.ts'
import { downloadSubtitle, MOST_FILE_BYTES, searchSubtitles } from './open-subtitles.ts'

const upstream = new URL(env.OPENSUBTITLES_URL ?? '').origin
const order = (path: string, json: object) =>
  fetch(`${upstream}/stand-in/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
const fault = (path: string, how: object) => order('faults', { path: `/api/v1/${path}`, times: 1, ...how })

const track = { id: 'u1', kind: 'text', format: 'subrip', name: 'Mine', language: 'de' }
const srt = '1\n00:00:01,000 --> 00:00:02,000\nHallo\n'
const upload = {
  name: 'Mine',
  language: 'de',
  format: 'srt',
  file: encodeBase64Url(new TextEncoder().encode(srt)),
}

let admin: Browser
let streamId: string
let added: AddSubtitleRequest[]

beforeAll(async () => {
  const household = await makeHousehold()
  admin = household.admin
  household.agent.answer((request, agent, id) => {
    if (request.kind !== 'add-subtitle') return agreeable(request, agent, id)
    added.push(request)
    return track
  })
})
beforeEach(async () => {
  added = []
  streamId = (await playing(admin.accessToken)).streamId
})

const post = (json: object, beneath = '', token = admin.accessToken) =>
  callEdge(`/api/streams/${streamId}/subtitles${beneath}`, { json, token })
const search = (language = 'de', token = admin.accessToken) =>
  callEdge(`/api/streams/${streamId}/subtitles/search?language=${language}`, { token })

describe('a file of one’s own', () => {
  it('goes to the agent that plays, for the file that plays', async () => {
    const response = await post(upload)
    expect([response.status, await response.json()]).toEqual([201, track])
    expect(added).toEqual([{ kind: 'add-subtitle', ...upload, sourceId: expect.any(String), path: opened.path }])
  })

  it('may be as large as the message to an agent allows, and no larger', async () => {
    expect((await post({ ...upload, file: 'A'.repeat(900_000) })).status).toBe(201)
    expect(await refusal(await post({ ...upload, file: 'A'.repeat(900_001) }))).toEqual([400, 'invalid'])
    expect(await refusal(await post({ ...upload, file: 'A'.repeat(1_100_000) }))).toEqual([413, 'too_large'])
    expect(await refusal(await post({ fileId: 1, name: 'A'.repeat(100_000) }, '/found'))).toEqual([413, 'too_large'])
  })

  it.each([
    ['another format', { format: 'exe' }],
    ['no name', { name: ' ' }],
    ['a language that is none', { language: '../..' }],
    ['a file that is not base64url', { file: 'a+b/' }],
    ['a path of its own', { path: '/etc/passwd' }],
  ])('is refused with %s', async (_name, change) => {
    expect(await refusal(await post({ ...upload, ...change }))).toEqual([400, 'invalid'])
    expect(added).toEqual([])
  })

  it('is only for the session that plays, while it plays', async () => {
    const other = await signInAs(ADMIN.email, ADMIN.password)
    expect(await refusal(await post(upload, '', other.accessToken))).toEqual([404, 'not_found'])
    expect(await refusal(await search('de', other.accessToken))).toEqual([404, 'not_found'])
    await setGrant(streamId, 'expires_at = 1')
    expect(await refusal(await post(upload))).toEqual([401, 'token_expired'])
    await setGrant(streamId, 'expires_at = 4102444800, revoked_at = 1')
    expect(await refusal(await post(upload))).toEqual([401, 'token_revoked'])
    expect(added).toEqual([])
  })
})

describe('the search', () => {
  it('finds files for the title that plays: people’s work before machines’, then the most liked', async () => {
    const response = await search()
    expect(await response.json()).toEqual({
      results: [
        {
          fileId: 2_600_001,
          name: 'Sintel.2010.1080p',
          language: 'de',
          downloads: 800,
          isForHardOfHearing: false,
          isMachineMade: false,
        },
        expect.objectContaining({ fileId: 2_600_006, isForHardOfHearing: true }),
        expect.objectContaining({ fileId: 2_600_002, isMachineMade: true }),
      ],
    })
  })

  it('is empty for a language that nobody wrote', async () => {
    expect(await (await search('pt-BR')).json()).toEqual({ results: [] })
  })

  it('brings what was chosen to the agent', async () => {
    const response = await post({ fileId: 2_600_001, name: 'Sintel', language: 'de' }, '/found')
    expect([response.status, await response.json()]).toEqual([201, track])
    expect(added).toMatchObject([{ name: 'Sintel', language: 'de', format: 'srt', path: opened.path }])
    expect(new TextDecoder().decode(decodeBase64Url(added[0]?.file ?? ''))).toContain('Guten Tag 2600001')
  })
})

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => 'nothing was refused',
    (thrown) => thrown,
  )
  return error instanceof AppError ? error.code : String(error)
}
const sintel = { name: 'Sintel', year: 2010, language: 'de' }

describe('OpenSubtitles', () => {
  const edge = testEdge(1000)

  it.each([
    ['too many requests', { status: 429, text: '{"message":"Throttle limit reached"}' }, 'too_many'],
    ['a bad gateway', { status: 502 }, 'busy'],
    ['a page for JSON', { status: 200, text: '<html>' }, 'busy'],
    ['half an answer', { status: 200, text: '{"data":[{"attributes":' }, 'busy'],
    ['another shape', { status: 200, text: '{"data":{"a":1}}' }, 'busy'],
    ['more than anybody could read', { status: 200, text: `{"data":[],"x":"${'x'.repeat(2_100_000)}"}` }, 'busy'],
    ['a redirect', { status: 302, location: 'http://169.254.169.254/' }, 'busy'],
    ['silence', { hangs: true }, 'busy'],
  ])('answers the search with %s', async (_name, how, code) => {
    await fault('subtitles', how)
    expect(await codeOf(searchSubtitles(edge, sintel))).toBe(code)
  })

  it('is not configured without a key, and with one that is not accepted', async () => {
    const without = { ...edge, env: { ...edge.env } }
    delete without.env.OPENSUBTITLES_KEY
    expect(await codeOf(searchSubtitles(without, sintel))).toBe('not_configured')
    const wrong = testEdge(1000, { OPENSUBTITLES_KEY: 'other' })
    expect(await codeOf(searchSubtitles(wrong, sintel))).toBe('not_configured')
  })

  it.each([
    ['a file that is too large', 2_600_004, 'too_large'],
    ['a link into our own network', 2_600_005, 'busy'],
    ['a file it does not have', 77, 'busy'],
    ['half a file', 2_600_007, 'busy'],
  ])('offers %s', async (_name, fileId, code) => {
    expect(await codeOf(downloadSubtitle(edge, fileId))).toBe(code)
  })

  it('says when the day’s downloads are used up', async () => {
    await order('quota', { remaining: 0 })
    expect(await codeOf(downloadSubtitle(edge, 2_600_001))).toBe('too_many')
    await order('quota', { remaining: 1000 })
    expect((await downloadSubtitle(edge, 2_600_001)).length).toBeLessThan(MOST_FILE_BYTES)
  })
})

describe('asking', () => {
  it('is bounded for each person, however many ask at once', async () => {
    const edge = testEdge(4_000_000_000)
    const codes = await Promise.all(
      Array.from({ length: 50 }, () => codeOf(takeAsk(edge, admin.person.id, subtitleLimit))),
    )
    expect(codes.filter((code) => code !== 'too_many')).toHaveLength(subtitleLimit.most)
    expect(await codeOf(takeAsk(testEdge(4_000_000_600), admin.person.id, subtitleLimit))).toBe('too_many')
    expect(await codeOf(takeAsk(testEdge(4_000_000_601), admin.person.id, subtitleLimit))).toBe('nothing was refused')
  })
})
