/** Peer to peer between two real ends: what a viewer gets, what is refused, and that nothing runs on unread. */
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodeToHome, laneLabel, MOST_REQUESTS, SMALLEST_WINDOW_BYTES } from '#protocol/p2p.ts'
import type { HttpHandle } from '../http-exchange.ts'
import { createLog } from '../log.ts'
import { connectLaneViewer, type LaneViewer } from '../testing/lane-viewer.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestHome, type TestHome } from '../testing/test-home.ts'
import { until, untilSteady } from '../testing/until.ts'
import { loadDataChannels } from './data-channels.ts'
import { createPeers, type Peers } from './peers.ts'

vi.setConfig({ testTimeout: 30_000 })

const film = pseudoRandomBytes(3_000_000)
const log = createLog(() => {})
const make = await loadDataChannels(log)
let seeder: Seeder
let home: TestHome
beforeAll(async () => {
  seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: 256 * 1024 })
  home = await startTestHome(temporaryDirectory(afterAll))
  await home.learn('source-1', seeder.source, 'film.mp4', film.length)
})
afterAll(async () => {
  await home.stop()
  await seeder.stop()
})

const opened: { peers: Peers; viewers: LaneViewer[] }[] = []
afterEach(() => {
  for (const { peers, viewers } of opened.splice(0)) {
    for (const viewer of viewers) viewer.close()
    peers.closeAll()
  }
})

type Begin = Partial<Parameters<typeof createPeers>[0]>

function begin(options: Begin = {}) {
  const lines: Record<string, unknown>[] = []
  const peers = createPeers({
    ...{ make, bindAddress: '127.0.0.1', handle: home.handle },
    log: createLog((line) => lines.push(JSON.parse(line))),
    ...options,
  })
  const viewers: LaneViewer[] = []
  opened.push({ peers, viewers })
  let connections = 0
  const connect = async (options: Parameters<typeof connectLaneViewer>[1] = {}, streamId = 'stream-1') => {
    const connectionId = `c${++connections}`
    const open = (offer: string) =>
      peers.open({ kind: 'p2p-open', streamId, connectionId, offer, iceServers: [] }, 'correlation-1')
    const viewer = await connectLaneViewer(async (offer) => (await open(offer)).answer, options)
    viewers.push(viewer)
    return viewer
  }
  const closed = () => lines.filter(({ event }) => event === 'p2p_closed')
  return { peers, lines, connect, closed }
}
const path = async (changes: Parameters<TestHome['token']>[0] = {}) => `/api/stream/${await home.token(changes)}`

/** A film without an end, which knows how much of it was read and whether somebody still reads. */
function endless() {
  const seen = { readBytes: 0, isClosed: false, signal: undefined as AbortSignal | undefined }
  const handle: HttpHandle = async ({ signal }) => {
    seen.signal = signal
    async function* body() {
      try {
        for (;;) {
          seen.readBytes += 100_000
          yield new Uint8Array(100_000)
        }
      } finally {
        seen.isClosed = true
      }
    }
    return { status: 200, headers: {}, body: body() }
  }
  return { seen, handle }
}

describe('a viewer on a data channel', () => {
  it('gets what HTTP would give: ranges, heads, statuses, and refusals as the handler words them', async () => {
    const { connect, lines } = begin()
    const viewer = await connect()
    const good = await path()
    const ranged = viewer.ask({ path: good, headers: { range: 'bytes=1000-299999' } })
    expect(await ranged.head).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes 1000-299999/${film.length}`, 'x-correlation-id': 'correlation-1' },
    })
    expect((await ranged.all).equals(film.subarray(1000, 300_000))).toBe(true)
    const whole = viewer.ask({ path: good })
    expect((await whole.all).equals(film)).toBe(true)
    const head = viewer.ask({ path: good, method: 'HEAD' })
    expect(await head.head).toMatchObject({ status: 200, headers: { 'content-length': String(film.length) } })
    expect(await head.all).toHaveLength(0)
    const beyond = viewer.ask({ path: good, headers: { range: 'bytes=9000000-' } })
    expect((await beyond.head).status).toBe(416)
    expect(lines.find(({ event }) => event === 'p2p_connected')).toMatchObject({
      streamId: 'stream-1',
      transport: 'p2p',
    })
    expect(JSON.stringify(lines)).not.toMatch(/candidate:|ufrag|127\.0\.0\.1/)
  })

  it.each<[string, Parameters<TestHome['token']>[0], string]>([
    ['of another stream', { streamId: 'stream-2' }, 'token_for_another_file'],
    ['of another file', { path: 'other.mp4' }, 'token_for_another_file'],
    ['that has expired', { notBefore: 1, expiresAt: 2, streamId: 'stream-8' }, 'token_expired'],
    ['for another home', { agentId: 'agent-2' }, 'token_for_another_agent'],
  ])('is refused with a token %s', async (_what, changes, code) => {
    // A stream that was never watched has no lease to go on by.
    const viewer = await begin().connect({}, code === 'token_expired' ? 'stream-8' : 'stream-1')
    const refused = viewer.ask({ path: await path(changes) })
    expect(JSON.parse(String(await refused.all)).error.code).toBe(code)
    expect((await refused.head).status).toBeGreaterThanOrEqual(401)
  })

  it('gets fifty answers at once over several lanes, each its own', async () => {
    const viewer = await begin().connect({ lanes: 4 })
    const good = await path()
    const all = Array.from({ length: 50 }, (_, n) => {
      const range = `bytes=${n * 50_000}-${n * 50_000 + 49_999}`
      return viewer.ask({ path: good, lane: n % 4, headers: { range } })
    })
    const bodies = await Promise.all(all.map((reading) => reading.all))
    bodies.forEach((body, n) => {
      expect(body.equals(film.subarray(n * 50_000, n * 50_000 + 50_000))).toBe(true)
    })
  })

  it('is told so when it asks for more at once than a viewer does, and served when it has less', async () => {
    const { handle, seen } = endless()
    const viewer = await begin({ handle }).connect()
    const paused = { path: '/api/stream/t', isPaused: true, windowBytes: SMALLEST_WINDOW_BYTES }
    const many = Array.from({ length: MOST_REQUESTS }, () => viewer.ask(paused))
    await Promise.all(many.map(({ head }) => head))
    await expect(viewer.ask(paused).head).rejects.toMatchObject({ code: 'busy' })
    for (const one of many) viewer.cancel(one)
    await until(() => seen.isClosed, 'the end of reading')
    await expect(viewer.ask(paused).head).resolves.toMatchObject({ status: 200 })
  })

  it('stops the read at home when it pauses, within its window', async () => {
    const { seen, handle } = endless()
    const viewer = await begin({ handle }).connect()
    const windowBytes = 500_000
    const reading = viewer.ask({ path: '/api/stream/t', isPaused: true, windowBytes })
    await until(() => reading.receivedBytes() === windowBytes, 'a window')
    // What more was read is the rest of one chunk.
    expect(await untilSteady(() => seen.readBytes, 300)).toBeLessThanOrEqual(windowBytes + 100_000)
    expect(reading.receivedBytes()).toBe(windowBytes)
    viewer.say(encodeToHome({ type: 'credit', id: reading.id, bytes: 200_000 }))
    await until(() => reading.receivedBytes() === windowBytes + 200_000, 'the credit')
    expect(await untilSteady(reading.receivedBytes, 200)).toBe(windowBytes + 200_000)
  })

  it('ends the read at home when it cancels one, and the others go on', async () => {
    const { seen, handle } = endless()
    const viewer = await begin({ handle }).connect()
    const reading = viewer.ask({ path: '/api/stream/t', isPaused: true })
    await reading.head
    viewer.cancel(reading)
    await until(() => seen.isClosed && seen.signal?.aborted === true, 'the end of reading')
    expect((await viewer.ask({ path: '/api/stream/t', isPaused: true }).head).status).toBe(200)
  })

  it('ends every read at home when it goes', async () => {
    const { seen, handle } = endless()
    const { connect, closed } = begin({ handle })
    const viewer = await connect()
    await viewer.ask({ path: '/api/stream/t' }).head
    viewer.close()
    await until(() => seen.isClosed && closed().length === 1, 'the end of reading')
  })

  it('is told why when what it reads fails', async () => {
    const handle: HttpHandle = async () => {
      async function* body() {
        yield new Uint8Array(10)
        throw Object.assign(new Error('the disk'), { code: 'EIO' })
      }
      return { status: 200, headers: {}, body: body() }
    }
    const viewer = await begin({ handle }).connect()
    const reading = viewer.ask({ path: '/api/stream/t' })
    expect((await reading.head).status).toBe(200)
    await expect(reading.all).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('a connection', () => {
  it('ends at once, with what runs on it, when its stream is revoked', async () => {
    const { seen, handle } = endless()
    const { peers, connect, closed } = begin({ handle })
    const [mine, another] = [await connect(), await connect({}, 'stream-2')]
    await mine.ask({ path: '/api/stream/t' }).head
    peers.closeStream('stream-1')
    expect(closed()).toMatchObject([{ streamId: 'stream-1', reason: 'token_revoked' }])
    await until(() => seen.isClosed && !mine.isOpen(), 'the end')
    expect((await another.ask({ path: '/api/stream/t', isPaused: true }).head).status).toBe(200)
  })

  it('lets go of a reader that reads nothing when the lease ends', async () => {
    const { connect } = begin()
    const viewer = await connect({}, 'stream-9')
    const reading = viewer.ask({
      path: await path({ streamId: 'stream-9' }),
      isPaused: true,
      windowBytes: SMALLEST_WINDOW_BYTES,
    })
    await reading.head
    home.leases.revoke(['stream-9'])
    await expect(reading.all).rejects.toMatchObject({ code: 'token_revoked' })
  })

  it.each<[string, (viewer: LaneViewer) => void]>([
    ['noise', (viewer) => viewer.say(new Uint8Array(40))],
    ['text', (viewer) => viewer.say('hello')],
    ['nothing', (viewer) => viewer.say(new Uint8Array())],
    ['a path of the agent’s own', (viewer) => void viewer.ask({ path: '/health' })],
    [
      'more credit than it was sent',
      (viewer) => {
        const { id } = viewer.ask({ path: '/api/stream/t', isPaused: true, windowBytes: SMALLEST_WINDOW_BYTES })
        viewer.say(encodeToHome({ type: 'credit', id, bytes: SMALLEST_WINDOW_BYTES + 1 }))
      },
    ],
    [
      'one id twice',
      (viewer) => {
        const request = {
          method: 'GET',
          path: '/api/stream/t',
          headers: {},
          windowBytes: SMALLEST_WINDOW_BYTES,
        } as const
        for (let n = 0; n < 2; n++) viewer.say(encodeToHome({ type: 'request', id: 77, request }))
      },
    ],
  ])('is cut when its viewer says %s', async (_what, say) => {
    const { handle } = endless()
    const { connect, closed } = begin({ handle })
    const viewer = await connect()
    say(viewer)
    await until(() => closed().length === 1, 'the cut')
    expect(closed()[0]).toMatchObject({ reason: 'invalid' })
    // The agent goes on.
    expect((await (await connect()).ask({ path: '/api/stream/t', isPaused: true }).head).status).toBe(200)
  })

  it('lives or is cut, and takes nothing else with it, whatever bytes come', async () => {
    const { connect, lines } = begin()
    let viewer = await connect()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(1, 2, 3, 18), async (bytes, type) => {
        if (!viewer.isOpen()) viewer = await connect()
        try {
          viewer.say(Uint8Array.of(type, ...bytes))
        } catch {
          // It was cut between the look and the word.
        }
      }),
      { numRuns: 30 },
    )
    const last = await connect()
    expect((await last.ask({ path: await path(), headers: { range: 'bytes=0-9' } }).head).status).toBe(206)
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each<[string, Parameters<typeof connectLaneViewer>[1]]>([
    ['that is none', { label: () => 'other' }],
    ['more than there may be', { lanes: 9, label: (n) => laneLabel(n % 8) }],
  ])('is cut when its viewer opens a lane %s', async (_what, lanes) => {
    const { connect, closed } = begin()
    // Whether the viewer has seen it open before the cut is chance.
    const outcome = connect(lanes).catch(() => {})
    await until(() => closed().length === 1, 'the cut')
    expect(closed()[0]).toMatchObject({ reason: 'invalid' })
    await outcome
  })

  it('is one of two for a stream: the oldest goes when a third comes', async () => {
    const { connect, closed } = begin()
    const [first, second, third] = [await connect(), await connect(), await connect()]
    await until(() => !first.isOpen(), 'the end of the first')
    expect(closed()).toMatchObject([{ reason: 'agent_replaced' }])
    for (const viewer of [second, third]) {
      expect((await viewer.ask({ path: await path(), headers: { range: 'bytes=0-9' } }).head).status).toBe(206)
    }
  })

  it('ends when nobody uses it, and when nobody ever comes', async () => {
    const { peers, connect, closed } = begin({ idleMilliseconds: 50, connectWithinMilliseconds: 5000 })
    const viewer = await connect()
    await until(() => !viewer.isOpen() && closed().length === 1, 'the end of an idle one')
    const lonely = begin({ connectWithinMilliseconds: 50 })
    let offer = ''
    await connectLaneViewer(async (text) => {
      offer = text
      throw new Error('enough')
    }).catch(() => {})
    await lonely.peers.open(
      { kind: 'p2p-open', streamId: 's', connectionId: 'c', offer, iceServers: [] },
      'correlation-1',
    )
    await until(() => lonely.closed().length === 1, 'the end of one that nobody came to')
    expect(() =>
      peers.exchange({ kind: 'p2p-candidates', streamId: 's', connectionId: 'c', candidates: [], mid: '0' }),
    ).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  it('is closed by its own stream’s viewer alone', async () => {
    const { peers, connect } = begin()
    const viewer = await connect()
    const request = { kind: 'p2p-close', connectionId: 'c1' } as const
    peers.close({ ...request, streamId: 'stream-2' })
    expect(() =>
      peers.exchange({ kind: 'p2p-candidates', streamId: 'stream-2', connectionId: 'c1', candidates: [], mid: '0' }),
    ).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect((await viewer.ask({ path: await path(), headers: { range: 'bytes=0-9' } }).head).status).toBe(206)
    peers.close({ ...request, streamId: 'stream-1' })
    await until(() => !viewer.isOpen(), 'the end')
  })

  it('is refused when there are as many as a home has room for, and where there is no peer to peer', async () => {
    let offer = ''
    await connectLaneViewer(async (text) => {
      offer = text
      throw new Error('enough')
    }).catch(() => {})
    const { peers } = begin()
    const open = (from: Peers, n: number) =>
      from.open({ kind: 'p2p-open', streamId: `s${n}`, connectionId: `n${n}`, offer, iceServers: [] }, 'correlation-1')
    const answers = await Promise.allSettled(Array.from({ length: 70 }, (_, n) => open(peers, n)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(64)
    for (const answer of answers.slice(64)) expect(answer).toMatchObject({ reason: { code: 'busy' } })
    await expect(open(begin({ make: undefined }).peers, 1)).rejects.toMatchObject({ code: 'not_configured' })
  })
})
