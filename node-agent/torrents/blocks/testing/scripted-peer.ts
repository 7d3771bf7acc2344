/** A peer that claims to have a torrent and behaves as a script says: slow, stalling, choking, lying, leaving. */
import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import Wire from 'bittorrent-protocol'

/** Which torrent it serves, and where its bytes come from. */
export type Shared = {
  infoHash: string
  pieceCount: number
  read: (piece: number, offset: number, length: number) => Uint8Array
}

export type Behaviour = {
  bytesPerSecond?: number
  /** What its bitfield says. */
  claims?: (piece: number) => boolean
  /** What it sends for a request: these bytes, others, or nothing ever. May take its time. */
  answer?: (request: BlockAsked) => Uint8Array | undefined | Promise<Uint8Array | undefined>
  /** Runs for every connection once the handshakes are done; by default it unchokes whoever is interested. */
  onConnected?: (wire: Wire, socket: Socket) => void
}

export type BlockAsked = { piece: number; offset: number; bytes: Uint8Array; wire: Wire; socket: Socket }

export type ScriptedPeer = {
  port: number
  address: string
  /** Bytes of blocks sent. */
  sentBytes(): number
  requests(): number
  cancels(): number
  connections(): number
  close(): Promise<void>
}

export async function startScriptedPeer(shared: Shared, behaviour: Behaviour = {}): Promise<ScriptedPeer> {
  const counts = { sentBytes: 0, requests: 0, cancels: 0, connections: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    counts.connections++
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    serve(socket, shared, behaviour, counts)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    port,
    address: `127.0.0.1:${port}`,
    sentBytes: () => counts.sentBytes,
    requests: () => counts.requests,
    cancels: () => counts.cancels,
    connections: () => counts.connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

type Counts = { sentBytes: number; requests: number; cancels: number; connections: number }

function serve(socket: Socket, shared: Shared, behaviour: Behaviour, counts: Counts): void {
  // Speaks MSE too (1): clients that begin with it are answered, those that do not are taken in the clear.
  const wire = new Wire('tcpIncoming', 1)
  wire.once('crypto-infohash', () => wire.setInfoHash(shared.infoHash))
  const close = () => {
    socket.destroy()
    wire.destroy()
  }
  for (const stream of [socket, wire]) stream.on('error', close).on('close', close)
  socket.pipe(wire).pipe(socket)
  wire.once('handshake', (infoHash: string) => {
    if (infoHash !== shared.infoHash) return close()
    wire.handshake(shared.infoHash, randomBytes(20).toString('hex'), { fast: false, dht: false })
    wire.bitfield(bitfieldOf(shared.pieceCount, behaviour.claims ?? (() => true)))
    if (behaviour.onConnected) behaviour.onConnected(wire, socket)
    else wire.on('interested', () => wire.unchoke())
  })
  const line = slowLine(behaviour.bytesPerSecond)
  wire.on('cancel', () => counts.cancels++)
  wire.on('request', async (piece: number, offset: number, length: number, done: Respond) => {
    counts.requests++
    const bytes = shared.read(piece, offset, length)
    const answer = behaviour.answer ? await behaviour.answer({ piece, offset, bytes, wire, socket }) : bytes
    if (answer === undefined || socket.destroyed) return
    await line(answer.length)
    if (socket.destroyed) return
    counts.sentBytes += answer.length
    done(null, answer)
  })
}

type Respond = (error: Error | null, bytes?: Uint8Array) => void

/** Resolves when so many bytes have gone over a line of this speed, after all that was sent before. */
function slowLine(bytesPerSecond: number | undefined): (bytes: number) => Promise<void> {
  let freeAtMs = 0
  return async (bytes) => {
    if (bytesPerSecond === undefined) return
    freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes * 1000) / bytesPerSecond
    await new Promise((done) => setTimeout(done, freeAtMs - performance.now()))
  }
}

function bitfieldOf(pieceCount: number, claims: (piece: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(pieceCount / 8))
  for (let piece = 0; piece < pieceCount; piece++) {
    if (claims(piece)) bits[piece >> 3] = (bits[piece >> 3] ?? 0) | (0x80 >> (piece & 7))
  }
  return bits
}
