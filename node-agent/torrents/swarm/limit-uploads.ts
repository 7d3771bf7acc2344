/** Holds what one torrent gives to others to so many bytes a second. */
import type { Torrent, Wire } from 'webtorrent'
import { byteAllowance } from '../byte-allowance.ts'

const LOOK_AGAIN_MILLISECONDS = 50

type PeerRequest = Wire['peerRequests'][number]

/**
 * A request waits among those that the peer may take back and that are counted (`limit-requests.ts`), and is read from
 * disk when there is room for it; peers take turns.
 */
export function limitUploads(torrent: Torrent, bytesPerSecond: number): void {
  const allowance = byteAllowance(bytesPerSecond, () => performance.now())
  const begun = new WeakSet<PeerRequest>()
  /** In whose turn: who was given something goes to the end. */
  const givers = new Map<Wire, (request: PeerRequest) => void>()
  let timer: NodeJS.Timeout | undefined
  const next = () => {
    for (const [wire, give] of givers) {
      const request = wire.peerRequests.find((one) => !begun.has(one))
      if (request) return { wire, give, request }
    }
    return undefined
  }
  const giveAll = () => {
    for (let found = next(); found; found = next()) {
      if (allowance.left() <= 0) {
        timer ??= setTimeout(() => {
          timer = undefined
          giveAll()
        }, LOOK_AGAIN_MILLISECONDS).unref()
        return
      }
      const { wire, give, request } = found
      begun.add(request)
      allowance.spend(request.length)
      givers.delete(wire)
      givers.set(wire, give)
      give(request)
    }
  }
  torrent.on('wire', (wire: Wire) => {
    const emit = wire.emit.bind(wire)
    givers.set(wire, ({ piece, offset, length, callback }) => void emit('request', piece, offset, length, callback))
    wire.once('close', () => givers.delete(wire))
    wire.emit = (event: string | symbol, ...values: unknown[]) => {
      if (event !== 'request') return emit(event, ...values)
      giveAll()
      return true
    }
  })
  torrent.once('close', () => clearTimeout(timer))
}
