/** The hub through real sockets: proof, hostile messages, replacement, requests and their ends, sleep. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { PING, PONG } from '#protocol/agent-messages.ts'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { callEdge, refusal, setUp } from '../testing/call-edge.ts'
import {
  type ConnectedAgent,
  capabilities,
  connectAgent,
  newAgentKey,
  openSocket,
  type PairedAgent,
  pairAgent,
} from '../testing/test-agent.ts'
import type { AgentHub } from './agent-hub.ts'

const hubOf = (agentId: string) => env.AGENT_HUB.get(env.AGENT_HUB.idFromName(agentId))
const close: AgentRequest = { kind: 'close', streamId: 'stream-1' }
const options = (id: string, deadlineSeconds = 20) => ({ id, deadlineSeconds, correlationId: 'correlation-1' })
const events = async (kind: string, agentId: string) =>
  env.DB.prepare('select count(*) n from audit_events where kind = ? and subject_id = ?').bind(kind, agentId).first('n')
let paired: PairedAgent

beforeAll(async () => {
  await setUp()
  paired = await pairAgent()
})

/** The refusal and the close that end a socket. */
async function ended(agent: ConnectedAgent): Promise<[string, number]> {
  const { error } = await agent.next('refused')
  return [error.code, (await agent.next('closed')).code]
}

describe('proof', () => {
  it('welcomes the agent that holds the key, with what it needs to check tokens', async () => {
    const agent = await openSocket(paired)
    const { nonce } = await agent.next('challenge')
    agent.send(await agent.hello(nonce))
    const welcome = await agent.next('welcome')
    expect(welcome).toMatchObject({ protocolVersion: 1, revokedStreams: [], appOrigin: 'http://porchlight.test' })
    expect(welcome.verificationKeys.map((key) => key.keyId)).toEqual(['t1'])
    expect(await hubOf(paired.agentId).presence()).toMatchObject({ online: true, publicKey: paired.publicKey })
    agent.close()
  })

  it.each([
    ['another key', async () => ({ privateKey: (await newAgentKey()).privateKey })],
    ['another host', async () => ({ hubHost: 'evil.example' })],
    ['an old clock', async () => ({ sentAt: Math.floor(Date.now() / 1000) - 300 })],
  ])('refuses %s', async (_name, change) => {
    const agent = await openSocket(paired)
    const { nonce } = await agent.next('challenge')
    agent.send(await agent.hello(nonce, await change()))
    expect(await ended(agent)).toEqual(['bad_signature', 4003])
  })

  it('refuses a proof that was good on another socket', async () => {
    const [first, second] = [await openSocket(paired), await openSocket(paired)]
    const hello = await first.hello((await first.next('challenge')).nonce)
    await second.next('challenge')
    second.send(hello)
    expect(await ended(second)).toEqual(['bad_signature', 4003])
    first.send(hello)
    await first.next('welcome')
    first.close()
    expect(await events('agent_refused', paired.agentId)).toBe(4)
  })

  it.each([0, 2, 99])('refuses protocol version %i by its own code', async (protocolVersion) => {
    const agent = await openSocket(paired)
    const { nonce } = await agent.next('challenge')
    agent.send(await agent.hello(nonce, { protocolVersion }))
    expect(await ended(agent)).toEqual(['version_unsupported', 4026])
  })

  it('refuses anything but a hello from a socket that has not proved itself', async () => {
    const agent = await openSocket(paired)
    await agent.next('challenge')
    agent.send({ type: 'changed', capabilities })
    expect(await ended(agent)).toEqual(['not_signed_in', 4003])
  })

  it('keeps no more than four unproven sockets', async () => {
    const agents: ConnectedAgent[] = []
    while (agents.length < 9) agents.push(await openSocket(paired))
    const closes = agents.map(async (agent) => {
      await agent.next('challenge')
      return ended(agent)
    })
    const stages = await runInDurableObject(hubOf(paired.agentId), (_hub, state) =>
      state.getWebSockets().map((socket) => socket.deserializeAttachment().stage),
    )
    expect(stages.filter((stage) => stage === 'challenged')).toHaveLength(4)
    expect(await Promise.race(closes)).toEqual(['too_many', 4008])
    for (const agent of agents) agent.close()
  })

  it('does not wait for ever for a hello', async () => {
    const agent = await openSocket(paired)
    await agent.next('challenge')
    await runInDurableObject(hubOf(paired.agentId), (_hub, state) => {
      for (const socket of state.getWebSockets()) {
        const challenged = socket.deserializeAttachment()
        if (challenged.stage === 'challenged') socket.serializeAttachment({ ...challenged, openedAtMs: 0 })
      }
    })
    expect(await runDurableObjectAlarm(hubOf(paired.agentId))).toBe(true)
    expect(await ended(agent)).toEqual(['timed_out', 4008])
  })

  it('waits for a hello that it is still looking at, however long ago the socket was opened', async () => {
    const agent = await openSocket(paired)
    const hello = JSON.stringify(await agent.hello((await agent.next('challenge')).nonce))
    await runInDurableObject(hubOf(paired.agentId), async (hub: AgentHub, state) => {
      const sockets = state.getWebSockets().filter((one) => one.deserializeAttachment().stage === 'challenged')
      for (const socket of sockets) {
        socket.serializeAttachment({ ...socket.deserializeAttachment(), openedAtMs: 0 })
        const proving = hub.webSocketMessage(socket, hello)
        await hub.alarm()
        await proving
      }
    })
    await agent.next('welcome')
    agent.close()
  })

  it('is not there for an agent that nobody paired, nor for a plain request', async () => {
    const headers = { upgrade: 'websocket' }
    const stranger = await callEdge('/api/agents/AAAAAAAAAAAAAAAAAAAAAA/socket', { headers })
    expect(await refusal(stranger)).toEqual([404, 'not_found'])
    expect(await refusal(await callEdge(`/api/agents/${paired.agentId}/socket`))).toEqual([400, 'invalid'])
  })
})

describe('messages that make no sense', () => {
  it.each([
    ['not JSON', '{"type":', 'invalid', 1007],
    ['an unknown type', '{"type":"dance"}', 'invalid', 1007],
    ['a known type of the wrong shape', '{"type":"stage","id":7}', 'invalid', 1007],
    [
      'a second hello',
      JSON.stringify({ type: 'hello', protocolVersion: 1, sentAt: 1, signature: '', capabilities }),
      'invalid',
      1007,
    ],
    ['more than a message may have', `"${'x'.repeat(1024 * 1024)}"`, 'too_large', 1009],
    ['bytes', new Uint8Array([1, 2, 3]), 'invalid', 1003],
  ])('close the socket politely and leave the hub unharmed: %s', async (_name, data, code, closeCode) => {
    const agent = await connectAgent(paired)
    agent.socket.send(data)
    expect(await ended(agent)).toEqual([code, closeCode])
    expect(await hubOf(paired.agentId).presence()).toEqual({ mode: 'serving', online: false })
    const again = await connectAgent(paired)
    expect(await hubOf(paired.agentId).presence()).toMatchObject({ online: true })
    again.close()
  })

  it('settle what was being asked when the socket ends', async () => {
    const agent = await connectAgent(paired)
    const asked = hubOf(paired.agentId).ask(close, options('cut'))
    await agent.next('request')
    agent.socket.send('nonsense')
    expect(await asked).toMatchObject({ ok: false, error: { code: 'agent_offline' } })
  })
})

describe('one live socket', () => {
  it('lets a second proven socket replace the first, refuses what was asked over it, and audits it', async () => {
    const first = await connectAgent(paired)
    const asked = hubOf(paired.agentId).ask(close, options('replaced'))
    await first.next('request')
    const second = await connectAgent(paired)
    expect(await asked).toMatchObject({ ok: false, error: { code: 'agent_replaced' } })
    expect(await ended(first)).toEqual(['agent_replaced', 4001])
    const again = hubOf(paired.agentId).ask(close, options('second'))
    const request = await second.next('request')
    second.send({ type: 'reply', id: request.id, ok: true, value: {} })
    expect(await again).toEqual({ ok: true, json: '{}' })
    expect(await events('agent_replaced', paired.agentId)).toBe(1)
    second.close()
  })
})

describe('two agents with one key', () => {
  it('are told from one that comes back after it was replaced, and the admin sees it', async () => {
    const twins = await pairAgent('Twin')
    const first = await connectAgent(twins, { instanceId: 'first' })
    await connectAgent(twins, { instanceId: 'second' })
    expect(await ended(first)).toEqual(['agent_replaced', 4001])
    expect(await hubOf(twins.agentId).presence()).not.toHaveProperty('problem')
    const back = await connectAgent(twins, { instanceId: 'first' })
    expect(await hubOf(twins.agentId).presence()).toMatchObject({ online: true, problem: 'two_with_one_key' })
    await evictDurableObject(hubOf(twins.agentId))
    expect(await hubOf(twins.agentId).presence()).toMatchObject({ problem: 'two_with_one_key' })
    back.close()
  })
})

describe('versions', () => {
  it('are agreed on with an agent that is newer and still speaks ours', async () => {
    const agent = await openSocket(paired)
    const hello = await agent.hello((await agent.next('challenge')).nonce, { protocolVersion: 7 })
    agent.send({ ...hello, oldestProtocolVersion: 1 })
    expect(await agent.next('welcome')).toMatchObject({ protocolVersion: 1 })
    expect(await hubOf(paired.agentId).presence()).toMatchObject({ online: true, isOld: false })
    agent.close()
  })

  it('that are too old are kept in mind until the agent has been updated, if it was the agent that said so', async () => {
    const old = await pairAgent('Old')
    const problem = async () => (await hubOf(old.agentId).presence()).problem
    const say = async (change: { privateKey?: CryptoKey }) => {
      const agent = await openSocket(old)
      agent.send(await agent.hello((await agent.next('challenge')).nonce, { protocolVersion: 0, ...change }))
      expect(await ended(agent)).toEqual(['version_unsupported', 4026])
    }
    await say({ privateKey: (await newAgentKey()).privateKey })
    expect(await problem()).toBe(undefined)
    await say({})
    expect(await problem()).toBe('too_old')
    const updated = await connectAgent(old)
    expect(await problem()).toBe(undefined)
    updated.close()
  })
})

describe('silence', () => {
  it('of an agent whose line is gone is noticed when somebody asks for it', async () => {
    const agent = await connectAgent(paired)
    await runInDurableObject(hubOf(paired.agentId), (_hub, state) => {
      for (const socket of state.getWebSockets()) {
        const proven = socket.deserializeAttachment()
        if (proven.stage === 'proven') socket.serializeAttachment({ ...proven, provenAtMs: 1 })
      }
    })
    expect(await hubOf(paired.agentId).presence()).toMatchObject({ online: false })
    expect(await ended(agent)).toEqual(['timed_out', 4008])
  })

  it('is none while it pings, though nothing else is heard', async () => {
    const agent = await connectAgent(paired)
    const pong = new Promise((resolve) =>
      agent.socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    )
    agent.socket.send(PING)
    await pong
    await runInDurableObject(hubOf(paired.agentId), (_hub, state) => {
      for (const socket of state.getWebSockets()) {
        const proven = socket.deserializeAttachment()
        if (proven.stage === 'proven') socket.serializeAttachment({ ...proven, provenAtMs: 1 })
      }
    })
    expect(await hubOf(paired.agentId).presence()).toMatchObject({ online: true })
    agent.close()
  })
})

describe('requests', () => {
  it('carry id, deadline and correlation id, pass stages on, and take exactly one reply', async () => {
    const agent = await connectAgent(paired)
    const stages: [string, number][] = []
    const asked = hubOf(paired.agentId).ask(close, options('one'), (stage, peers) => void stages.push([stage, peers]))
    expect(await agent.next('request')).toEqual({
      type: 'request',
      id: 'one',
      deadlineSeconds: 20,
      correlationId: 'correlation-1',
      request: close,
    })
    agent.send({ type: 'stage', id: 'one', stage: 'peers', peers: 3 })
    agent.send({ type: 'stage', id: 'other', stage: 'ready', peers: 9 })
    agent.send({ type: 'reply', id: 'one', ok: true, value: { first: true } })
    agent.send({ type: 'reply', id: 'one', ok: true, value: { second: true } })
    agent.send({ type: 'failed', id: 'one', error: { code: 'no_peers', message: 'late' } })
    expect(await asked).toEqual({ ok: true, json: '{"first":true}' })
    expect(stages).toEqual([['peers', 3]])
    agent.close()
  })

  it('give the agent’s own refusal', async () => {
    const agent = await connectAgent(paired)
    const asked = hubOf(paired.agentId).ask(close, options('refuse'))
    await agent.next('request')
    agent.send({ type: 'failed', id: 'refuse', error: { code: 'disk_full', message: 'The disk is full.' } })
    expect(await asked).toEqual({ ok: false, error: { code: 'disk_full', message: 'The disk is full.' } })
    agent.close()
  })

  it('end at their deadline, and the agent is told to stop', async () => {
    const agent = await connectAgent(paired)
    const asked = hubOf(paired.agentId).ask(close, options('slow', 0.05))
    await agent.next('request')
    expect(await asked).toMatchObject({ ok: false, error: { code: 'timed_out' } })
    expect(await agent.next('cancel')).toEqual({ type: 'cancel', id: 'slow' })
    agent.close()
  })

  it('end when whoever asked leaves, and the agent is told to stop', async () => {
    const agent = await connectAgent(paired)
    const asked = hubOf(paired.agentId).ask(close, options('left'))
    await agent.next('request')
    await hubOf(paired.agentId).cancel('left')
    expect(await asked).toMatchObject({ ok: false })
    expect(await agent.next('cancel')).toEqual({ type: 'cancel', id: 'left' })
    agent.close()
  })

  it('are refused at once when no agent is connected', async () => {
    const stranger = await pairAgent('Cellar')
    const answer = await hubOf(stranger.agentId).ask(close, options('nobody'))
    expect(answer).toMatchObject({ ok: false, error: { code: 'agent_offline' } })
  })
})

describe('sleep', () => {
  it('keeps the proven socket, answers pings without waking, and works when woken', async () => {
    const agent = await connectAgent(paired)
    agent.send({ type: 'changed', capabilities: { ...capabilities, addresses: ['https://home.example'] } })
    await expect
      .poll(async () => hubOf(paired.agentId).presence())
      .toMatchObject({ capabilities: { addresses: ['https://home.example'] } })
    await evictDurableObject(hubOf(paired.agentId))
    const pong = new Promise((resolve) =>
      agent.socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    )
    agent.socket.send(PING)
    expect(await pong).toBe(PONG)
    expect(await hubOf(paired.agentId).presence()).toMatchObject({
      online: true,
      capabilities: { addresses: ['https://home.example'] },
    })
    agent.close()
  })

  it('keeps a socket that has not answered its challenge yet, nonce and all', async () => {
    const agent = await openSocket(paired)
    const { nonce } = await agent.next('challenge')
    await evictDurableObject(hubOf(paired.agentId))
    agent.send(await agent.hello(nonce))
    await agent.next('welcome')
    agent.close()
  })

  it('keeps revocations for an agent that is away, until their tokens have expired', async () => {
    const hub = hubOf(paired.agentId)
    const now = Math.floor(Date.now() / 1000)
    await hub.revoke(['gone-1', 'gone-2'], now + 300, 'correlation-1')
    await hub.revoke(['expired'], now - 1, 'correlation-1')
    await evictDurableObject(hub)
    const agent = await openSocket(paired)
    agent.send(await agent.hello((await agent.next('challenge')).nonce))
    expect((await agent.next('welcome')).revokedStreams.sort()).toEqual(['gone-1', 'gone-2'])
    const pushed = hub.revoke(['now'], now + 300, 'correlation-1')
    expect(await agent.next('request')).toMatchObject({ request: { kind: 'revoke', streamIds: ['now'] } })
    agent.close()
    await pushed
  })
})

describe('what D1 is told', () => {
  it('is one write on connect and one on disconnect, and nothing by pings, changes and requests', async () => {
    const seen = async () =>
      env.DB.prepare('select last_seen_at from agents where id = ?').bind(paired.agentId).first('last_seen_at')
    const agent = await connectAgent(paired)
    await env.DB.prepare('update agents set last_seen_at = 7 where id = ?').bind(paired.agentId).run()
    agent.socket.send(PING)
    agent.send({ type: 'changed', capabilities })
    expect(await hubOf(paired.agentId).presence()).toMatchObject({ online: true })
    expect(await seen()).toBe(7)
    agent.close()
    await expect.poll(seen).not.toBe(7)
  })
})
