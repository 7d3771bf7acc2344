/** The surface we measure of webtorrent 3.0.21 and torrent-stream 1.2.1, which ship no types. */
declare module 'parse-torrent' {
  type ParsedTorrent = { infoHash: string; pieces: string[]; pieceLength: number }
  export default function parseTorrent(torrent: Uint8Array): Promise<ParsedTorrent>
}

declare module 'torrent-stream' {
  import type { EventEmitter } from 'node:events'
  import type { Readable } from 'node:stream'

  type File = { createReadStream(range?: { start: number }): Readable }
  type Engine = EventEmitter & {
    files: File[]
    swarm: { downloaded: number; wires: unknown[] }
    connect(address: string): void
    destroy(done: () => void): void
  }
  type Options = { path: string; dht: boolean; tracker: boolean; verify: boolean }
  export default function torrentStream(torrent: Uint8Array, options: Options): Engine
}

declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events'

  export type FileOfTorrent = { createReadStream(range?: { start: number }): AsyncIterable<Uint8Array> }
  export type Torrent = EventEmitter & {
    readonly files: FileOfTorrent[]
    readonly pieces: readonly ({ missing: number } | null)[]
    readonly infoHash: string
    readonly received: number
    readonly numPeers: number
    readonly done: boolean
    addPeer(address: string): boolean
    select(from: number, to: number): void
    destroy(options: { destroyStore: boolean }, done: () => void): void
  }
  type ClientOptions = Record<'dht' | 'lsd' | 'utp' | 'utPex' | 'natUpnp' | 'natPmp' | 'tracker', boolean>
  export default class WebTorrent extends EventEmitter {
    constructor(options: ClientOptions)
    readonly torrents: readonly Torrent[]
    add(torrent: Uint8Array, options: { path: string; deselect: boolean }): Torrent
    destroy(done: () => void): void
  }
}
