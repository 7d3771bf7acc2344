/** A household of several agents: who plays what, who is left alone, who is left, and what moves. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { Capabilities } from '#protocol/capabilities.ts'
import type { AgentCard } from '../agents/answers.ts'
import { callEdge, refusal } from '../testing/call-edge.ts'
import { agreeable, type Household, makeHousehold, opened, play, playing } from '../testing/play.ts'
import { type ConnectedAgent, connectAgent, pairAgent } from '../testing/test-agent.ts'
import type { Renewed, StreamReady } from './answers.ts'

type One = { agent: ConnectedAgent; heard: AgentRequest[]; holds: boolean; peerAddress: string }
let home: Household
let token: string
let both: [One, One]

const load = (streams: number) => ({ streams, mostStreams: 3, makings: 0, mostMakings: 1 })
const newer: Partial<Capabilities> = { alsoAnswers: ['drain', 'holds', 'lend'], load: load(0) }

function listen(one: One): void {
  one.agent.answer((request, self, id) => {
    one.heard.push(request)
    if (request.kind !== 'holds') return agreeable(request, self, id)
    const held = request.infoHashes.map((infoHash) => ({ infoHash, isWhole: true }))
    return { held: one.holds ? held : [], peerAddresses: [one.peerAddress] }
  })
}

/** The same agent again, saying something else of itself. */
async function again(one: One, change: Partial<Capabilities>): Promise<void> {
  one.agent = await connectAgent(one.agent.paired, { ...newer, ...change })
  listen(one)
}

beforeAll(async () => {
  home = await makeHousehold()
  token = home.admin.accessToken
  const second = await connectAgent(await pairAgent('Cellar'), newer)
  both = [
    { agent: home.agent, heard: [], holds: false, peerAddress: '192.168.1.8:51413' },
    { agent: second, heard: [], holds: false, peerAddress: '192.168.1.9:51413' },
  ]
  await again(both[0], {})
})
beforeEach(async () => {
  for (const one of both) {
    Object.assign(one, { holds: false, heard: [] })
    await setMode(one, 'serving')
    one.heard.length = 0
    listen(one)
  }
})

const idOf = ({ agent }: One) => agent.paired.agentId
const setMode = (one: One, mode: string, as = token) =>
  callEdge(`/api/agents/${idOf(one)}/mode`, { method: 'POST', token: as, json: { mode } })
const cardOf = async (one: One) => {
  const { agents } = await (await callEdge('/api/agents', { token })).json<{ agents: AgentCard[] }>()
  return agents.find(({ id }) => id === idOf(one))
}
const move = (id: string, reason: string) =>
  callEdge(`/api/streams/${id}/move`, { method: 'POST', token, json: { reason, atSeconds: 7 } })
/** The one that plays the title by itself, and the other. */
async function placed(): Promise<{ stream: StreamReady; first: One; other: One }> {
  const stream = await playing(token)
  const isFirst = idOf(both[0]) === stream.agentId
  return { stream, first: both[isFirst ? 0 : 1], other: both[isFirst ? 1 : 0] }
}

describe('placing', () => {
  it('says who plays, and how many others could', async () => {
    const { stream, first } = await placed()
    const agentName = first === both[1] ? 'Cellar' : 'Attic'
    expect(stream).toMatchObject({ agentId: idOf(first), agentName, otherAgents: 1 })
  })

  it('goes where the film is whole at home, and tells the other where to fetch it', async () => {
    const { other } = await placed()
    other.holds = true
    expect((await playing(token)).agentId).toBe(idOf(other))
    expect(other.heard.find(({ kind }) => kind === 'open')).not.toHaveProperty('householdPeers')
    await setMode(other, 'maintenance')
    const elsewhere = await placed()
    expect(elsewhere.first.heard.findLast(({ kind }) => kind === 'open')).toMatchObject({
      householdPeers: [other.peerAddress],
    })
    // And has it ready for that one, whether or not anybody watches it there.
    const lend = { kind: 'lend', infoHash: expect.any(String), to: [elsewhere.first.peerAddress] }
    await expect.poll(() => other.heard.filter(({ kind }) => kind === 'lend')).toEqual([lend])
  })

  it('asks no agent to lend that does not know how', async () => {
    const { first, other } = await placed()
    await again(other, { alsoAnswers: ['drain', 'holds'] })
    await setMode(other, 'maintenance')
    Object.assign(other, { holds: true, heard: [] })
    await playing(token)
    expect(first.heard.findLast(({ kind }) => kind === 'open')).toHaveProperty('householdPeers')
    // Asked after whatever it would have been asked before.
    await playing(token)
    expect(other.heard.map(({ kind }) => kind)).toEqual(['holds', 'holds'])
    await again(other, {})
  })

  it('does not wait for an agent that does not say what it holds', async () => {
    const { other } = await placed()
    other.agent.answer((request, self, id) => (request.kind === 'holds' ? undefined : agreeable(request, self, id)))
    expect((await play(token)).status).toBe(201)
  })

  it('starts elsewhere when one that should play does not answer, though its hub thinks it is there', async () => {
    const { first, other } = await placed()
    first.agent.answer((request, self, id) => (request.kind === 'holds' ? undefined : agreeable(request, self, id)))
    expect((await playing(token)).agentId).toBe(idOf(other))
  })

  it('prefers the agent that is fast for this viewer, and keeps nothing of it', async () => {
    const { first, other } = await placed()
    const speeds = [
      { agentId: idOf(first), bytesPerSecond: 1 },
      { agentId: idOf(other), bytesPerSecond: 1e9 },
    ]
    const answers = await Promise.all(
      Array.from({ length: 3 }, async () => (await play(token, { speeds })).json<StreamReady>()),
    )
    expect(answers.map(({ agentId }) => agentId)).toEqual(Array(3).fill(idOf(other)))
    expect((await playing(token)).agentId).toBe(idOf(first))
  })

  it('passes over one that is full, as it said in its last reply, and says so when all are', async () => {
    const { first, other } = await placed()
    first.agent.answer((request, self, id) => {
      if (request.kind !== 'open') return agreeable(request, self, id)
      self.send({ type: 'reply', id, ok: true, value: opened, load: load(3) })
      return undefined
    })
    const last = await playing(token)
    expect(last.agentId).toBe(idOf(first))
    expect((await playing(token)).agentId).toBe(idOf(other))
    expect(await cardOf(first)).toMatchObject({ load: { streams: 3, mostStreams: 3 } })
    // What it plays already may be opened anew by another plan.
    expect(await (await move(last.streamId, 'chosen')).json()).toMatchObject({ agentId: idOf(first) })
    await again(other, { load: load(3) })
    expect(await refusal(await play(token))).toEqual([503, 'busy'])
    await again(other, {})
    await again(first, {})
    expect((await playing(token)).agentId).toBe(idOf(first))
  })
})

describe('a renewal', () => {
  it('says how many others could go on with the film by now: who comes, is full, rests or goes', async () => {
    const { stream, other } = await placed()
    const others = async () => {
      const answer = await callEdge(`/api/streams/${stream.streamId}/renew`, { method: 'POST', token, json: {} })
      return (await answer.json<Renewed>()).otherAgents
    }
    other.agent.close()
    await expect.poll(others).toBe(0)
    await again(other, {})
    expect(await others()).toBe(1)
    await again(other, { load: load(3) })
    expect(await others()).toBe(0)
    await again(other, {})
    await setMode(other, 'maintenance')
    expect(await others()).toBe(0)
    await setMode(other, 'serving')
    other.heard.length = 0
    expect(await others()).toBe(1)
    // Its hub knows: nothing is asked of the agent itself.
    expect(other.heard).toEqual([])
  })
})

describe('an agent that an admin drains', () => {
  it('is told, gets nothing new, and its streams are asked to leave with their next renewal', async () => {
    const { stream, first, other } = await placed()
    expect((await setMode(first, 'draining')).status).toBe(204)
    expect(first.heard).toContainEqual({ kind: 'drain', isDraining: true })
    expect(await cardOf(first)).toMatchObject({ mode: 'draining', online: true })
    expect((await playing(token)).agentId).toBe(idOf(other))
    const renew = () => callEdge(`/api/streams/${stream.streamId}/renew`, { method: 'POST', token, json: {} })
    expect((await (await renew()).json<Renewed>()).isLeaving).toBe(true)
    const moved = await (await move(stream.streamId, 'draining')).json<StreamReady>()
    expect(moved).toMatchObject({ agentId: idOf(other), streamId: stream.streamId, sourceId: stream.sourceId })
    expect((await (await renew()).json<Renewed>()).isLeaving).toBe(false)
    await expect.poll(() => first.heard).toContainEqual({ kind: 'close', streamId: stream.streamId })
    // Nobody failed: nothing is held against the agent that was left.
    const grant = env.DB.prepare('select failures from stream_grants where id = ?').bind(stream.streamId)
    expect(await grant.first('failures')).toBe('[]')
  })

  it('keeps its streams while there is nowhere else, and may change their plans', async () => {
    const { stream, first, other } = await placed()
    for (const one of [first, other]) await setMode(one, 'maintenance')
    expect(await refusal(await move(stream.streamId, 'draining'))).toEqual([503, 'maintenance'])
    expect(await (await move(stream.streamId, 'chosen')).json()).toMatchObject({ agentId: idOf(first) })
    expect(await refusal(await play(token))).toEqual([503, 'maintenance'])
  })

  it('serves again once it has been started anew; one that is looked after does not', async () => {
    const { first } = await placed()
    await again(first, { instanceId: 'before' })
    await setMode(first, 'draining')
    await again(first, { instanceId: 'before' })
    await expect.poll(() => first.heard.filter(({ kind }) => kind === 'drain').length).toBe(2)
    expect(await cardOf(first)).toMatchObject({ mode: 'draining' })
    await again(first, { instanceId: 'after' })
    expect(await cardOf(first)).toMatchObject({ mode: 'serving' })
    await setMode(first, 'maintenance')
    await again(first, { instanceId: 'later' })
    expect(await cardOf(first)).toMatchObject({ mode: 'maintenance' })
  })

  it('is left alone for a moment when it says itself that it is about to stop', async () => {
    const { first, other } = await placed()
    await again(first, { isLeaving: true })
    expect((await playing(token)).agentId).toBe(idOf(other))
    expect(await cardOf(first)).toMatchObject({ mode: 'serving', isLeaving: true })
    await again(first, {})
  })

  it('is nobody’s business but an admin’s, is audited once, and must exist', async () => {
    const { first } = await placed()
    const before = await audited(first)
    for (let times = 0; times < 3; times++) await setMode(first, 'maintenance')
    expect((await audited(first)) - before).toBe(1)
    expect(await refusal(await setMode(first, 'asleep'))).toEqual([400, 'invalid'])
    expect(await refusal(await setMode(first, 'serving', 'nobody'))).toEqual([401, 'not_signed_in'])
    const nobody = callEdge('/api/agents/AAAAAAAAAAAAAAAAAAAAAA/mode', {
      method: 'POST',
      token,
      json: { mode: 'draining' },
    })
    expect(await refusal(await nobody)).toEqual([404, 'not_found'])
  })
})

const audited = async (one: One): Promise<number> =>
  Number(
    await env.DB.prepare("select count(*) n from audit_events where kind = 'agent_mode_changed' and subject_id = ?")
      .bind(idOf(one))
      .first('n'),
  )

describe('an agent that dies', () => {
  it('is replaced at once: the same file of the same source, under the same id', async () => {
    const { stream, first, other } = await placed()
    first.agent.close()
    const moved = await (await move(stream.streamId, 'agent_gone')).json<StreamReady>()
    expect(moved).toMatchObject({ agentId: idOf(other), streamId: stream.streamId, otherAgents: 0 })
    expect(other.heard.findLast(({ kind }) => kind === 'open')).toMatchObject({
      sourceId: stream.sourceId,
      file: { path: opened.path },
    })
    await again(first, {})
  })

  it('is not asked for a stream that it failed while another is there, though its socket still stands', async () => {
    const { stream, first, other } = await placed()
    first.agent.answer(() => undefined)
    expect((await (await move(stream.streamId, 'agent_gone')).json<StreamReady>()).agentId).toBe(idOf(other))
  })

  it('is asked again by the line that it came back by, when it lost the one that it was asked by', async () => {
    const { first } = await placed()
    first.heard.length = 0
    first.agent.answer((request, self, id) => {
      first.heard.push(request)
      return request.kind === 'open' ? undefined : agreeable(request, self, id)
    })
    const asked = playing(token)
    await expect.poll(() => first.heard.map(({ kind }) => kind)).toContain('open')
    await again(first, {})
    expect((await asked).agentId).toBe(idOf(first))
  })
})
