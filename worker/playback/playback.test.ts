/** Play, renew, move and leave, over HTTP with agents on real sockets. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { readStreamToken } from '#protocol/stream-token.ts'
import { readStreamPath } from '#protocol/stream-url.ts'
import { readKeyring } from '../keyring.ts'
import { streamVerificationKeys } from '../signing-keys.ts'
import { ADMIN, type Browser, callEdge, refusal, signInAs } from '../testing/call-edge.ts'
import {
  agreeable,
  type Household,
  makeHousehold,
  opened,
  play,
  playing,
  relayPathOf,
  setGrant,
} from '../testing/play.ts'
import { type ConnectedAgent, connectAgent, pairAgent } from '../testing/test-agent.ts'
import type { PlayLine, StreamReady } from './answers.ts'

let home: Household
let token: string
const heard: AgentRequest[] = []
const kinds = () => heard.map(({ kind }) => kind)

beforeAll(async () => {
  home = await makeHousehold()
  token = home.admin.accessToken
})
beforeEach(() => {
  heard.length = 0
  listen(home.agent)
})

/** Notes what the agent is asked; `refuse` answers `open` with this code. */
function listen(agent: ConnectedAgent, refuse?: 'no_peers' | 'disk_full' | 'no_playable_file' | 'vpn_down'): void {
  agent.answer((request, self, id) => {
    heard.push(request)
    if (request.kind !== 'open' || !refuse) return agreeable(request, self, id)
    self.send({ type: 'failed', id, error: { code: refuse, message: `refused by ${self.paired.agentId}` } })
    return undefined
  })
}

const tokenOf = ({ urls }: Pick<StreamReady, 'urls'>) =>
  readStreamPath(new URL(urls[0]?.url ?? '').pathname)?.token ?? ''
async function claimsOf(stream: Pick<StreamReady, 'urls'>) {
  const keys = await streamVerificationKeys(readKeyring(env.KEYRING))
  return readStreamToken(tokenOf(stream), async (id) => {
    const found = keys.find(({ keyId }) => keyId === id)
    return found && importPublicKey(found.publicKey)
  })
}
const post = (path: string, json?: object, as = token) =>
  callEdge(path, { method: 'POST', token: as, json: json ?? {} })
const leave = (id: string, as = token) => callEdge(`/api/streams/${id}`, { method: 'DELETE', token: as })
const grantOf = (id: string) => env.DB.prepare('select * from stream_grants where id = ?').bind(id).first()
const move = (id: string, reason = 'error') => post(`/api/streams/${id}/move`, { reason, atSeconds: 42 })

describe('Play', () => {
  it('asks home for a film that somebody may play soon only if it is there, and says so when it is not', async () => {
    expect((await play(token, { ifAtHome: true })).status).toBe(201)
    expect(heard[0]).toMatchObject({ kind: 'open', ifAtHome: true })
    home.agent.answer((_request, self, id) => {
      self.send({ type: 'failed', id, error: { code: 'not_found', message: 'Not at home.' } })
      return undefined
    })
    expect(await refusal(await play(token, { ifAtHome: true }))).toEqual([404, 'not_found'])
  })

  it('opens the title at home and answers with tracks, plan and URLs, the token inside them alone', async () => {
    const response = await play(token, { startSeconds: 12 }, { 'x-correlation-id': 'press-of-play' })
    expect(response.status).toBe(201)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const stream = await response.json<StreamReady>()
    const { path: _path, ...shown } = opened
    expect(stream).toMatchObject({ ...shown, resumeAtSeconds: 12 })
    expect(stream.urls.map(({ transport }) => transport)).toEqual(['direct', 'relay'])
    expect(stream.urls[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:8788\/api\/stream\/v1\./)
    expect(stream.urls[1]?.url).toMatch(/^http:\/\/porchlight\.test\/api\/stream\/v1\./)
    expect(JSON.stringify({ ...stream, urls: [] })).not.toContain(tokenOf(stream))

    const claims = await claimsOf(stream)
    expect(claims).toMatchObject({
      keyId: 't1',
      streamId: stream.streamId,
      personId: home.admin.person.id,
      sessionId: home.admin.sessionId,
      agentId: home.agent.paired.agentId,
      sourceId: 'open-sintel-2010',
      path: opened.path,
      counter: 0,
      correlationId: 'press-of-play',
      expiresAt: stream.expiresAt,
    })
    expect(claims.expiresAt - Math.floor(Date.now() / 1000)).toBeLessThanOrEqual(300)
    expect(heard).toMatchObject([
      { kind: 'open', streamId: stream.streamId, startSeconds: 12, sourceId: 'open-sintel-2010' },
    ])
  })

  it('shows no hash, magnet or tracker to the browser', async () => {
    const text = JSON.stringify(await playing(token))
    expect(text).not.toMatch(/magnet|btih|tracker|08ada5a7a6183aae1e09d831df6748d566095a10/)
  })

  it('tells the stages line by line to whoever asks for lines', async () => {
    home.agent.answer((request, agent, id) => {
      if (request.kind !== 'open') return {}
      agent.send({ type: 'stage', id, stage: 'metadata', peers: 0 })
      agent.send({ type: 'stage', id, stage: 'peers', peers: 4 })
      return opened
    })
    const response = await play(token, {}, { accept: 'application/x-ndjson' })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line): PlayLine => JSON.parse(line))
    expect(lines.slice(0, -1)).toEqual([
      { type: 'stage', stage: 'finding', peers: 0 },
      { type: 'stage', stage: 'metadata', peers: 0 },
      { type: 'stage', stage: 'peers', peers: 4 },
    ])
    expect(lines.at(-1)).toMatchObject({ type: 'ready', stream: { sizeBytes: opened.sizeBytes } })
  })

  it('says in the last line why it failed', async () => {
    listen(home.agent, 'no_peers')
    const response = await play(token, {}, { accept: 'application/x-ndjson' })
    const last = (await response.text()).trim().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ type: 'failed', error: { code: 'no_peers' } })
  })

  it('tells the agent to stop when the person leaves while it opens', async () => {
    let asked = ''
    home.agent.answer((request, _agent, id) => {
      if (request.kind === 'open') asked = id
      return undefined
    })
    const response = await play(token, {}, { accept: 'application/x-ndjson' })
    const reader = response.body?.getReader()
    await reader?.read()
    await expect.poll(() => asked).not.toBe('')
    await reader?.cancel()
    expect((await home.agent.next('cancel')).id).toBe(asked)
  })

  it.each([
    ['no such title', { titleId: 'nothing' }, 404, 'not_found'],
    ['a negative start', { startSeconds: -1 }, 400, 'invalid'],
    ['a field of somebody else', { personId: 'x' }, 400, 'invalid'],
  ])('refuses %s', async (_name, change, status, code) => {
    expect(await refusal(await play(token, change))).toEqual([status, code])
  })

  it('says so when nobody offers the title', async () => {
    await env.DB.prepare(
      "insert into titles (id, kind, name, overview, licence, credit) values ('bare', 'movie', 'Bare', '', '', '')",
    ).run()
    expect(await refusal(await play(token, { titleId: 'bare' }))).toEqual([404, 'no_source'])
  })

  it('grants nothing to a session that ended while the film was being opened', async () => {
    const other = await signInAs(ADMIN.email, ADMIN.password)
    let release: (value: unknown) => void = () => undefined
    home.agent.answer((request, agent, id) => {
      heard.push(request)
      if (request.kind !== 'open') return {}
      release = (value) => agent.send({ type: 'reply', id, ok: true, value })
      return undefined
    })
    const pressed = play(other.accessToken)
    await expect.poll(kinds).toContain('open')
    await callEdge(`/api/auth/logout/${other.sessionId}`, { method: 'POST', headers: { cookie: other.cookie } })
    release(opened)
    expect(await refusal(await pressed)).toEqual([401, 'session_ended'])
    await expect.poll(kinds).toContain('close')
  })
})

describe('a stream that plays', () => {
  it('is renewed: a higher counter, a later end, the same file', async () => {
    const stream = await playing(token)
    await setGrant(stream.streamId, 'expires_at = expires_at - 200')
    const renewed = await (await post(`/api/streams/${stream.streamId}/renew`)).json<StreamReady>()
    const [before, after] = [await claimsOf(stream), await claimsOf(renewed)]
    expect(after).toEqual({ ...before, counter: 1, expiresAt: renewed.expiresAt, notBefore: after.notBefore })
    expect(renewed.expiresAt).toBeGreaterThanOrEqual(stream.expiresAt)
    const many = await Promise.all(Array.from({ length: 50 }, () => post(`/api/streams/${stream.streamId}/renew`)))
    const counters = await Promise.all(many.map(async (one) => (await claimsOf(await one.json<StreamReady>())).counter))
    expect([...counters].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 2))
  })

  it('is nobody else’s to renew, move or leave: not of another session, not of the same person', async () => {
    const stream = await playing(token)
    const other = (await signInAs(ADMIN.email, ADMIN.password)).accessToken
    expect(await refusal(await post(`/api/streams/${stream.streamId}/renew`, {}, other))).toEqual([404, 'not_found'])
    expect(
      await refusal(await post(`/api/streams/${stream.streamId}/move`, { reason: 'error', atSeconds: 1 }, other)),
    ).toEqual([404, 'not_found'])
    expect(await refusal(await leave(stream.streamId, other))).toEqual([404, 'not_found'])
    expect(await grantOf(stream.streamId)).toMatchObject({ revoked_at: null, counter: 0 })
  })

  it('cannot be renewed once it has expired or ended, but an expired one can be moved', async () => {
    const stream = await playing(token)
    await setGrant(stream.streamId, 'expires_at = 1')
    expect(await refusal(await post(`/api/streams/${stream.streamId}/renew`))).toEqual([401, 'token_expired'])
    expect((await move(stream.streamId)).status).toBe(201)
    expect((await leave(stream.streamId)).status).toBe(204)
    expect(await refusal(await post(`/api/streams/${stream.streamId}/renew`))).toEqual([401, 'token_revoked'])
    expect(await refusal(await move(stream.streamId))).toEqual([401, 'token_revoked'])
    expect((await leave(stream.streamId)).status).toBe(204)
  })

  it('ends with sign-out: in the database at once, and at the agent by its socket', async () => {
    const other: Browser = await signInAs(ADMIN.email, ADMIN.password)
    const stream = await playing(other.accessToken)
    await callEdge(`/api/auth/logout/${other.sessionId}`, { method: 'POST', headers: { cookie: other.cookie } })
    expect(await grantOf(stream.streamId)).toMatchObject({ revoke_reason: 'session ended' })
    await expect.poll(() => heard).toContainEqual({ kind: 'revoke', streamIds: [stream.streamId] })
    expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([401, 'token_revoked'])
  })

  it('ends when the viewer leaves: the agent forgets it', async () => {
    const { streamId } = await playing(token)
    expect((await leave(streamId)).status).toBe(204)
    await expect.poll(() => heard).toContainEqual({ kind: 'close', streamId })
    expect(heard).toContainEqual({ kind: 'revoke', streamIds: [streamId] })
  })
})

describe('with two agents', () => {
  let second: ConnectedAgent
  const agentOf = async (stream: StreamReady) => (await claimsOf(stream)).agentId
  const firstOf = async () =>
    (await agentOf(await playing(token))) === home.agent.paired.agentId ? home.agent : second

  beforeAll(async () => {
    second = await connectAgent(await pairAgent('Cellar'))
  })
  beforeEach(() => listen(second))

  it('plays one title on one of them each time', async () => {
    const agents = await Promise.all(Array.from({ length: 6 }, async () => agentOf(await playing(token))))
    expect(new Set(agents).size).toBe(1)
  })

  it('takes the other when the first refuses, and gives the last refusal when both do', async () => {
    const first = await firstOf()
    const other = first === second ? home.agent : second
    listen(first, 'no_peers')
    expect(await agentOf(await playing(token))).toBe(other.paired.agentId)
    listen(other, 'disk_full')
    expect(await refusal(await play(token))).toEqual([507, 'disk_full'])
  })

  it('moves to the other, keeps its id, asks for the same file, and lets the first go', async () => {
    const stream = await playing(token)
    const before = await agentOf(stream)
    heard.length = 0
    const moved = await (await move(stream.streamId)).json<StreamReady>()
    expect(moved).toMatchObject({ streamId: stream.streamId, resumeAtSeconds: 42 })
    expect(await claimsOf(moved)).toMatchObject({ counter: 1, path: opened.path, sourceId: 'open-sintel-2010' })
    expect(await agentOf(moved)).not.toBe(before)
    expect(heard[0]).toMatchObject({ kind: 'open', file: { path: opened.path }, startSeconds: 42 })
    await expect.poll(() => heard).toContainEqual({ kind: 'close', streamId: stream.streamId })
    expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([403, 'token_for_another_agent'])
  })

  it('does not move back and forth for ever', async () => {
    const { streamId } = await playing(token)
    const codes: (string | number)[] = []
    for (let i = 0; i < 9; i++) {
      const response = await move(streamId)
      codes.push(response.ok ? response.status : (await refusal(response))[1])
    }
    expect(codes).toEqual([...Array(8).fill(201), 'too_many'])
  })

  it('changes nothing when no agent can take it', async () => {
    const stream = await playing(token)
    listen(home.agent, 'no_peers')
    listen(second, 'no_peers')
    expect(await refusal(await move(stream.streamId))).toEqual([504, 'no_peers'])
    expect(await grantOf(stream.streamId)).toMatchObject({
      counter: 0,
      agent_id: await agentOf(stream),
      failures: '[]',
    })
  })

  it('starts nothing on an agent whose VPN policy says no', async () => {
    const vpn = { policy: 'required', state: 'down' } as const
    const guarded = await connectAgent(second.paired, { vpn })
    listen(guarded)
    for (let i = 0; i < 4; i++) expect(await agentOf(await playing(token))).toBe(home.agent.paired.agentId)
    guarded.close()
    second = await connectAgent(second.paired)
  })

  it('ends the streams of an agent that is removed, and tells it before it goes', async () => {
    const streams = await Promise.all(Array.from({ length: 3 }, () => playing(token)))
    const gone = await firstOf()
    expect((await callEdge(`/api/agents/${gone.paired.agentId}`, { method: 'DELETE', token })).status).toBe(204)
    for (const { streamId } of streams) {
      expect(await grantOf(streamId)).toMatchObject({ revoke_reason: 'agent removed' })
      expect(heard.some((one) => one.kind === 'revoke' && one.streamIds.includes(streamId))).toBe(true)
    }
    expect(await agentOf(await playing(token))).not.toBe(gone.paired.agentId)
    if (gone === home.agent) home.agent = second
  })

  it('says that nobody is home when the last one has gone', async () => {
    home.agent.close()
    await expect.poll(async () => (await callEdge('/api/home', { token })).json()).toMatchObject({ lit: false })
    expect(await refusal(await play(token))).toEqual([503, 'agent_offline'])
  })

  it('plays what is whole on an agent that waits for its VPN, and says so of the rest', async () => {
    const guarded = await connectAgent(home.agent.paired, { vpn: { policy: 'required', state: 'down' } })
    listen(guarded, 'vpn_down')
    expect(await refusal(await play(token))).toEqual([503, 'vpn_down'])
    listen(guarded)
    expect(await agentOf(await playing(token))).toBe(guarded.paired.agentId)
    guarded.close()
  })
})
