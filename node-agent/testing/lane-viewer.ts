/** A viewer for tests, over real data channels: it asks, reads as fast as it is told to, and may say what no viewer says. */
import { type DataChannel, PeerConnection, type RtcConfig } from 'node-datachannel'
import { AppError } from '#protocol/errors.ts'
import {
  decodeToViewer,
  encodeToHome,
  type LaneHead,
  type LaneRequest,
  laneLabel,
  WINDOW_BYTES,
} from '#protocol/p2p.ts'
import { until } from './until.ts'

export type LaneReading = {
  id: number
  lane: number
  /** Status and headers, once they are there. */
  head: Promise<LaneHead>
  /** Everything, given back as credit as it comes. Throws what ended it early. */
  all: Promise<Buffer>
  receivedBytes: () => number
}

export type Ask = Partial<LaneRequest> & {
  path: string
  lane?: number /** Reads nothing: no credit goes back. */
  isPaused?: boolean
}

export type LaneViewer = {
  ask(ask: Ask): LaneReading
  cancel(reading: LaneReading): void
  /** Whatever bytes, or text, on a lane. */
  say(message: Uint8Array | string, lane?: number): void
  isOpen(): boolean
  /** How the connection came about: `host-host`, `relay-prflx`. */
  way(): string
  close(): void
}

type Take = (message: Uint8Array<ArrayBuffer>) => void

/** `signal` carries the offer to home and brings its answer. Resolves when all lanes are open. */
export async function connectLaneViewer(
  signal: (offer: string) => Promise<string>,
  {
    lanes = 1,
    label = laneLabel,
    config = {},
  }: { lanes?: number; label?: typeof laneLabel; config?: Partial<RtcConfig> } = {},
): Promise<LaneViewer> {
  const connection = new PeerConnection('viewer', { iceServers: [], ...config })
  let isGathered = false
  let state = ''
  connection.onGatheringStateChange((now) => {
    isGathered = now === 'complete'
  })
  connection.onStateChange((now) => {
    state = now
  })
  const waiting = new Map<string, Take>()
  const channels = Array.from({ length: lanes }, (_, index) => {
    const channel = connection.createDataChannel(label(index))
    channel.onMessage((message) => {
      const bytes = new Uint8Array(message as Buffer)
      try {
        waiting.get(`${index} ${decodeToViewer(bytes).id}`)?.(bytes)
      } catch {
        // The channel closed between what came and what it is answered with. Thrown here it would end the process.
      }
    })
    return channel
  })
  await until(() => isGathered, 'the candidates')
  connection.setRemoteDescription(await signal(connection.localDescription()?.sdp ?? ''), 'answer')
  const isOpen = () => state !== 'closed' && channels.every((channel) => channel.isOpen())
  await until(() => isOpen() || state === 'closed', 'the lanes')
  if (!isOpen()) throw new AppError('agent_offline', 'Home has closed the connection.')
  return viewerOn(connection, channels, waiting, isOpen)
}

function viewerOn(
  connection: PeerConnection,
  channels: DataChannel[],
  waiting: Map<string, Take>,
  isOpen: () => boolean,
): LaneViewer {
  let lastId = 0
  const onLane = (lane: number): DataChannel => {
    const channel = channels[lane]
    if (!channel) throw new Error(`no lane ${lane}`)
    return channel
  }
  return {
    isOpen,
    ask({ lane = 0, isPaused = false, ...request }) {
      const id = ++lastId
      const channel = onLane(lane)
      const head = Promise.withResolvers<LaneHead>()
      const all = Promise.withResolvers<Buffer>()
      // Whoever looks at one of them only must not end the test by the other.
      for (const { promise } of [head, all]) promise.catch(() => {})
      const chunks: Uint8Array[] = []
      let receivedBytes = 0
      const reading = { id, lane, head: head.promise, all: all.promise, receivedBytes: () => receivedBytes }
      const take = (message: Uint8Array<ArrayBuffer>) => {
        const said = decodeToViewer(message)
        if (said.type === 'head') head.resolve(said.head)
        if (said.type === 'body') {
          receivedBytes += said.bytes.length
          chunks.push(said.bytes)
          if (!isPaused) channel.sendMessageBinary(encodeToHome({ type: 'credit', id, bytes: said.bytes.length }))
        }
        if (said.type === 'end') all.resolve(Buffer.concat(chunks))
        if (said.type === 'failed') {
          const error = new AppError(said.error.code, said.error.message)
          head.reject(error)
          all.reject(error)
        }
      }
      waiting.set(`${lane} ${id}`, take)
      const whole = { method: 'GET' as const, headers: {}, windowBytes: WINDOW_BYTES, ...request }
      channel.sendMessageBinary(encodeToHome({ type: 'request', id, request: whole }))
      return reading
    },
    cancel: ({ id, lane }) => void onLane(lane).sendMessageBinary(encodeToHome({ type: 'cancel', id })),
    say(message, lane = 0) {
      if (typeof message === 'string') onLane(lane).sendMessage(message)
      else onLane(lane).sendMessageBinary(message)
    },
    way() {
      const pair = connection.getSelectedCandidatePair()
      return pair ? `${pair.local.type}-${pair.remote.type}` : ''
    },
    close: () => connection.close(),
  }
}
