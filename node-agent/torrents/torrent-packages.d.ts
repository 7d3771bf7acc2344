/** The surface we use of webtorrent 3.0.21 and parse-torrent, which ship no types. Names with `_` are its internals. */

declare module 'parse-torrent' {
  export type ParsedTorrent = {
    infoHash?: string
    infoHashBuffer?: Uint8Array
    announce: string[]
    urlList: string[]
    peerAddresses?: string[]
    /** BEP 27: its own trackers alone may know of it. */
    private?: boolean
    /** The rest is there once the info dictionary is known. */
    info?: { name?: unknown; files?: { path?: unknown; attr?: unknown }[] }
    infoBuffer?: Uint8Array
    name?: string
    length?: number
    pieceLength?: number
    lastPieceLength?: number
    /** SHA-1 of each piece, hex. */
    pieces?: string[]
    files?: { path: string; name: string; length: number; offset: number }[]
  }
  /** Rejects what is neither an info hash, a magnet nor a .torrent. */
  export default function parseTorrent(id: string | Uint8Array | ParsedTorrent): Promise<ParsedTorrent>
}

declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events'
  import type { Client } from 'bittorrent-dht'
  import type { ParsedTorrent } from 'parse-torrent'

  export type StoreCallback = (error: Error | null, bytes?: Uint8Array) => void
  /** abstract-chunk-store, as webtorrent calls it. */
  export type ChunkStore = {
    readonly chunkLength: number
    put(index: number, bytes: Uint8Array, done: StoreCallback): void
    get(index: number, options: { offset?: number; length?: number } | null | StoreCallback, done?: StoreCallback): void
    close(done?: StoreCallback): void
    destroy(done?: StoreCallback): void
  }

  export interface Wire extends EventEmitter {
    readonly type: string
    readonly peerId: string | null
    readonly remoteAddress?: string
    readonly remotePort?: number
    readonly requests: readonly { piece: number; offset: number; length: number }[]
    /** What the peer asked of us, until it is answered. */
    readonly peerRequests: readonly {
      piece: number
      offset: number
      length: number
      callback: (error: Error | null, bytes?: Uint8Array) => void
    }[]
    readonly amChoking: boolean
    /** BEP 6. */
    readonly hasFast: boolean
    reject(piece: number, offset: number, length: number): void
    _onRequest: (piece: number, offset: number, length: number) => void
    /** streamx: bytes that the socket has not taken yet. */
    readonly _readableState: { readonly buffered: number }
    readonly peerAllowedFastSet: number[]
    readonly peerPieces: { get(piece: number): boolean }
    /** Extensions the peer speaks (BEP 10), by name. */
    readonly peerExtendedMapping: Readonly<Record<string, number>>
    /** BEP 54; silent to a peer that does not speak it. */
    readonly lt_donthave: { donthave(piece: number): void }
    cancel(piece: number, offset: number, length: number): void
    /** BEP 5: tells the peer the port of our DHT node. */
    port: (port: number) => void
    destroy(): void
  }

  /** A peer that is known, whether or not it is connected. */
  export interface Peer extends EventEmitter {
    readonly id: string
    readonly type: 'tcpIncoming' | 'tcpOutgoing' | 'webSeed'
    readonly addr: string
    /** 0 connects in the clear, 1 with MSE; read once, when the connection is there. */
    secure: 0 | 1
    readonly _handshakeDone?: boolean
    readonly conn: EventEmitter | null
    readonly source: string | null
    handshake: () => void
    destroy(error?: Error): void
  }

  /** torrent-discovery 11, one for each torrent. */
  export interface Discovery extends EventEmitter {
    readonly tracker: {
      stop: () => void
      readonly _trackers: { setInterval: (milliseconds?: number) => void }[]
    } | null
    readonly lsd: (EventEmitter & { _parseAnnounce: (text: string) => object | null }) | null
    readonly _onError: (error: Error) => void
    readonly _onLSDPeer: (peer: string, infoHash: string) => void
    destroy(): void
  }

  export interface Torrent extends EventEmitter {
    readonly infoHash: string
    readonly destroyed: boolean
    readonly ready: boolean
    readonly paused: boolean
    readonly done: boolean
    readonly client: WebTorrent
    private: boolean | undefined
    announce: string[]
    discovery: Discovery | null
    /** Counts peers now and then, to warn that there are none. */
    readonly _noPeersIntervalId?: NodeJS.Timeout
    removePeer(id: string): void
    readonly _peers: ReadonlyMap<string, Peer>
    /** Known peers that wait to be called. */
    readonly _queue: readonly Peer[]
    readonly _numConns: number
    readonly _numPending: number
    _drain: () => void
    _addIncomingPeer: (peer: Peer) => void
    _startDiscovery: () => void
    readonly infoBuffer?: Uint8Array
    readonly numPeers: number
    readonly downloadSpeed: number
    readonly wires: readonly Wire[]
    readonly bitfield: { get(index: number): boolean; readonly buffer: Uint8Array }
    addPeer(address: string, source?: string | null): boolean
    _registerPeer: (peer: Peer) => void
    destroy(options: { destroyStore: boolean }, done?: () => void): void
    _onMetadata(metadata: Uint8Array | ParsedTorrent): Promise<void>
    _startupBitfield: Uint8Array | undefined
    _preloadedStore: ChunkStore | undefined
    _markUnverified(index: number): void
    _destroy(error: Error): void
    _updateInterest(): void
  }

  export type TorrentOptions = {
    storeCacheSlots: number
    deselect: boolean
    announce?: string[]
  }
  export type ClientOptions = {
    utp: boolean
    dht: boolean | { bootstrap?: string[] }
    lsd: boolean
    utPex: boolean
    natUpnp: boolean
    natPmp: boolean
    tracker: { announce?: string[]; wrtc?: false } | false
    torrentPort?: number
    /** MSE: 0 off, 1 both, 2 nothing else. */
    secure?: 0 | 1 | 2
    downloadLimit?: number
    uploadLimit?: number
    maxConns?: number
  }

  export default class WebTorrent extends EventEmitter {
    constructor(options: ClientOptions)
    lsd: boolean
    readonly peerId: string
    readonly dht: Client | false | null
    /** Bytes per second; -1 is no limit. */
    throttleDownload(rate: number): void
    throttleUpload(rate: number): void
    readonly listening: boolean
    readonly destroyed: boolean
    readonly torrentPort: number
    readonly torrents: readonly Torrent[]
    add(id: ParsedTorrent | Uint8Array | string, options: Partial<TorrentOptions> & { path?: string }): Torrent
    destroy: (done?: (error?: Error | null) => void) => void
  }
}

declare module 'create-torrent' {
  type Options = { name?: string; pieceLength?: number; announceList?: string[][]; private?: boolean }
  export default function createTorrent(
    input: string | string[],
    options: Options,
    done: (error: Error | null, torrent: Uint8Array) => void,
  ): void
}

/** The stand-in for a peer that a web seed is. */
declare module 'webtorrent/lib/webconn.js' {
  export interface WebConn {
    readonly url: string
    /** Undefined once it was destroyed. */
    readonly _torrent: {
      readonly path: string
      readonly pieceLength: number
      readonly files: readonly { path: string; offset: number; length: number }[]
    } | null
    /** `offset` and `length` in the piece; `length` may reach over its end. */
    httpRequest: (
      this: WebConn,
      piece: number,
      offset: number,
      length: number,
      done: (error: Error | null, bytes?: Uint8Array) => void,
    ) => Promise<void>
  }
  const WebConn: { prototype: WebConn }
  export default WebConn
}
