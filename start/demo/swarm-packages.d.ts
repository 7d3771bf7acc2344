/** The surface that the demo uses of packages that ship no types. */

declare module 'create-torrent' {
  type Options = { name: string; announceList: string[][]; pieceLength: number }
  export default function createTorrent(
    input: string,
    options: Options,
    done: (error: Error | null, torrent: Uint8Array) => void,
  ): void
}

declare module 'parse-torrent' {
  export default function parseTorrent(torrent: Uint8Array): Promise<{ infoHash: string }>
}

declare module 'bittorrent-tracker/server' {
  import type { EventEmitter } from 'node:events'
  export default class Server extends EventEmitter {
    constructor(options: { http: boolean; udp: boolean; ws: boolean; stats: boolean; interval: number })
    listen(port: number, host: string, onListening: () => void): void
  }
}

declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events'

  type ClientOptions = {
    dht: boolean
    lsd: boolean
    utPex: boolean
    utp: boolean
    webSeeds: boolean
    natUpnp: boolean
    natPmp: boolean
    uploadLimit: number
  }
  export default class WebTorrent extends EventEmitter {
    constructor(options: ClientOptions)
    add(torrentFile: string, options: { path: string }): EventEmitter & { done: boolean }
  }
}
