/** The relay's limits and its accounts, with real bytes through the whole of it. */
import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RelayRequest } from '#protocol/agent-requests.ts'
import type { StreamReady } from '../playback/answers.ts'
import { readRelayLimits } from '../playback/relay-limits.ts'
import { callEdge, refusal } from '../testing/call-edge.ts'
import { agreeable, type Household, makeHousehold, playing, relayPathOf } from '../testing/play.ts'
import { postPart } from '../testing/test-agent.ts'
import { testEdge } from '../testing/test-edge.ts'
import { meterOf } from './relay-meter.ts'
import { addUsage, forgetUsage, type RelayUsage, readUsage } from './usage.ts'

let home: Household
let stream: StreamReady
const asked: RelayRequest[] = []

beforeAll(async () => {
  home = await makeHousehold()
  home.agent.answer((request, agent, id) => {
    if (request.kind === 'relay') asked.push(request)
    return agreeable(request, agent, id)
  })
  stream = await playing(home.admin.accessToken)
})
afterEach(() => limit({}))

const limit = (limits: { household?: string; viewer?: string }) => {
  env.RELAY_HOUSEHOLD_LIMIT = limits.household ?? ''
  env.RELAY_VIEWER_LIMIT = limits.viewer ?? ''
}
const nextAsked = async (): Promise<RelayRequest> => {
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(0)
  return asked.shift() as RelayRequest
}
const view = () => callEdge(relayPathOf(stream))
const head = (bodyBytes?: number) => ({ status: 200, headers: { 'content-type': 'video/mp4' }, bodyBytes })
const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 31) % 251)
const usage = async (): Promise<RelayUsage> =>
  (await callEdge('/api/admin/relay', { token: home.admin.accessToken })).json()

/** All that one relayed answer brings. */
async function watch(length: number): Promise<Uint8Array> {
  const viewing = view()
  const posted = postPart(home.agent.paired, await nextAsked(), { head: head(length), body: bytes(length) })
  const body = new Uint8Array(await (await viewing).arrayBuffer())
  expect((await posted).status).toBe(204)
  return body
}

describe('what went through the relay', () => {
  it('is on the admin’s page by day and viewer, and costs no row for each answer', async () => {
    for (let segment = 0; segment < 5; segment++) expect(await watch(300_000)).toEqual(bytes(300_000))
    await expect.poll(async () => (await usage()).days.length, { timeout: 10_000 }).toBe(1)
    expect(await usage()).toMatchObject({
      ...{ isOn: true, householdLimit: null, viewerLimit: null },
      // The others follow within the minute, in one write.
      days: [{ day: new Date().toISOString().slice(0, 10), viewers: [{ displayName: 'Ada', bytes: 300_000 }] }],
    })
  })

  it('is added up, by fifty at once, and forgotten after ninety days', async () => {
    const now = 1_790_000_000
    const edge = testEdge(now)
    const { id } = home.admin.person
    await Promise.all(Array.from({ length: 50 }, () => addUsage(edge.db, id, 1000, now)))
    await addUsage(edge.db, 'nobody', 1000, now)
    await addUsage(edge.db, id, 5, now - 86_400)
    expect((await readUsage(edge)).days.slice(-2)).toEqual([
      { day: '2026-09-21', viewers: [{ displayName: 'Ada', bytes: 50_000 }] },
      { day: '2026-09-20', viewers: [{ displayName: 'Ada', bytes: 5 }] },
    ])
    await forgetUsage(testEdge(now + 90 * 86_400))
    expect((await readUsage(edge)).days.slice(-1)).toMatchObject([{ day: '2026-09-21' }])
  })
})

describe('the limits', () => {
  it('charge every byte to the viewer and to the household, and bring all of them', async () => {
    limit({ viewer: '400000', household: '100000000' })
    expect(await watch(1_000_000)).toEqual(bytes(1_000_000))
    const meter = meterOf(env)
    expect(await meter.take(home.admin.person.id, 800_000)).toBeGreaterThan(0)
    expect(await meter.take('somebody-else', 100_000)).toBe(0)
    expect(await usage()).toMatchObject({ viewerLimit: 400_000, householdLimit: 100_000_000 })
  })

  it('are told to the viewer, beside the way they hold for', async () => {
    const speeds = async () => (await playing(home.admin.accessToken)).urls.map(({ bytesPerSecond }) => bytesPerSecond)
    limit({ household: '5000000', viewer: '400000' })
    expect(await speeds()).toEqual([undefined, 400_000])
    limit({})
    expect(await speeds()).toEqual([undefined, undefined])
  })

  it('let nobody new in where no share is left, say why, and let go on who watches', async () => {
    limit({ household: '250000' })
    const meter = meterOf(env)
    await evictDurableObject(meter)
    expect([await meter.enter('a'), await meter.enter('b'), await meter.enter('c')]).toEqual([true, true, false])
    const late = await playing(home.admin.accessToken)
    expect(await refusal(await callEdge(relayPathOf(late)))).toEqual([503, 'relay_full'])
    expect([await meter.enter('a'), await meter.enter('c')]).toEqual([true, false])
    limit({ household: '375000' })
    const viewing = callEdge(relayPathOf(late))
    await postPart(home.agent.paired, await nextAsked(), { head: head(3), body: bytes(3) })
    expect((await viewing).status).toBe(200)
  })

  it('that are no limits let nothing through', async () => {
    for (const text of ['fast', '0', '9999', '-1', '1e9']) {
      expect(() => readRelayLimits({ RELAY_VIEWER_LIMIT: text })).toThrow(
        expect.objectContaining({ code: 'not_configured' }),
      )
    }
    expect(readRelayLimits({ RELAY_VIEWER_LIMIT: '', RELAY_HOUSEHOLD_LIMIT: '2500000' })).toEqual({
      household: 2_500_000,
      viewer: undefined,
    })
    limit({ viewer: 'fast' })
    expect(await refusal(await view())).toEqual([501, 'not_configured'])
  })
})
