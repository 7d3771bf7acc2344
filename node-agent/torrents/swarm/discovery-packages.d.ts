/** The surface we use of bittorrent-tracker, bencode and bittorrent-dht, which ship no types. Names with `_` are their internals. */

declare module 'bittorrent-tracker/client' {
  import type { EventEmitter } from 'node:events'

  export type TrackerAnswer = {
    'failure reason'?: string | undefined
    'warning message'?: string | undefined
    interval?: number | undefined
    peers?: Uint8Array | { ip: string; port: number }[] | undefined
    peers6?: Uint8Array | { ip: string; port: number }[] | undefined
  }
  /** bittorrent-tracker 11.2, `lib/client/http-tracker.js`. */
  export interface HttpTracker {
    readonly client: EventEmitter & { readonly _userAgent?: string }
    readonly destroyed: boolean
    /** What ends the requests under way. */
    cleanupFns: (() => void)[]
    /** While it waits, when it is destroyed, for requests to end. */
    readonly maybeDestroyCleanup: (() => void) | null
    _request: (
      this: HttpTracker,
      address: string,
      parameters: Readonly<Record<string, unknown>>,
      done: (error: Error | null, answer?: TrackerAnswer) => void,
    ) => Promise<void>
  }
  /** `lib/client/udp-tracker.js`. */
  export interface UdpTracker {
    readonly announceUrl: string
    _request: (this: UdpTracker, options: object) => void
  }
  export default class Client {
    constructor(options: { infoHash: string; peerId: string; announce: string[]; port: number })
    readonly _trackers: (HttpTracker | UdpTracker)[]
  }
}

declare module 'bittorrent-tracker/server' {
  import type { Socket } from 'node:dgram'
  import type { EventEmitter } from 'node:events'
  import type { Server as HttpServer } from 'node:http'
  export default class Server extends EventEmitter {
    constructor(options: { http: boolean; udp: boolean; ws: boolean; stats: boolean; interval: number })
    readonly http: HttpServer
    readonly udp: Socket
    listen(port: number, host: string | { udp: string; udp6: string }, onListening: () => void): void
    close(done: () => void): void
  }
}

declare module 'bencode' {
  const bencode: {
    /** Numbers, Uint8Arrays, lists and dictionaries. Throws on what is none. */
    decode(bytes: Uint8Array): unknown
    encode(value: unknown): Uint8Array
  }
  export default bencode
}

declare module 'bittorrent-dht' {
  import type { Socket } from 'node:dgram'
  import type { EventEmitter } from 'node:events'

  export type KrpcPeer = { host: string; port: number }
  export type KrpcNode = KrpcPeer & { id?: Buffer }
  export type KrpcQuery = { q: string; a: Record<string, unknown> }
  /** As `swarm/dht/guard-dht.ts` lets it in. */
  export type KrpcAnswer = { r: { id: Uint8Array; nodes6?: Uint8Array; values?: Uint8Array[] } }
  type Visit = (answer: KrpcAnswer, from: KrpcNode) => boolean | undefined
  type Done = (error: Error | null, answered: number) => void

  /** k-rpc 5.1. */
  export type Rpc = {
    readonly id: Buffer
    /** Nodes in a bucket. */
    readonly k: number
    readonly destroyed: boolean
    readonly nodes: { closest(target: Buffer, most: number): KrpcNode[]; remove(id: Buffer): void }
    /** k-rpc-socket 1.11. An answer that comes too late, or from another, is an error. */
    readonly socket: {
      readonly socket: Socket
      query(
        node: KrpcNode,
        query: KrpcQuery,
        done: (error: (Error & { code?: unknown }) | null, answer: KrpcAnswer | null) => void,
      ): void
      /** For a node that is known by a name. */
      _resolveAndQuery: (
        node: KrpcNode,
        query: KrpcQuery,
        done: (error: Error | null, answer: KrpcAnswer | null) => void,
      ) => void
    }
    response(
      peer: KrpcPeer,
      query: object,
      answer: { values?: Uint8Array[] },
      nodes?: KrpcNode[] | null,
      done?: () => void,
    ): void
    _closest: (target: Buffer, query: KrpcQuery, isBackground: boolean, visit: Visit | null, done?: Done) => void
  }

  export class Client extends EventEmitter {
    constructor(options: { bootstrap: false | string[]; host?: string; socket?: Socket; nodeId?: Buffer })
    readonly nodeId: Buffer
    readonly listening: boolean
    readonly destroyed: boolean
    readonly _rpc: Rpc
    readonly _peers: {
      add(infoHash: string, address: Uint8Array): void
      get(infoHash: string, most: number): Uint8Array[]
    }
    listen(port: number, host?: string, onListening?: () => void): void
    address(): { port: number }
    /** Pings it first when its id is not known. */
    addNode(node: KrpcNode): void
    lookup(infoHash: Buffer | string, done?: (error?: Error | null) => void): () => void
    announce(infoHash: Buffer | string, port: number, done: (error?: Error | null) => void): void
    toJSON(): { nodes: { host: string; port: number }[] }
    destroy(done: () => void): void
    _addPeer(peer: KrpcPeer, infoHash: Buffer, from: KrpcPeer): void
    _bootstrap(populate: boolean): void
    _closest(
      target: Buffer,
      query: KrpcQuery,
      visit: (answer: KrpcAnswer) => void,
      done: (error?: Error | null) => void,
    ): void
  }
}
