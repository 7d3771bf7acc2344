/** What we touch of webtorrent 3.0.21's Peer, which is not in its public surface. */
declare module 'webtorrent/lib/peer.js' {
  import type { EventEmitter } from 'node:events'
  import type { Duplex } from 'node:stream'

  /** speed-limiter: a stream (streamx) that holds bytes back, one for each connection and way. */
  type ThrottleGroup = { getEnabled(): boolean; throttle(): Duplex }
  /** A peer whose connection stands. */
  export interface SocketPeer extends EventEmitter {
    readonly destroyed: boolean
    readonly conn: unknown
    readonly wire: Duplex & {
      destroy(error?: Error): void
      _write(data: Uint8Array, done: (error?: Error | null) => void): void
    }
    readonly throttleGroups: { readonly down: ThrottleGroup; readonly up: ThrottleGroup }
    setThrottlePipes(): void
  }
  const Peer: { prototype: SocketPeer }
  export default Peer
}
