/** Holds what one torrent asks of its peers, of every kind, to so many bytes a second. */
import { byteAllowance } from '../byte-allowance.ts'
import type { BlockRequest } from './plan-requests.ts'

export type AskingLimit = {
  arrived(bytes: number): void
  /** Those of the requests, which come in the order of need, that may be made beside what is on its way. */
  within(requests: BlockRequest[], onItsWayBytes: () => number): BlockRequest[]
}

const noLimit: AskingLimit = { arrived() {}, within: (requests) => requests }

/** `now`: monotonic milliseconds. */
export function askingLimit(bytesPerSecond: number | undefined, now: () => number): AskingLimit {
  if (bytesPerSecond === undefined) return noLimit
  const allowance = byteAllowance(bytesPerSecond, now)
  return {
    arrived: allowance.spend,
    within(requests, onItsWayBytes) {
      let leftBytes = allowance.left() - onItsWayBytes()
      const made: BlockRequest[] = []
      for (const request of requests) {
        if (leftBytes <= 0) break
        leftBytes -= request.lengthBytes
        made.push(request)
      }
      return made
    },
  }
}
