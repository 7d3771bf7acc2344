/** Home's end of one connection to a viewer's browser: made from an offer, bound to one stream, cut when nobody uses it. */
import type { DataChannel, RtcConfig } from 'node-datachannel'
import { AppError, toErrorData } from '#protocol/errors.ts'
import { LANE_LABEL, LANE_MESSAGE_BYTES, MOST_LANES, MOST_REQUESTS } from '#protocol/p2p.ts'
import type { HttpHandle } from '../http-exchange.ts'
import type { Log, LogFields } from '../log.ts'
import { HIGH_WATER_BYTES } from './answer-over-lane.ts'
import type { MakePeerConnection } from './data-channels.ts'
import { createLane, type Lane } from './lane.ts'
import { isUsableCandidate } from './usable-candidate.ts'

/** The answer leaves after this long at the latest; what is found later is asked for (`PATCH`), in milliseconds. */
const GATHER_WITHIN_MS = 300

export type PeerOptions = {
  make: MakePeerConnection
  config: RtcConfig
  streamId: string
  correlationId: string
  handle: HttpHandle
  log: Log
  /** How long it may take to connect, and then be without a request. */
  connectWithinMilliseconds: number
  idleMilliseconds: number
  /** Called once, with why. */
  onClosed: () => void
}

export type Peer = {
  /** An offer that was read (read-offer.ts). Throws `invalid` when the library cannot make anything of it. */
  answer(offer: string): Promise<string>
  /** Takes what can be used of them, and gives those of home that were not told yet. */
  exchange(candidates: readonly string[], mid: string): string[]
  close(reason: AppError): void
}

export function createPeer(options: PeerOptions): Peer {
  const { streamId, correlationId, handle, log } = options
  const fields: LogFields = { streamId, correlationId, transport: 'p2p' }
  const startedAt = performance.now()
  const connection = options.make(streamId, { ...options.config, maxMessageSize: LANE_MESSAGE_BYTES })
  const lanes = new Map<DataChannel, Lane>()
  let untold: string[] = []
  let requests = 0
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  const close = (reason: AppError) => {
    if (isClosed) return
    isClosed = true
    clearTimeout(timer)
    for (const lane of lanes.values()) lane.close(reason)
    const bytes = connection.bytesSent()
    connection.close()
    lanes.clear()
    const milliseconds = Math.round(performance.now() - startedAt)
    log.info('p2p_closed', { ...fields, bytes, milliseconds, reason: reason.code })
    options.onClosed()
  }
  const closeAfter = (milliseconds: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => close(new AppError('timed_out', 'Nobody uses this connection.')), milliseconds)
    timer.unref()
  }
  /** What is thrown into the library ends the process; what a viewer sent may end its own connection only. */
  const guarded =
    <Arguments extends unknown[]>(react: (...given: Arguments) => void) =>
    (...given: Arguments) => {
      try {
        if (!isClosed) react(...given)
      } catch (error) {
        const { code } = toErrorData(error)
        if (code === 'internal') log.error('p2p_failed', error, fields)
        close(new AppError(code === 'internal' ? 'internal' : 'invalid', 'The connection was misused.'))
      }
    }

  const laneOn = (channel: DataChannel): Lane =>
    createLane({
      channel: {
        send: (message) => void channel.sendMessageBinary(message),
        bufferedAmount: () => channel.bufferedAmount(),
      },
      ...{ streamId, handle, log },
      begin() {
        if (requests >= MOST_REQUESTS) return false
        requests++
        clearTimeout(timer)
        return true
      },
      end() {
        requests--
        if (requests === 0 && !isClosed) closeAfter(options.idleMilliseconds)
      },
    })

  connection.onDataChannel(
    guarded((channel) => {
      if (lanes.size >= MOST_LANES || !LANE_LABEL.test(channel.getLabel())) {
        throw new AppError('invalid', 'There is no such lane.')
      }
      const lane = laneOn(channel)
      lanes.set(channel, lane)
      channel.setBufferedAmountLowThreshold(HIGH_WATER_BYTES / 2)
      channel.onBufferedAmountLow(guarded(() => lane.onDrained()))
      channel.onMessage(
        guarded((message) => {
          if (typeof message === 'string') throw new AppError('invalid', 'Lanes carry bytes.')
          lane.onMessage(new Uint8Array(message))
        }),
      )
      channel.onClosed(
        guarded(() => {
          lane.close(new AppError('timed_out', 'The viewer has left.'))
          lanes.delete(channel)
        }),
      )
    }),
  )
  connection.onLocalCandidate(guarded((candidate) => void untold.push(candidate.replace(/^a=/, ''))))
  connection.onStateChange(
    guarded((state) => {
      if (state === 'connected') {
        const kind = connection.getSelectedCandidatePair()
        const way = kind ? `${kind.local.type}-${kind.remote.type}` : undefined
        log.info('p2p_connected', { ...fields, milliseconds: Math.round(performance.now() - startedAt), kind: way })
        if (requests === 0) closeAfter(options.idleMilliseconds)
      } else if (state === 'failed' || state === 'disconnected' || state === 'closed') {
        close(new AppError('timed_out', 'The viewer has left.'))
      }
    }),
  )
  closeAfter(options.connectWithinMilliseconds)

  const gathered = () =>
    new Promise<void>((resolve) => {
      const late = setTimeout(resolve, GATHER_WITHIN_MS)
      connection.onGatheringStateChange((state) => {
        if (state !== 'complete') return
        clearTimeout(late)
        resolve()
      })
    })

  return {
    async answer(offer) {
      const done = gathered()
      try {
        connection.setRemoteDescription(offer, 'offer')
      } catch (cause) {
        close(new AppError('invalid', 'The offer could not be used.'))
        throw new AppError('invalid', 'This offer cannot be answered. Reload the page and try again.', { cause })
      }
      await done
      const description = isClosed ? null : connection.localDescription()
      if (!description) throw new AppError('timed_out', 'The connection was closed before it was answered.')
      untold = []
      return description.sdp
    },
    exchange(candidates, mid) {
      for (const candidate of candidates.filter(isUsableCandidate)) connection.addRemoteCandidate(candidate, mid)
      return untold.splice(0, 32)
    },
    close,
  }
}
