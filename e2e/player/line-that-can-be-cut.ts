/** The way to a home as a network is: it carries bytes as long as it is whole, and refuses everybody while it is cut. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export type Line = { port: number; cut(): Promise<void>; mend(): Promise<void>; close(): Promise<void> }

/** From `port` of the loopback address to `toPort`. */
export async function lineThatCanBeCut(port: number, toPort: () => number): Promise<Line> {
  const sockets = new Set<Socket>()
  let server: Server | undefined
  const cut = async () => {
    const closing = server
    server = undefined
    for (const socket of sockets) socket.destroy()
    if (closing) await new Promise<void>((done) => closing.close(() => done()))
  }
  const mend = async () => {
    if (server) return
    const mended = createServer((viewer) => {
      const home = connect(toPort(), '127.0.0.1')
      for (const [socket, other] of [[viewer, home] as const, [home, viewer] as const]) {
        sockets.add(socket)
        socket.pipe(other)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          sockets.delete(socket)
          other.destroy()
        })
      }
    })
    await new Promise<void>((done) => mended.listen(port, '127.0.0.1', done))
    server = mended
  }
  await mend()
  return { port, cut, mend, close: cut }
}
