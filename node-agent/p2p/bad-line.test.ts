/** A viewer far away on a bad line: slower, and otherwise the same. */
import type { DataChannel } from 'node-datachannel'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LANE_MESSAGE_BYTES, LARGEST_WINDOW_BYTES, SMALLEST_WINDOW_BYTES } from '#protocol/p2p.ts'
import type { HttpHandle } from '../http-exchange.ts'
import { createLog } from '../log.ts'
import { type BadLine, type BadLineOptions, startBadLine } from '../testing/bad-line.ts'
import type { LaneViewer } from '../testing/lane-viewer.ts'
import { beginPeers, endlessFilm, endPeers } from '../testing/peer-connections.ts'
import { pseudoRandomBytes } from '../testing/seeder.ts'
import { until } from '../testing/until.ts'
import { HIGH_WATER_BYTES } from './answer-over-lane.ts'
import { loadDataChannels, SEND_BUFFER_BYTES } from './data-channels.ts'

vi.setConfig({ testTimeout: 60_000 })
const PATIENCE_MS = 45_000

let line: BadLine | undefined
afterEach(() => {
  endPeers()
  line?.close()
  line = undefined
})

const homeOnLoopback = /^(a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1) (\d+) /im

/** The viewer knows of no other way than this line, and home of none to the viewer: it answers where it is asked from. */
const connectBy = (
  begun: ReturnType<typeof beginPeers>,
  lanes: number,
  bad: BadLineOptions = { delayMs: 60, lossShare: 0.02 },
): Promise<LaneViewer> =>
  begun.connect({ lanes, config: { bindAddress: '127.0.0.1' } }, 'stream-1', async (answer) => {
    const port = Number(homeOnLoopback.exec(answer)?.[2])
    line = await startBadLine(port, bad)
    return answer.replace(homeOnLoopback, `$1 ${line.port} `)
  })

describe('a viewer on a bad line', () => {
  it('gets a film’s bytes whole and in order, several answers at once', async () => {
    const film = pseudoRandomBytes(240_000)
    const third = film.length / 3
    const handle: HttpHandle = async ({ headers }) => {
      const at = Number(headers.range)
      async function* body() {
        for (let sent = 0; sent < third; sent += 10_000) yield film.subarray(at + sent, at + sent + 10_000)
      }
      return { status: 206, headers: {}, body: body() }
    }
    const viewer = await connectBy(beginPeers({ handle }), 2)
    // The smallest window: what was read has to be told again and again before more is sent.
    const asks = [0, 1, 2].map((n) =>
      viewer.ask({
        ...{ path: '/api/stream/t', lane: n % 2, windowBytes: SMALLEST_WINDOW_BYTES },
        headers: { range: String(n * third) },
      }),
    )
    const parts = await Promise.all(asks.map(({ all }) => all))
    expect(Buffer.concat(parts).equals(film)).toBe(true)
    expect(line?.counts.lost).toBeGreaterThan(0)
  })

  it('cancels, and the read at home ends while another answer goes on', async () => {
    const { seen, handle } = endlessFilm()
    const viewer = await connectBy(beginPeers({ handle }), 1)
    // What was sent already comes before everything else; the window says how much that is.
    const left = viewer.ask({ path: '/api/stream/t', windowBytes: 2 * SMALLEST_WINDOW_BYTES })
    await until(() => left.receivedBytes() > 0, 'the first bytes', PATIENCE_MS)
    viewer.cancel(left)
    await until(() => seen.isClosed, 'the end of reading', PATIENCE_MS)
    const next = viewer.ask({ path: '/api/stream/t', isPaused: true, windowBytes: SMALLEST_WINDOW_BYTES })
    await until(() => next.receivedBytes() === SMALLEST_WINDOW_BYTES, 'a window of the next', PATIENCE_MS)
  })

  it('who seeks gets no more of what was left than two small buffers hold, however wide the window', async () => {
    const { handle } = endlessFilm()
    const viewer = await connectBy(beginPeers({ handle }), 2, { delayMs: 20, lossShare: 0 })
    const left = viewer.ask({ path: '/api/stream/t', windowBytes: LARGEST_WINDOW_BYTES })
    await until(() => left.receivedBytes() > 2 * SEND_BUFFER_BYTES, 'a film under way', PATIENCE_MS)
    const before = left.receivedBytes()
    viewer.cancel(left)
    const next = viewer.ask({ path: '/api/stream/t', lane: 1, isPaused: true, windowBytes: SMALLEST_WINDOW_BYTES })
    await next.head
    // And what was on the line in both directions while the word of it went home.
    const onTheLine = SEND_BUFFER_BYTES
    expect(left.receivedBytes() - before).toBeLessThan(HIGH_WATER_BYTES + SEND_BUFFER_BYTES + onTheLine)
  })

  it('costs home no more memory than a lane may hold, however fast the disk is', async () => {
    const load = await loadDataChannels(createLog(() => {}))
    let mostBufferedBytes = 0
    // What the library makes cannot be assigned to.
    const watch = (channel: DataChannel) => {
      const send = channel.sendMessageBinary.bind(channel)
      const value: typeof send = (message) => {
        const isSent = send(message)
        mostBufferedBytes = Math.max(mostBufferedBytes, channel.bufferedAmount())
        return isSent
      }
      Object.defineProperty(channel, 'sendMessageBinary', { value })
    }
    const make: typeof load = (name, config) => {
      if (!load) throw new Error('no data channels here')
      const connection = load(name, config)
      const onDataChannel = connection.onDataChannel.bind(connection)
      const value: typeof onDataChannel = (hear) =>
        onDataChannel((channel) => {
          watch(channel)
          hear(channel)
        })
      return Object.defineProperty(connection, 'onDataChannel', { value })
    }
    const { seen, handle } = endlessFilm()
    const viewer = await connectBy(beginPeers({ handle, make }), 1)
    const reading = viewer.ask({ path: '/api/stream/t', windowBytes: LARGEST_WINDOW_BYTES })
    await until(() => reading.receivedBytes() > 100_000, 'some of it', PATIENCE_MS)
    expect(mostBufferedBytes).toBeGreaterThan(HIGH_WATER_BYTES / 2)
    expect(mostBufferedBytes).toBeLessThanOrEqual(HIGH_WATER_BYTES + LANE_MESSAGE_BYTES)
    // What was read and has not arrived is that, and what the transport below has taken.
    expect(seen.readBytes - reading.receivedBytes()).toBeLessThan(2 * (HIGH_WATER_BYTES + SEND_BUFFER_BYTES))
  })
})
