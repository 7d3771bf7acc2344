/** Connections between two real ends: whom they serve, when they are cut, and how many there may be. */
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeToHome, laneLabel, SMALLEST_WINDOW_BYTES } from '#protocol/p2p.ts'
import type { connectLaneViewer, LaneViewer } from '../testing/lane-viewer.ts'
import { beginPeers, endlessFilm, endPeers, offerOfNobody } from '../testing/peer-connections.ts'
import { until } from '../testing/until.ts'
import type { createPeers, Peers } from './peers.ts'

vi.setConfig({ testTimeout: 30_000 })
afterEach(endPeers)

const begin = (options: Partial<Parameters<typeof createPeers>[0]> = {}) =>
  beginPeers({ handle: endlessFilm().handle, ...options })

/** Something is answered on it. */
const serves = async (viewer: LaneViewer) =>
  (await viewer.ask({ path: '/api/stream/t', isPaused: true, windowBytes: SMALLEST_WINDOW_BYTES }).head).status === 200

describe('a connection', () => {
  it('ends at once, with what runs on it, when its stream is revoked', async () => {
    const { seen, handle } = endlessFilm()
    const { peers, connect, closed } = begin({ handle })
    const [mine, another] = [await connect(), await connect({}, 'stream-2')]
    await mine.ask({ path: '/api/stream/t' }).head
    peers.closeStream('stream-1')
    expect(closed()).toMatchObject([{ streamId: 'stream-1', reason: 'token_revoked' }])
    await until(() => seen.isClosed && !mine.isOpen(), 'the end')
    expect(await serves(another)).toBe(true)
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
    const { connect, closed } = begin()
    const viewer = await connect()
    say(viewer)
    await until(() => closed().length === 1, 'the cut')
    expect(closed()[0]).toMatchObject({ reason: 'invalid' })
    // The agent goes on.
    expect(await serves(await connect())).toBe(true)
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
    expect(await serves(last)).toBe(true)
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
      expect(await serves(viewer)).toBe(true)
    }
  })

  it('ends when nobody uses it, and when nobody ever comes', async () => {
    const { peers, connect, closed } = begin({ idleMilliseconds: 50, connectWithinMilliseconds: 5000 })
    const viewer = await connect()
    await until(() => !viewer.isOpen() && closed().length === 1, 'the end of an idle one')
    const lonely = begin({ connectWithinMilliseconds: 50 })
    const offer = await offerOfNobody()
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
    expect(await serves(viewer)).toBe(true)
    peers.close({ ...request, streamId: 'stream-1' })
    await until(() => !viewer.isOpen(), 'the end')
  })

  it('is refused when there are as many as a home has room for, and where there is no peer to peer', async () => {
    const offer = await offerOfNobody()
    const { peers } = begin()
    const open = (from: Peers, n: number) =>
      from.open({ kind: 'p2p-open', streamId: `s${n}`, connectionId: `n${n}`, offer, iceServers: [] }, 'correlation-1')
    const answers = await Promise.allSettled(Array.from({ length: 70 }, (_, n) => open(peers, n)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(64)
    for (const answer of answers.slice(64)) expect(answer).toMatchObject({ reason: { code: 'busy' } })
    await expect(open(begin({ make: undefined }).peers, 1)).rejects.toMatchObject({ code: 'not_configured' })
  })
})
