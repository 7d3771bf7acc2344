/** The relay's door: every token that must not open it, and that nothing is asked of the agent for it. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { type StreamClaims, signStreamToken } from '#protocol/stream-token.ts'
import { streamPath } from '#protocol/stream-url.ts'
import app from '../app.ts'
import { readKeyring } from '../keyring.ts'
import type { StreamReady } from '../playback/answers.ts'
import { activeSigningKey } from '../signing-keys.ts'
import { callEdge, refusal } from '../testing/call-edge.ts'
import { agreeable, type Household, makeHousehold, playing, relayPathOf, setGrant } from '../testing/play.ts'

let home: Household
let stream: StreamReady
let claims: StreamClaims
let relayed = 0
const ring = readKeyring(env.KEYRING)
const otherRing = readKeyring(
  JSON.stringify({ active: 't1', keys: { t1: encodeBase64Url(new Uint8Array(32).fill(9)) } }),
)
const tokenIn = (path: string) => path.split('/')[3] ?? ''
const payloadOf = (token: string) =>
  JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))

/** A token as this edge would mint it, with some claims changed. */
async function mint(change: Partial<StreamClaims> = {}, from = ring): Promise<string> {
  return signStreamToken({ ...claims, ...change }, (await activeSigningKey(from, 'stream-token')).privateKey)
}
const present = (token: string, resource: 'file' | 'status' = 'file') => callEdge(streamPath(token, { kind: resource }))

beforeAll(async () => {
  home = await makeHousehold()
  home.agent.answer((request, agent, id) => {
    if (request.kind === 'relay') relayed++
    if (request.kind !== 'relay') return agreeable(request, agent, id)
    agent.send({ type: 'failed', id, error: { code: 'busy', message: 'the agent was asked' } })
    return undefined
  })
})
beforeEach(async () => {
  stream = await playing(home.admin.accessToken)
  claims = payloadOf(tokenIn(relayPathOf(stream)))
  relayed = 0
})

describe('a stream token at the relay', () => {
  it('reaches the agent when it is good, for the file and for its status', async () => {
    expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([503, 'busy'])
    expect(await refusal(await present(tokenIn(relayPathOf(stream)), 'status'))).toEqual([503, 'busy'])
    expect(relayed).toBe(2)
  })

  it.each<[string, number, string, () => Promise<string>]>([
    ['of another key', 401, 'token_invalid', () => mint({}, otherRing)],
    ['of a key id that was never published', 401, 'token_invalid', () => mint({ keyId: 'k9' })],
    ['for another agent', 403, 'token_for_another_agent', () => mint({ agentId: 'A'.repeat(22) })],
    ['for another file', 403, 'token_for_another_file', () => mint({ path: '../../etc/passwd' })],
    ['for another source', 403, 'token_for_another_file', () => mint({ sourceId: 'other' })],
    ['for another person', 401, 'token_invalid', () => mint({ personId: 'other' })],
    ['for another session', 401, 'token_invalid', () => mint({ sessionId: 'other' })],
    ['of a stream that never was', 401, 'token_revoked', () => mint({ streamId: 'B'.repeat(22) })],
    ['that may not read media', 401, 'token_invalid', () => mint({ scopes: ['thumbnails'] })],
    ['from the future', 401, 'token_invalid', () => mint({ notBefore: claims.expiresAt + 600 })],
  ])('is refused %s', async (_name, status, code, make) => {
    expect(await refusal(await present(await make()))).toEqual([status, code])
    expect(relayed).toBe(0)
  })

  it('is refused with any one part of it changed', async () => {
    const [version = '', payload = '', signature = ''] = tokenIn(relayPathOf(stream)).split('.')
    const admin = encodeBase64Url(
      new TextEncoder().encode(JSON.stringify({ ...claims, expiresAt: claims.expiresAt + 9000 })),
    )
    const changed = [
      `v2.${payload}.${signature}`,
      `${version}.${admin}.${signature}`,
      `${version}.${payload}.${'A'.repeat(86)}`,
      `${version}.${payload}`,
      `${version}.${payload}.${signature}.${signature}`,
      home.admin.accessToken,
    ]
    for (const token of changed) expect(await refusal(await present(token))).toEqual([401, 'token_invalid'])
    expect(relayed).toBe(0)
  })

  it('is refused once its grant has expired, whatever the token says', async () => {
    await setGrant(stream.streamId, 'expires_at = 1')
    expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([401, 'token_expired'])
    expect(relayed).toBe(0)
  })

  it('is refused once its grant is revoked or its session is over', async () => {
    await setGrant(stream.streamId, 'revoked_at = 1')
    expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([401, 'token_revoked'])
    await setGrant(stream.streamId, 'revoked_at = null')
    await env.DB.prepare('update sessions set revoked_at = 1 where id = ?').bind(home.admin.sessionId).run()
    expect(await refusal(await callEdge(relayPathOf(stream)))).toEqual([401, 'token_revoked'])
    await env.DB.prepare('update sessions set revoked_at = null').run()
    expect(relayed).toBe(0)
  })

  it('is good past its own expiry while the grant lives: a player keeps the URL it was given', async () => {
    const old = await mint({ expiresAt: 1_000_000, notBefore: 999_000 })
    expect(await refusal(await present(old))).toEqual([503, 'busy'])
  })

  it('opens nothing while the relay is off, nor does an agent’s part', async () => {
    const off = { ...env, RELAY: 'off' }
    const viewer = await app.request(relayPathOf(stream), {}, off)
    expect(await refusal(viewer)).toEqual([403, 'relay_off'])
    const part = await app.request(
      `/api/relay/${stream.streamId}/${'A'.repeat(22)}?part=0&last=1`,
      { method: 'POST' },
      off,
    )
    expect(await refusal(part)).toEqual([403, 'relay_off'])
    expect(relayed).toBe(0)
  })

  it('stands in no other place of trust: not as an access token, and an access token not here', async () => {
    const token = tokenIn(relayPathOf(stream))
    expect(await refusal(await callEdge('/api/me', { token }))).toEqual([401, 'not_signed_in'])
  })
})
