/** Names of agents from door to door: a signed request, the rows, and what then stands in a stand-in of the zone. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { callEdge, refusal, setUp } from '../../testing/call-edge.ts'
import { callAsAgent, type PairedAgent, pairAgent } from '../../testing/test-agent.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { agentLabel } from './agent-label.ts'
import { MOST_ASKS, publishNames, withdrawNames } from './publish-names.ts'

type Standing = { type: string; name: string; content: string; ttl: number; proxied: boolean }

const value = 'b'.repeat(43)
const now = 1_790_000_000
const zone = new URL(env.DNS_API_URL ?? '').origin
const standing = async (agentId: string): Promise<Standing[]> => {
  const all: Standing[] = await (await fetch(`${zone}/stand-in/records`)).json()
  const name = await nameOf(agentId)
  return all.filter((record) => record.name.endsWith(`.${name}`))
}
const nameOf = async (agentId: string) => `${await agentLabel(agentId)}.${env.DNS_ZONE_NAME}`
const ask = (agent: PairedAgent, addresses: string[], challenges: string[] = []) =>
  callAsAgent(agent, '/api/agents/names', JSON.stringify({ addresses, challenges }))
const faultOnce = (fault: object) =>
  fetch(`${zone}/stand-in/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: '/client/v4', times: 1, ...fault }),
  })

let token: string
beforeAll(async () => {
  token = (await setUp()).accessToken
})

describe('an agent’s names', () => {
  it('are published below a domain of its own, for nobody’s proxy, and told to it', async () => {
    const agent = await pairAgent()
    const response = await ask(agent, ['192.168.1.20', '2001:db8::1'], [value])
    const name = await nameOf(agent.agentId)
    expect([response.status, await response.json()]).toEqual([200, { name }])
    expect(name).toMatch(/^[0-9a-f]{20}\.home\.test$/)
    expect(await standing(agent.agentId)).toMatchObject([
      { type: 'A', name: `192-168-1-20.${name}`, content: '192.168.1.20', ttl: 60, proxied: false },
      { type: 'AAAA', name: `2001-db8-0-0-0-0-0-1.${name}`, content: '2001:db8::1' },
      { type: 'TXT', name: `_acme-challenge.${name}`, content: `"${value}"` },
    ])
  })

  it('replace what stood there, and leave other agents’ alone', async () => {
    const [one, other] = [await pairAgent(), await pairAgent('Cellar')]
    await ask(one, ['10.0.0.1'], [value])
    await ask(other, ['10.0.0.2'])
    await ask(one, ['10.0.0.3'])
    expect((await standing(one.agentId)).map(({ content }) => content)).toEqual(['10.0.0.3'])
    expect((await standing(other.agentId)).map(({ content }) => content)).toEqual(['10.0.0.2'])
  })

  it('cost one event when they change, and none when they do not', async () => {
    const agent = await pairAgent()
    for (const addresses of [['10.0.0.1'], ['10.0.0.1'], ['10.0.0.9']]) await ask(agent, addresses)
    const { results } = await env.DB.prepare(
      "select details from audit_events where kind = 'agent_named' and subject_id = ?",
    )
      .bind(agent.agentId)
      .all()
    expect(results.map(({ details }) => JSON.parse(String(details)))).toEqual([
      { addresses: 1, challenges: 0 },
      { addresses: 1, challenges: 0 },
    ])
  })

  it('are given to nobody who does not sign, nor for a text that DNS would read otherwise', async () => {
    const agent = await pairAgent()
    const body = { addresses: ['10.0.0.1'], challenges: [] }
    expect(await refusal(await callEdge('/api/agents/names', { json: body }))).toEqual([401, 'bad_signature'])
    expect(await refusal(await ask(agent, ['*']))).toEqual([400, 'invalid'])
    expect(await refusal(await ask(agent, [], ['x" "y']))).toEqual([400, 'invalid'])
    expect(await standing(agent.agentId)).toEqual([])
  })

  it('change thirty times an hour and no more, also when all of them are asked for at once', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, () => publishNames(testEdge(now), 'eager', { addresses: [], challenges: [] })),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(MOST_ASKS)
    const refused = all.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ code: 'too_many' })
    const later = publishNames(testEdge(now + 3601), 'eager', { addresses: [], challenges: [] })
    await expect(later).resolves.toMatchObject({ name: await nameOf('eager') })
  })

  it.each([
    ['the service is broken', { status: 500 }, 503, 'upstream_away'],
    ['it asks for a pause', { status: 429, headers: { 'retry-after': '300' } }, 503, 'upstream_away'],
    ['it answers something else', { status: 200, text: '<html>Welcome</html>' }, 503, 'upstream_away'],
    ['it sends us elsewhere', { status: 302, location: 'https://evil.example' }, 503, 'upstream_away'],
    ['the token is not good', { status: 403 }, 501, 'not_configured'],
  ])('are refused in our own words when %s, and stay as they were', async (_when, fault, status, code) => {
    const agent = await pairAgent()
    await ask(agent, ['10.0.0.1'])
    await faultOnce(fault)
    expect(await refusal(await ask(agent, ['10.0.0.2']))).toEqual([status, code])
    expect((await standing(agent.agentId)).map(({ content }) => content)).toEqual(['10.0.0.1'])
  })

  it('do not exist where the operator has set up no zone', async () => {
    const nothing = testEdge(now, { DNS_ZONE_ID: '' })
    await expect(publishNames(nothing, 'a', { addresses: [], challenges: [] })).rejects.toMatchObject({
      code: 'not_configured',
    })
  })

  it('go with their agent, and once the zone answers again where it did not', async () => {
    const [one, other] = [await pairAgent(), await pairAgent('Cellar')]
    await ask(one, ['10.0.0.1'])
    await ask(other, ['10.0.0.2'])
    const remove = (agentId: string) => callEdge(`/api/agents/${agentId}`, { method: 'DELETE', token })
    expect((await remove(one.agentId)).status).toBe(204)
    await expect.poll(() => standing(one.agentId), { timeout: 10_000 }).toEqual([])
    await env.DB.prepare('delete from agents where id = ?').bind(other.agentId).run()
    await faultOnce({ status: 500 })
    await expect(withdrawNames(testEdge(now))).rejects.toMatchObject({ code: 'upstream_away' })
    expect(await standing(other.agentId)).toHaveLength(1)
    await withdrawNames(testEdge(now))
    expect(await standing(other.agentId)).toEqual([])
    const { results } = await env.DB.prepare('select agent_id from agent_names where agent_id = ?')
      .bind(other.agentId)
      .all()
    expect(results).toEqual([])
  })
})
