/** The link against a hub with real sockets: proves itself, answers, survives nonsense, and comes back. */
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MESSAGE_BYTES } from '#protocol/agent-messages.ts'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { Capabilities } from '#protocol/capabilities.ts'
import { AppError, type ErrorData } from '#protocol/errors.ts'
import { createLog } from '../log.ts'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { until } from '../testing/until.ts'
import type { Handle } from './answer.ts'
import { HubLink, type HubLinkOptions, type Welcome } from './hub-link.ts'
import { loadIdentityKey } from './identity-key.ts'

vi.setConfig({ testTimeout: 20_000 })

const capabilities: Capabilities = {
  name: 'Attic',
  softwareVersion: '1.0.0',
  addresses: ['http://127.0.0.1:8788'],
  relay: true,
  ffmpeg: false,
  vpn: { policy: 'off', state: 'unknown' },
  disk: { freeBytes: 1, usedBytes: 0 },
}
const stops: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function connect(handle: Handle = async () => ({}), options: Partial<HubLinkOptions> = {}) {
  const key = await loadIdentityKey(temporaryDirectory())
  const hub = await startFakeHub(key)
  stops.push(() => hub.stop())
  const seen = {
    welcomes: [] as Welcome[],
    removed: [] as ErrorData[],
    edgeTimes: [] as number[],
    attempts: [] as number[],
    lines: [] as Record<string, unknown>[],
  }
  const link = new HubLink({
    edgeUrl: hub.url,
    agentId: 'agent-1',
    key,
    now: () => Date.now() / 1000,
    capabilities: () => capabilities,
    handle,
    onEdgeTime: (time) => seen.edgeTimes.push(time),
    onWelcome: (welcome) => seen.welcomes.push(welcome),
    onRemoved: (error) => seen.removed.push(error),
    delaySeconds: (attempt) => {
      seen.attempts.push(attempt)
      return 0.02
    },
    log: createLog((line) => seen.lines.push(JSON.parse(line))),
    ...options,
  })
  stops.push(() => link.close())
  return { hub, link, seen }
}
const connected = async (...args: Parameters<typeof connect>) => {
  const all = await connect(...args)
  all.link.start()
  await until(() => all.link.state === 'connected', 'a connection')
  return all
}
const replyTo = async (hub: FakeHub, id: string) => {
  const find = () => hub.messages.find((message) => message.type !== 'stage' && 'id' in message && message.id === id)
  await until(() => find() !== undefined, `an answer to ${id}`)
  return find()
}
const close: AgentRequest = { kind: 'close', streamId: 's' }

describe('HubLink', () => {
  it('proves itself, says what it can do, and hears the welcome', async () => {
    const { hub, seen } = await connected()
    expect(hub.hellos[0]).toMatchObject({ protocolVersion: 1, capabilities })
    expect(seen.welcomes[0]).toMatchObject({ appOrigin: 'https://porchlight.example' })
    expect(seen.edgeTimes.length).toBe(2)
  })

  it('answers each request with one reply, and passes stages on before it', async () => {
    const { hub } = await connected(async (_request, { onStage, correlationId }) => {
      expect(correlationId).toBe('test-correlation')
      onStage('finding', 0)
      onStage('peers', 2)
      return {}
    })
    const id = hub.ask(close)
    expect(await replyTo(hub, id)).toEqual({ type: 'reply', id, ok: true, value: {} })
    expect(hub.messages.map((message) => ('stage' in message ? message.stage : message.type))).toEqual([
      'finding',
      'peers',
      'reply',
    ])
  })

  it('sends errors as data, and tells nothing of unknown ones', async () => {
    const errors = [new AppError('no_peers', 'Nobody.'), new Error('secret path /home/me')]
    const { hub, seen } = await connected(async () => {
      throw errors.shift()
    })
    expect(await replyTo(hub, hub.ask(close))).toMatchObject({
      type: 'failed',
      error: { code: 'no_peers', message: 'Nobody.' },
    })
    const second = await replyTo(hub, hub.ask(close))
    expect(second).toMatchObject({ type: 'failed', error: { code: 'internal' } })
    expect(JSON.stringify(second)).not.toContain('secret')
    expect(seen.lines.some((line) => line.event === 'request_failed' && String(line.error).includes('secret'))).toBe(
      true,
    )
  })

  it('gives up at the deadline, in time for its answer to arrive', async () => {
    const { hub } = await connected(
      (_request, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const id = hub.ask(close, { deadlineSeconds: 0.2 })
    expect(await replyTo(hub, id)).toMatchObject({ type: 'failed', error: { code: 'timed_out' } })
  })

  it('stops working on what was cancelled, and sends no reply', async () => {
    const aborted = vi.fn()
    const { hub } = await connected(async (request, { signal }) => {
      if (request.kind !== 'close') return {}
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      aborted()
      return {}
    })
    const id = hub.ask(close)
    hub.say(JSON.stringify({ type: 'cancel', id }))
    await until(() => aborted.mock.calls.length === 1, 'the abort')
    await replyTo(hub, hub.ask({ kind: 'revoke', streamIds: [] }))
    expect(hub.messages.filter((message) => 'id' in message && message.id === id)).toEqual([])
  })

  it('answers a request that comes twice under one id only once', async () => {
    const { hub } = await connected(() => new Promise((resolve) => setTimeout(() => resolve({}), 100)))
    hub.ask(close, { id: 'twice' })
    hub.ask(close, { id: 'twice' })
    await replyTo(hub, 'twice')
    await replyTo(hub, hub.ask(close))
    expect(hub.messages.filter((message) => 'id' in message && message.id === 'twice')).toHaveLength(1)
  })

  it('refuses a request of a kind it does not know by its id, and stays connected', async () => {
    const { hub, link } = await connected()
    hub.say(
      JSON.stringify({
        type: 'request',
        id: 'new',
        deadlineSeconds: 1,
        correlationId: 'test-correlation',
        request: { kind: 'brew-coffee' },
      }),
    )
    expect(await replyTo(hub, 'new')).toMatchObject({ type: 'failed', error: { code: 'version_unsupported' } })
    expect(link.state).toBe('connected')
  })

  it.each<[string, string | Uint8Array, number]>([
    ['text that is not JSON', 'hello?', 1007],
    ['JSON that is not a message', '{"type":"dance"}', 1008],
    ['a message without its fields', '{"type":"request","id":"x"}', 1008],
    ['null', 'null', 1008],
    ['bytes', Uint8Array.of(1, 2, 3), 1003],
    ['a second welcome', '', 1008],
    ['a message over the limit', `"${'x'.repeat(MESSAGE_BYTES + 1)}"`, 1009],
  ])('closes politely on %s, logs it, and comes back', async (what, text, code) => {
    const { hub, link, seen } = await connected()
    const welcome = { type: 'welcome', ...seen.welcomes[0] }
    hub.say(what === 'a second welcome' ? JSON.stringify(welcome) : text)
    await until(() => hub.closes.length === 1, 'the end of the socket')
    expect(hub.closes).toEqual([code])
    await until(() => link.state === 'connected' && hub.hellos.length === 2, 'a new connection')
    expect(
      seen.lines.some(({ event }) => ['hub_message_refused', 'hub_connection_failed'].includes(String(event))),
    ).toBe(true)
  })

  it('takes no request from a hub that has not welcomed it', async () => {
    const handle = vi.fn(async () => ({}))
    const { hub, link } = await connect(handle)
    hub.behaviour.welcome = { type: 'cancel' as 'welcome' }
    link.start()
    await until(() => hub.hellos.length === 1, 'a hello')
    hub.ask(close)
    await until(() => hub.closes.includes(1008), 'the end of the socket')
    expect(handle).not.toHaveBeenCalled()
  })

  it('comes back after the edge was away, waiting longer each time', async () => {
    const { hub, link, seen } = await connect()
    hub.behaviour.refuseUpgrade = { status: 503 }
    link.start()
    await until(() => hub.upgrades >= 3, 'three knocks')
    delete hub.behaviour.refuseUpgrade
    await until(() => link.state === 'connected', 'a connection')
    expect(seen.attempts.slice(0, 3)).toEqual([0, 1, 2])
  })

  it('begins to count anew only after a connection that lasted', async () => {
    const { hub, link, seen } = await connected(undefined, { settledSeconds: 0.1 })
    hub.socket().terminate()
    await until(() => hub.hellos.length === 2, 'a second connection')
    hub.socket().terminate()
    await until(() => hub.hellos.length === 3, 'a third connection')
    expect(seen.attempts).toEqual([0, 1])
    await until(() => link.state === 'connected')
    await new Promise((resolve) => setTimeout(resolve, 200))
    hub.socket().terminate()
    await until(() => hub.hellos.length === 4, 'a fourth connection')
    expect(seen.attempts).toEqual([0, 1, 0])
  })

  it('pings, and leaves a hub that does not answer', async () => {
    const { hub } = await connected(undefined, { pingEverySeconds: 0.05 })
    await until(() => hub.pings >= 3, 'pings')
    expect(hub.hellos).toHaveLength(1)
    hub.behaviour.answersPings = false
    await until(() => hub.hellos.length >= 2, 'a new connection')
  })

  it.each<[string, (hub: FakeHub) => void]>([
    [
      'in the upgrade',
      (hub) =>
        Object.assign(hub.behaviour, {
          refuseUpgrade: { status: 404, error: { code: 'not_found', message: 'Gone.' } },
        }),
    ],
    [
      'after the hello',
      (hub) => Object.assign(hub.behaviour, { refuseHello: { code: 'forbidden', message: 'Gone.' } }),
    ],
  ])('says that its pairing was removed when it is told so %s, and stays away', async (_where, refuse) => {
    const { hub, link, seen } = await connect()
    refuse(hub)
    link.start()
    await until(() => seen.removed.length === 1, 'the word')
    expect(link.state).toBe('removed')
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(hub.upgrades).toBe(1)
  })

  it('says so too when it is removed while connected', async () => {
    const { hub, link, seen } = await connected()
    hub.say(JSON.stringify({ type: 'refused', error: { code: 'not_found', message: 'Removed.' } }))
    await until(() => seen.removed.length === 1, 'the word')
    expect(link.state).toBe('removed')
  })

  it('does not take a proxy’s 404 for the end of its pairing', async () => {
    const { hub, link, seen } = await connect()
    hub.behaviour.refuseUpgrade = { status: 404 }
    link.start()
    await until(() => hub.upgrades >= 2, 'a second knock')
    expect(seen.removed).toEqual([])
  })

  it('waits long before it fights another agent for its place', async () => {
    const waits: number[][] = []
    const { hub } = await connected(undefined, { delaySeconds: (...why) => 60 + 0 * waits.push(why) })
    hub.say(JSON.stringify({ type: 'refused', error: { code: 'agent_replaced', message: 'Elsewhere.' } }))
    await until(() => waits.length === 1, 'the next attempt')
    expect(waits).toEqual([[10, 1]])
  })

  it('tests the line as soon as the machine has another address', async () => {
    let addresses = '10.0.0.2'
    const { hub } = await connected(undefined, { pingEverySeconds: 0.2, addresses: () => addresses })
    hub.behaviour.answersPings = false
    addresses = '192.168.1.7'
    await until(() => hub.hellos.length >= 2, 'a new connection')
  })

  it('comes back at once when the machine has lost the address that it goes out from', async () => {
    let own = '127.0.0.1'
    const { hub } = await connected(undefined, {
      ...{ pingEverySeconds: 0.2, hasAddress: (address) => address === own, delaySeconds: () => 3600 },
    })
    // Its pings are answered all the while: what the machine says of itself is enough.
    own = '127.0.0.2'
    await until(() => hub.hellos.length >= 2, 'a new connection')
  })

  it('comes back at once when somebody watches, its line is silent and the edge answers over a new one', async () => {
    const { hub } = await connected(undefined, { isWatched: () => true, delaySeconds: () => 3600 })
    hub.behaviour.answersPings = false
    await until(() => hub.hellos.length >= 2, 'a new connection')
  })

  it('stays where it goes out from an address that the machine has never named', async () => {
    const { hub } = await connected(undefined, { pingEverySeconds: 0.05, hasAddress: () => false })
    await until(() => hub.pings >= 3, 'some looks')
    expect(hub.hellos).toHaveLength(1)
  })

  it('lets the load of the moment ride on its replies', async () => {
    const load = { streams: 2, mostStreams: 30, makings: 0, mostMakings: 1 }
    const { hub } = await connected(undefined, { capabilities: () => ({ ...capabilities, load }) })
    expect(await replyTo(hub, hub.ask(close))).toMatchObject({ type: 'reply', load })
  })

  it('tells the hub what has changed', async () => {
    const { hub, link } = await connected()
    link.changed({ ...capabilities, name: 'Cellar' })
    await until(() => hub.messages.length === 1, 'the message')
    expect(hub.messages[0]).toMatchObject({ type: 'changed', capabilities: { name: 'Cellar' } })
  })

  it('lives through any message', async () => {
    const { hub, link } = await connected()
    const value = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({
          type: fc.constantFrom('challenge', 'welcome', 'request', 'cancel', 'x'),
          id: fc.anything(),
          request: fc.anything(),
        })
        .map((any) => JSON.stringify(any)),
    )
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        await until(() => link.state === 'connected', 'a connection')
        hub.say(text)
      }),
      { numRuns: 60 },
    )
    await until(() => {
      if (link.state === 'connected' && hub.socket().readyState === 1) hub.ask(close)
      return hub.messages.some((message) => message.type === 'reply')
    }, 'an answer after all that')
  })
})
