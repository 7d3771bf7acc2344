/** The relay from door to door: a viewer's request, the hub's message, the agent's signed POST, the bytes. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { RelayRequest } from '#protocol/agent-requests.ts'
import { RELAY_PART_BYTES, type RelayHead } from '#protocol/relay.ts'
import type { StreamReady } from '../playback/answers.ts'
import { callEdge, refusal } from '../testing/call-edge.ts'
import { agreeable, type Household, makeHousehold, playing, relayPathOf } from '../testing/play.ts'
import { newAgentKey, postPart } from '../testing/test-agent.ts'

let home: Household
let stream: StreamReady
/** Relayed requests as the agent gets them, oldest first. */
const asked: RelayRequest[] = []
const cancelled: string[] = []

beforeAll(async () => {
  home = await makeHousehold()
  home.agent.answer((request, agent, id) => {
    if (request.kind === 'relay') asked.push(request)
    if (request.kind === 'relay-cancel') cancelled.push(request.requestId)
    return agreeable(request, agent, id)
  })
  stream = await playing(home.admin.accessToken)
})

async function nextAsked(): Promise<RelayRequest> {
  await expect.poll(() => asked.length, { timeout: 5000 }).toBeGreaterThan(0)
  return asked.shift() as RelayRequest
}

const view = (headers: Record<string, string> = {}, call: object = {}) =>
  callEdge(relayPathOf(stream), { headers, ...call })
const bytes = (length: number, seed = 0) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) % 251)
const head = (change: Partial<RelayHead> = {}): RelayHead => ({
  status: 200,
  headers: { 'content-type': 'video/mp4', 'accept-ranges': 'bytes', etag: '"abc"' },
  ...change,
})
const post = (
  request: RelayRequest,
  part: Parameters<typeof postPart>[2],
  change: Parameters<typeof postPart>[3] = {},
) => postPart(home.agent.paired, request, part, change)

describe('relay', () => {
  it('brings the agent’s bytes to the viewer, with length, status and the headers of the file', async () => {
    const viewing = view({ range: 'bytes=10-99', 'if-range': '"abc"', cookie: 'secret=1' })
    const request = await nextAsked()
    expect(request).toMatchObject({ method: 'GET', streamId: stream.streamId, path: relayPathOf(stream) })
    expect(request.headers).toEqual({ range: 'bytes=10-99', 'if-range': '"abc"' })
    const range = { 'content-range': 'bytes 10-99/1000', 'content-type': 'video/mp4', etag: '"abc"' }
    const posted = post(request, { head: head({ status: 206, headers: range, bodyBytes: 90 }), body: bytes(90) })
    const response = await viewing
    expect(response.status).toBe(206)
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...range, 'content-length': '90' })
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes(90))
    expect((await posted).status).toBe(204)
  })

  it('joins several parts into one body, in order', async () => {
    const viewing = view()
    const request = await nextAsked()
    const reading = viewing.then((response) => response.arrayBuffer())
    expect(
      (await post(request, { number: 0, last: false, head: head({ bodyBytes: 300_000 }), body: bytes(100_000) }))
        .status,
    ).toBe(204)
    expect(await refusal(await post(request, { number: 2, last: true, body: bytes(1) }))).toEqual([409, 'conflict'])
    expect(await refusal(await post(request, { number: 0, last: false, head: head(), body: bytes(1) }))).toEqual([
      409,
      'conflict',
    ])
    expect((await post(request, { number: 1, last: false, body: bytes(150_000, 100_000 * 31) })).status).toBe(204)
    expect((await post(request, { number: 2, last: true, body: bytes(50_000, 250_000 * 31) })).status).toBe(204)
    expect(new Uint8Array(await reading)).toEqual(bytes(300_000))
    expect(await refusal(await post(request, { number: 3, last: true, body: bytes(1) }))).toEqual([404, 'not_found'])
  })

  it('ends an answer of unknown length with its first short part', async () => {
    const viewing = view()
    const request = await nextAsked()
    expect(request.shortBelow).toBe(RELAY_PART_BYTES)
    const posted = post(request, { last: 'short', head: head(), body: bytes(1000) })
    const response = await viewing
    expect(response.headers.has('content-length')).toBe(false)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes(1000))
    expect((await posted).status).toBe(204)
    expect(await refusal(await post(request, { number: 1, body: bytes(1) }))).toEqual([404, 'not_found'])
  })

  it('passes each event of the status on while the agent’s POST is still open', async () => {
    const viewing = callEdge(`${relayPathOf(stream)}/status`)
    const request = await nextAsked()
    expect(request.path).toBe(`${relayPathOf(stream)}/status`)
    const upload = new TransformStream<Uint8Array, Uint8Array>()
    const writer = upload.writable.getWriter()
    const posted = post(request, {
      head: head({ headers: { 'content-type': 'text/event-stream' } }),
      body: upload.readable,
    })
    const response = await viewing
    const reader = response.body?.getReader()
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      await writer.write(new TextEncoder().encode(event))
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(event)
    }
    await writer.close()
    expect((await reader?.read())?.done).toBe(true)
    expect((await posted).status).toBe(204)
  })

  it('answers HEAD with the length and no body, and 416 and 304 as the agent said', async () => {
    const viewing = view({}, { method: 'HEAD' })
    const request = await nextAsked()
    expect(request.method).toBe('HEAD')
    await post(request, { head: head({ headers: { 'content-length': '123456' }, bodyBytes: 0 }) })
    const response = await viewing
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '123456'])

    for (const status of [416, 304]) {
      const refusing = view({ range: 'bytes=9999999-' })
      const headers = { 'content-range': 'bytes */1000000' }
      expect((await post(await nextAsked(), { head: head({ status, headers, bodyBytes: 0 }) })).status).toBe(204)
      expect((await refusing).status).toBe(status)
    }
  })

  it('lets no page, cookie or policy of an agent out of the app’s own origin', async () => {
    const viewing = view()
    const hostile = {
      'content-type': 'text/html',
      'set-cookie': 'a=b',
      'content-security-policy': 'script-src *',
      location: 'https://evil.example',
      'access-control-allow-origin': '*',
      'service-worker-allowed': '/',
    }
    await post(await nextAsked(), { head: head({ headers: hostile, bodyBytes: 3 }), body: bytes(3) })
    const { headers } = await viewing
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    for (const name of ['set-cookie', 'location', 'access-control-allow-origin', 'service-worker-allowed']) {
      expect(headers.get(name)).toBeNull()
    }
  })

  it('tells the agent to stop, and ends its POST, when the viewer leaves in the middle', async () => {
    const viewing = view()
    const request = await nextAsked()
    const upload = new TransformStream<Uint8Array, Uint8Array>()
    const writer = upload.writable.getWriter()
    const posted = post(request, { head: head({ bodyBytes: 10_000_000 }), body: upload.readable })
    void (async () => {
      for (;;) await writer.write(bytes(65_536))
    })().catch(() => undefined)
    const reader = (await viewing).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await expect.poll(() => cancelled, { timeout: 4000 }).toContain(request.requestId)
    // The agent stops, as it was told; its POST has an end too, by answer or by reset.
    writer.abort().catch(() => undefined)
    const outcome = await posted.then(
      (response) => response.status,
      () => 'reset',
    )
    expect([409, 'reset']).toContain(outcome)
    expect(await refusal(await post(request, { head: head(), body: bytes(1) }))).toEqual([404, 'not_found'])
  })

  it('breaks the viewer’s body off when the agent’s upload breaks off', async () => {
    const viewing = view()
    const request = await nextAsked()
    const upload = new TransformStream<Uint8Array, Uint8Array>()
    const writer = upload.writable.getWriter()
    const posted = post(request, { head: head({ bodyBytes: 1000 }), body: upload.readable })
    await writer.write(bytes(100))
    const response = await viewing
    const reading = response.arrayBuffer()
    reading.catch(() => undefined)
    await writer.abort(new Error('killed')).catch(() => undefined)
    await expect(reading).rejects.toThrow()
    await posted.catch(() => undefined)
  })

  it('gives the agent’s own refusal to the viewer', async () => {
    home.agent.answer((request, agent, id) => {
      if (request.kind !== 'relay') return agreeable(request, agent, id)
      agent.send({ type: 'failed', id, error: { code: 'token_revoked', message: 'Ended.' } })
      return undefined
    })
    expect(await refusal(await view())).toEqual([401, 'token_revoked'])
    home.agent.answer((request, agent, id) => {
      if (request.kind === 'relay') asked.push(request)
      if (request.kind === 'relay-cancel') cancelled.push(request.requestId)
      return agreeable(request, agent, id)
    })
  })

  it('takes parts only from the agent that was asked', async () => {
    const viewing = view()
    const request = await nextAsked()
    const stranger = { ...home.agent.paired, ...(await newAgentKey()) }
    const part = { head: head({ bodyBytes: 3 }), body: bytes(3) }
    expect(await refusal(await postPart(stranger, request, part))).toEqual([401, 'bad_signature'])
    const otherId = { ...home.agent.paired, agentId: 'AAAAAAAAAAAAAAAAAAAAAA' }
    expect(await refusal(await postPart(otherId, request, part))).toEqual([401, 'bad_signature'])
    const late = { headers: { 'x-agent-time': String(Math.floor(Date.now() / 1000) - 600) } }
    expect(await refusal(await post(request, part, late))).toEqual([401, 'bad_signature'])
    const digested = { headers: { 'x-agent-body-digest': 'abc' } }
    expect(await refusal(await post(request, part, digested))).toEqual([401, 'bad_signature'])
    expect(await refusal(await post({ ...request, requestId: 'A'.repeat(22) }, part))).toEqual([404, 'not_found'])
    expect(await refusal(await post(request, { head: { ...head(), status: 99 } as RelayHead }))).toEqual([
      400,
      'invalid',
    ])
    expect((await post(request, part)).status).toBe(204)
    expect((await (await viewing).arrayBuffer()).byteLength).toBe(3)
  })

  it('keeps a viewer from piling up requests', async () => {
    const viewings = Array.from({ length: 40 }, () => view().then(refusal))
    const first = await Promise.race(viewings)
    expect(first).toEqual([429, 'too_many'])
    while (asked.length < 32) await scheduler.wait(5)
    const gone = { status: 404, headers: { 'content-type': 'application/json' } }
    const answer = JSON.stringify({ error: { code: 'not_found', message: 'Gone.' } })
    for (const request of asked.splice(0)) await post(request, { head: head(gone), body: answer })
    const codes = (await Promise.all(viewings)).map(([, code]) => code)
    expect(codes.filter((code) => code === 'not_found')).toHaveLength(32)
    expect(codes.filter((code) => code === 'too_many')).toHaveLength(8)
  })

  it('gives up after ten seconds of silence with a code, and tells the agent', { timeout: 20_000 }, async () => {
    const viewing = view()
    const request = await nextAsked()
    expect(await refusal(await viewing)).toEqual([504, 'timed_out'])
    await expect.poll(() => cancelled).toContain(request.requestId)
    expect(await refusal(await post(request, { head: head({ bodyBytes: 0 }) }))).toEqual([404, 'not_found'])
  })

  it('says at once that no agent is there', async () => {
    home.agent.close()
    await expect.poll(async () => refusal(await view())).toEqual([503, 'agent_offline'])
  })
})
