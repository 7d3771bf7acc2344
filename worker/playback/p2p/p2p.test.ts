/** Signalling over HTTP, with an agent on a real socket: who may, what home is told, and when it is not asked at all. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { readP2pPath } from '#protocol/p2p-signalling.ts'
import { ADMIN, type Browser, callEdge, refusal, signInAs } from '../../testing/call-edge.ts'
import { agreeable, type Household, makeHousehold, playing, setGrant } from '../../testing/play.ts'
import { capabilities } from '../../testing/test-agent.ts'
import { addPerson, tokenOf } from '../../testing/walk-ways.ts'
import type { StreamReady } from '../answers.ts'
import { connectionLimit } from '../limit-asks.ts'

const candidate = 'candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host'
let home: Household
let admin: Browser
let stream: StreamReady
const heard: AgentRequest[] = []

beforeAll(async () => {
  home = await makeHousehold()
  admin = home.admin
})
beforeEach(async () => {
  heard.length = 0
  home.agent.answer((request, agent, id) => {
    heard.push(request)
    if (request.kind === 'p2p-open') return { answer: 'v=0\r\n' }
    return request.kind === 'p2p-candidates' ? { candidates: [candidate] } : agreeable(request, agent, id)
  })
  await tell({ p2p: true })
  stream = await playing(admin.accessToken)
  heard.length = 0
})

/** What the agent can do from now on, once the hub has heard it. */
async function tell(change: object): Promise<void> {
  home.agent.send({ type: 'changed', capabilities: { ...capabilities, ...change } })
  // Told in order: what is answered after this was asked of a hub that knows.
  await playing(admin.accessToken)
}
const at = (beneath = '', id = stream.streamId) => `/api/streams/${id}/p2p${beneath}`
const offer = (token = admin.accessToken, json: object = { offer: 'v=0\r\n' }) => callEdge(at(), { token, json })
const connectionId = 'C'.repeat(22)
const patch = (json: object, token = admin.accessToken) =>
  callEdge(at(`/${connectionId}`), { method: 'PATCH', token, json })
const bye = (token = admin.accessToken) => callEdge(at(`/${connectionId}`), { method: 'DELETE', token })

describe('Play, where home can peer to peer', () => {
  it('names the stream on that transport between the direct ones and the relay, with the operator’s servers', async () => {
    expect(stream.urls.map(({ transport }) => transport)).toEqual(['direct', 'p2p', 'relay'])
    const url = new URL(stream.urls[1]?.url ?? '')
    expect(url.origin).toBe('http://porchlight.test')
    expect(readP2pPath(url.pathname)).toEqual({
      streamId: stream.streamId,
      path: new URL(stream.urls[2]?.url ?? '').pathname,
    })
    expect(stream.iceServers).toEqual([
      { urls: ['stun:stun.test'] },
      { urls: ['turn:turn.test'], username: expect.any(String), credential: expect.any(String) },
    ])
    const renewed = await callEdge(`/api/streams/${stream.streamId}/renew`, { token: admin.accessToken, json: {} })
    const { urls } = await renewed.json<Pick<StreamReady, 'urls'>>()
    expect(urls.map(({ transport }) => transport)).toEqual(['direct', 'p2p', 'relay'])
  })

  it('serves nothing there itself', async () => {
    const { pathname } = new URL(stream.urls[1]?.url ?? '')
    expect(await refusal(await callEdge(pathname))).toEqual([404, 'not_found'])
  })

  it('says nothing of it where home cannot', async () => {
    await tell({})
    const without = await playing(admin.accessToken)
    expect(without.urls.map(({ transport }) => transport)).toEqual(['direct', 'relay'])
    expect(without).not.toHaveProperty('iceServers')
  })
})

describe('an offer', () => {
  it('goes to the home that plays, with the servers that the browser has, and comes back as an answer', async () => {
    const response = await offer()
    expect(response.status).toBe(201)
    const opened = await response.json<{ connectionId: string; description: string }>()
    expect(opened).toEqual({ connectionId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/), description: 'v=0\r\n' })
    expect(heard).toEqual([
      {
        kind: 'p2p-open',
        streamId: stream.streamId,
        connectionId: opened.connectionId,
        offer: 'v=0\r\n',
        iceServers: [{ urls: ['stun:stun.test'] }, expect.objectContaining({ urls: ['turn:turn.test'] })],
      },
    ])
  })

  it('is refused where home cannot, and home is not asked', async () => {
    await tell({})
    heard.length = 0
    expect(await refusal(await offer())).toEqual([501, 'not_configured'])
    expect(heard).toEqual([])
  })

  it.each<[string, object]>([
    ['nothing', {}],
    ['more than an offer is', { offer: 'v'.repeat(33_000) }],
    ['no text', { offer: { sdp: 'v=0' } }],
    ['more than was asked for', { offer: 'v=0', agentId: 'other' }],
  ])('is refused when it is %s', async (_what, json) => {
    expect(await refusal(await offer(admin.accessToken, json))).toEqual([400, 'invalid'])
    expect(heard).toEqual([])
  })
})

describe('offers of one person', () => {
  const asked = (asks: number, ago = 0) =>
    env.DB.prepare('insert or replace into connection_asks (person_id, started_at, asks) values (?, ?, ?)')
      .bind(admin.person.id, Math.floor(Date.now() / 1000) - ago, asks)
      .run()
  const race = async () => {
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await offer()).status))
    return [201, 429].map((status) => statuses.filter((one) => one === status).length)
  }

  it('are no more than a limit in ten minutes, however many are made at once, and home hears of no other', async () => {
    await asked(connectionLimit.most - 20)
    expect(await race()).toEqual([20, 30])
    expect(heard).toHaveLength(20)
    expect(await refusal(await offer())).toEqual([429, 'too_many'])
    // Somebody else's are counted by themselves.
    const { token } = await tokenOf(await addPerson())
    const { streamId } = await playing(token)
    expect((await callEdge(at('', streamId), { token, json: { offer: 'v=0\r\n' } })).status).toBe(201)
  })

  it('begin anew after that', async () => {
    await asked(connectionLimit.most, connectionLimit.seconds + 5)
    expect(await race()).toEqual([50, 0])
  })
})

describe('candidates', () => {
  it('go to home, and those of home come back', async () => {
    const response = await patch({ candidates: [candidate], mid: '0' })
    expect([response.status, await response.json()]).toEqual([200, { candidates: [candidate] }])
    expect(heard).toEqual([
      { kind: 'p2p-candidates', streamId: stream.streamId, connectionId, candidates: [candidate], mid: '0' },
    ])
  })

  it.each<[string, object]>([
    ['no candidates', { candidates: ['a=mid:0'] }],
    ['a line in disguise', { candidates: [`${candidate}\r\na=x`] }],
    ['more than a browser has', { candidates: Array.from({ length: 33 }, () => candidate) }],
  ])('are refused when they are %s', async (_what, json) => {
    expect(await refusal(await patch(json))).toEqual([400, 'invalid'])
    expect(heard).toEqual([])
  })
})

it('tells home when a browser is done with a connection', async () => {
  expect((await bye()).status).toBe(204)
  expect(heard).toEqual([{ kind: 'p2p-close', streamId: stream.streamId, connectionId }])
})

describe('a stream', () => {
  const ways = { offer, patch: (token?: string) => patch({ candidates: [] }, token), bye }
  it.each(Object.entries(ways))('of another session takes no %s', async (_what, call) => {
    const other = await signInAs(ADMIN.email, ADMIN.password)
    expect(await refusal(await call(other.accessToken))).toEqual([404, 'not_found'])
    expect(heard).toEqual([])
  })

  it.each(Object.entries(ways))('that was left takes no %s', async (_what, call) => {
    await setGrant(stream.streamId, 'expires_at = 1')
    expect(await refusal(await call())).toEqual([401, 'token_expired'])
    await setGrant(stream.streamId, 'revoked_at = 1')
    expect(await refusal(await call())).toEqual([401, 'token_revoked'])
    expect(heard).toEqual([])
  })
})
