/** A peer that knows the protocol of BEP 3 and BEP 6 and no extension: it connects, is interested, and asks. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import Wire from 'bittorrent-protocol'

export type PlainLeecher = {
  isConnected(): boolean
  isUnchoked(): boolean
  /** Rejects when the other side refuses, or the connection ends. */
  ask(piece: number, offset?: number, length?: number): Promise<Uint8Array>
  stop(): Promise<void>
}

export async function startPlainLeecher(infoHash: string, port: number, host = '127.0.0.1'): Promise<PlainLeecher> {
  const socket = connect({ host, port })
  const wire = new Wire('tcpOutgoing')
  let isOpen = false
  let isUnchoked = false
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => {})
  const close = () => {
    isOpen = false
    closed.reject(new Error('the connection ended'))
    socket.destroy()
    wire.destroy()
  }
  for (const stream of [socket, wire]) stream.on('error', close).on('close', close)
  socket.pipe(wire).pipe(socket)
  wire.handshake(infoHash, randomBytes(20).toString('hex'), { fast: true, dht: false })
  wire.on('handshake', () => {
    isOpen = true
    wire.interested()
    opened.resolve()
  })
  wire.on('unchoke', () => {
    isUnchoked = true
  })
  await Promise.race([opened.promise, closed.promise])
  return {
    isConnected: () => isOpen,
    isUnchoked: () => isUnchoked,
    ask(piece, offset = 0, length = 16 * 1024) {
      const answered = Promise.withResolvers<Uint8Array>()
      wire.request(piece, offset, length, (error, bytes) => (bytes ? answered.resolve(bytes) : answered.reject(error)))
      return Promise.race([answered.promise, closed.promise])
    },
    stop: async () => close(),
  }
}
