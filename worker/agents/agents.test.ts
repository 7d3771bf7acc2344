/** The list, the lamp and removal, over HTTP. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Capabilities } from '#protocol/capabilities.ts'
import { type Browser, callEdge, refusal, setUp } from '../testing/call-edge.ts'
import { capabilities, connectAgent, openSocket, pairAgent } from '../testing/test-agent.ts'
import type { AgentCard, Home } from './answers.ts'

let admin: Browser
const list = async () =>
  (await (await callEdge('/api/agents', { token: admin.accessToken })).json<{ agents: AgentCard[] }>()).agents
const lamp = async () => (await callEdge('/api/home', { token: admin.accessToken })).json<Home>()

beforeAll(async () => {
  admin = await setUp()
})

describe('agents', () => {
  it('are none, and the lamp is out, in a new household', async () => {
    expect(await list()).toEqual([])
    expect(await lamp()).toEqual({ lit: false, lastSeenAt: null })
  })

  it('are shown with their presence as their hub knows it, and light the lamp', async () => {
    const agent = await connectAgent(await pairAgent('Attic'), { addresses: ['https://attic.example'] })
    await pairAgent('Cellar')
    const cards = Object.fromEntries((await list()).map((card) => [card.name, card]))
    expect(cards.Attic).toMatchObject({ online: true, addresses: ['https://attic.example'], softwareVersion: '0.1.0' })
    expect(cards.Attic?.fingerprint).toMatch(/^([0-9A-F]{4} ){3}[0-9A-F]{4}$/)
    expect(cards.Attic?.ffmpeg).toBe(false)
    expect(cards.Cellar).toMatchObject({ online: false, lastSeenAt: null, ffmpeg: null })
    expect(await lamp()).toMatchObject({ lit: true })
    agent.close()
    await expect.poll(async () => (await lamp()).lit).toBe(false)
    expect((await lamp()).lastSeenAt).toBeGreaterThan(0)
    expect((await list()).find((card) => card.name === 'Attic')?.addresses).toEqual(['https://attic.example'])
  })

  it('tell whether their swarm may run, why not, and since when, as soon as that changes', async () => {
    const agent = await connectAgent(await pairAgent('Loft'))
    const vpn = async () => (await list()).find(({ name }) => name === 'Loft')?.vpn
    expect(await vpn()).toEqual(capabilities.vpn)
    const down: Capabilities['vpn'] = {
      ...{ policy: 'required', state: 'down', reason: 'interface_gone', since: 1_800_000_000, boundTo: 'wg0' },
      history: [{ at: 1_800_000_000, isOpen: false, reason: 'interface_gone' }],
    }
    agent.send({ type: 'changed', capabilities: { ...capabilities, vpn: down } })
    await expect.poll(vpn).toEqual(down)
    agent.close()
    await expect.poll(vpn).toBeNull()
  })

  it('are gone at once when removed: socket closed, key worthless, audited; a second removal finds nothing', async () => {
    const paired = await pairAgent('Shed')
    const agent = await connectAgent(paired)
    const remove = () => callEdge(`/api/agents/${paired.agentId}`, { method: 'DELETE', token: admin.accessToken })
    expect((await remove()).status).toBe(204)
    expect((await agent.next('refused')).error.code).toBe('not_found')
    expect((await agent.next('closed')).code).toBe(4004)
    await expect(openSocket(paired)).rejects.toThrow('404')
    expect(await refusal(await remove())).toEqual([404, 'not_found'])
    const query = "select count(*) n from audit_events where kind = 'agent_removed' and subject_id = ?"
    expect(await env.DB.prepare(query).bind(paired.agentId).first('n')).toBe(1)
  })

  it('cannot slip in between: removed after its challenge, its good proof is refused', async () => {
    const paired = await pairAgent('Barn')
    const agent = await openSocket(paired)
    const { nonce } = await agent.next('challenge')
    await env.DB.prepare('delete from agents where id = ?').bind(paired.agentId).run()
    agent.send({ ...(await agent.hello(nonce)), capabilities })
    expect((await agent.next('refused')).error.code).toBe('not_found')
  })
})
