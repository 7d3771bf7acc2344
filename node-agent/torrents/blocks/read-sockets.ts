/** Reads every socket to a peer into one and the same memory. Node gives each read memory of its own, 64 KiB of it. */
import { Socket } from 'node:net'
import Peer, { type SocketPeer } from 'webtorrent/lib/peer.js'

/** What is read at once: it must fit the processor's cache, or the bytes leave it before they are copied on. */
const READ_BYTES = 128 * 1024
const memory = Buffer.allocUnsafeSlow(READ_BYTES)

let isShared = false

/**
 * For every connection of TCP from now on; once is enough. Fresh memory for each read makes V8 mark its whole heap again
 * and again, a third of all CPU at full speed. Bytes go to the wire in the turn they came in, without a stream between;
 * only where the operator limits the speed do they pass webtorrent's own limiter, as copies.
 */
export function readSockets(): void {
  if (isShared) return
  isShared = true
  const connectAll = Peer.prototype.setThrottlePipes
  Peer.prototype.setThrottlePipes = function () {
    const { conn } = this
    if (conn instanceof Socket && readInto(conn, memory, wayToWire(this, conn))) sendFromWire(this, conn)
    else connectAll.call(this)
  }
}

/** Gives what must hear of each read: false when the socket must rest until it is resumed. */
function wayToWire(peer: SocketPeer, conn: Socket): (bytes: Buffer) => boolean {
  const { wire, throttleGroups } = peer
  const receive = (bytes: Uint8Array) => {
    peer.emit('download', bytes.length)
    if (peer.destroyed || wire.destroyed) return
    // bittorrent-protocol keeps what it is given; the lean parser that soon stands in its place does not.
    wire._write(Object.hasOwn(wire, '_write') ? bytes : Uint8Array.from(bytes), (error) => {
      if (error) wire.destroy(error)
    })
  }
  let limiter: ReturnType<typeof throttleGroups.down.throttle> | undefined
  let limitedBytes = 0
  const limit = (bytes: Uint8Array) => {
    limiter ??= throttleGroups.down
      .throttle()
      .on('error', () => {})
      .on('drain', () => conn.resume())
      .on('data', (part: Uint8Array) => {
        limitedBytes -= part.length
        receive(part)
      })
    limitedBytes += bytes.length
    return limiter.write(Buffer.from(bytes))
  }
  conn.once('close', () => limiter?.destroy())
  return (bytes) => {
    if (peer.destroyed) return false
    // Nothing overtakes what the limiter still holds.
    if (limitedBytes > 0 || throttleGroups.down.getEnabled()) return limit(bytes)
    receive(bytes)
    return true
  }
}

/** The other way is as webtorrent has it, without the stream that only counts. */
function sendFromWire(peer: SocketPeer, conn: Socket): void {
  const limiter = peer.throttleGroups.up
    .throttle()
    .on('error', () => {})
    .on('data', (bytes: Uint8Array) => {
      peer.emit('upload', bytes.length)
      if (!conn.write(bytes)) limiter.pause()
    })
  conn.on('drain', () => limiter.resume())
  conn.once('close', () => limiter.destroy())
  peer.wire.pipe(limiter)
}

type ReadHandle = { useUserBuffer?: (memory: Uint8Array) => void }

/**
 * What `net.connect({ onread })` does (Node's documentation of `socket.connect`), for a socket that somebody else has
 * made. False when this Node does it otherwise: then its streams do the work.
 */
function readInto(socket: Socket, buffer: Buffer, onRead: (bytes: Buffer) => boolean): boolean {
  const symbols = Object.getOwnPropertySymbols(socket)
  const [memoryOf, callbackOf] = ['kBuffer', 'kBufferCb'].map((name) =>
    symbols.find(({ description }) => description === name),
  )
  const { _handle: handle } = socket as unknown as { _handle: ReadHandle | null }
  const readAlways = handle?.useUserBuffer
  if (!memoryOf || !callbackOf || !readAlways) return false
  Object.assign(socket, {
    [memoryOf]: buffer,
    [callbackOf]: (bytesRead: number) => onRead(buffer.subarray(0, bytesRead)),
  })
  readAlways.call(handle, buffer)
  return true
}
