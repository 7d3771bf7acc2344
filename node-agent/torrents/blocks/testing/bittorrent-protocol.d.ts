/** The surface that scripted peers use of bittorrent-protocol 5.0.9, which ships no types. */
declare module 'bittorrent-protocol' {
  import type { Duplex } from 'node:stream'

  export default class Wire extends Duplex {
    constructor(type: 'tcpIncoming' | 'tcpOutgoing', encryption?: 0 | 1)
    setInfoHash(infoHash: string): void
    readonly peerInterested: boolean
    readonly amChoking: boolean
    readonly peerExtendedMapping: Readonly<Record<string, number>>
    readonly requests: { piece: number; offset: number; length: number }[]
    handshake(infoHash: string, peerId: string, extensions: { fast: boolean; dht: boolean }): void
    /** BEP 10: a message of an extension that the other side has named. */
    extended(extension: string, message: object): void
    bitfield(bits: Uint8Array): void
    choke(): void
    unchoke(): void
    interested(): void
    have(piece: number): void
    piece(piece: number, offset: number, bytes: Uint8Array): void
    request(
      piece: number,
      offset: number,
      length: number,
      done: (error: Error | null, bytes?: Uint8Array) => void,
    ): void
    cancel(piece: number, offset: number, length: number): void
  }
}
