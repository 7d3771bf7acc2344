/** What the engine touches of webtorrent 3.0.21 and bittorrent-protocol 5.0.9; what is private there says why it is needed. */

/** One request unit of the BitTorrent protocol (BEP 3); every piece is asked for in blocks of this length. */
export const BLOCK_BYTES = 16 * 1024

/** A connection to one peer: `bittorrent-protocol`'s Wire. */
export interface SwarmWire {
  readonly type: string
  readonly peerId: string | null
  readonly remoteAddress?: string
  readonly remotePort?: number
  readonly destroyed: boolean
  readonly peerChoking: boolean
  readonly peerPieces: { get(index: number): boolean }
  /** BEP 10: `reqq` is how many requests the peer keeps; it drops what comes above. */
  readonly peerExtendedHandshake?: { reqq?: unknown }
  request(piece: number, offset: number, length: number, done: (error: Error | null) => void): void
  cancel(piece: number, offset: number, length: number): void
  have(piece: number): void
  destroy(): void
  on(event: 'piece', listener: (piece: number, offset: number, bytes: Uint8Array) => void): void
  on(event: 'choke' | 'unchoke' | 'close', listener: () => void): void
  off(event: 'piece', listener: (piece: number, offset: number, bytes: Uint8Array) => void): void
  off(event: 'choke' | 'unchoke' | 'close', listener: () => void): void

  /** Private: where every outgoing message passes. Requests go out by the dozen; one write each is a tenth of our CPU. */
  _push: (part: Uint8Array) => boolean
  /** Private: incoming bytes, and the state of taking messages off them (see lean-parser.ts). */
  _write: (data: Uint8Array, done: (error: Error | null) => void) => void
  readonly _buffer: Uint8Array[]
  _bufferSize: number
  readonly _parserSize: number
  readonly _parser: (message: Uint8Array) => void
  /** Private: the `_parser` of the four bytes that every message begins with. */
  readonly _onMessageLength: (message: Uint8Array) => void
  /** Private (streamx): bytes that the socket has not taken from it yet. */
  readonly _readableState: { readonly buffered: number }
  readonly _encryptor: { decrypt(data: Uint8Array): Uint8Array } | null
  readonly _cryptoSyncPattern: Uint8Array | null
  readonly _pePending: boolean
}

/** abstract-chunk-store: one chunk a piece. */
export interface ChunkStore {
  put(piece: number, bytes: Uint8Array, done: (error: Error | null) => void): void
  get(
    piece: number,
    range: { offset: number; length: number },
    done: (error: Error | null, bytes?: Uint8Array) => void,
  ): void
}

export interface SwarmTorrent {
  readonly infoHash: string
  readonly ready: boolean
  readonly destroyed: boolean
  readonly length: number
  readonly pieceLength: number
  readonly lastPieceLength: number
  readonly wires: readonly SwarmWire[]
  readonly bitfield: { get(index: number): boolean }
  /** `null` when verified; else webtorrent's own record, whose `missing` its progress and announces count with. */
  readonly pieces: readonly ({ missing: number } | null)[]
  readonly store: ChunkStore
  on(event: 'wire', listener: (wire: SwarmWire) => void): void
  on(event: 'ready' | 'close', listener: () => void): void
  off(event: 'wire', listener: (wire: SwarmWire) => void): void
  off(event: 'ready' | 'close', listener: () => void): void
  /** Something went wrong that does not end the torrent; it is logged. */
  emit(event: 'warning', error: Error): void

  /** Private: the pieces' SHA-1 in hexadecimal. Public only before 'metadata', when `pieces` still holds it. */
  readonly _hashes: readonly string[]
  /**
   * Private: webtorrent's own request loop for one wire. The engine puts an empty one over it: even with nothing
   * selected it would ask for BEP 6 allowed-fast pieces, behind the engine's back and outside every window.
   */
  _updateWire: (wire: SwarmWire) => boolean | undefined
  /** Private: records a piece as verified, so that webtorrent uploads it and announces what is left. */
  _markVerified(piece: number): void
  /**
   * Private: the peers by address, for the socket beneath a wire. Requests are many small messages; with Nagle's
   * algorithm on, which webtorrent leaves on, a burst of them waits for the other side's delayed ACK, 40 ms.
   */
  readonly _peers: ReadonlyMap<string, { conn: unknown; wire: SwarmWire | null }>
  /** Private: emits the files' and the torrent's 'done' when the last piece of each is there. */
  _checkDone(): boolean
  /** Private: tells each peer whether we still want something of it (BEP 3 interested). */
  _updateInterest(): void
}
