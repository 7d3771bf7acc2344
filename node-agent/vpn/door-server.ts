/** The server that peers call: it listens where the door leads, and on this machine alone while the door is shut. */
import net, { type Server } from 'node:net'
import type { Door } from './door.ts'

const createServer = net.createServer
const EVERYWHERE = 'everywhere'

/** A server whose `listen(port, done)` obeys the door for as long as it is open. `onFailed` hears of later trouble. */
export function createDoorServer(door: Door, onFailed: (error: Error) => void): Server {
  const server = createServer()
  const listen = server.listen.bind(server) as (options: { port: number; host?: string }) => Server
  const close = server.close.bind(server)
  let port: number | undefined
  /** Where it listens, or is about to. */
  let host: string | undefined
  let isMoving = false
  let isOver = false
  const whereTo = () => (door.isOpen ? (door.localAddress() ?? EVERYWHERE) : '127.0.0.1')
  const listenThere = (at: number) => {
    host = whereTo()
    isMoving = true
    listen(host === EVERYWHERE ? { port: at } : { port: at, host })
  }
  const move = () => {
    if (port === undefined || isMoving || isOver || host === whereTo()) return
    // Only its own socket closes at once; who is connected is the door's to end.
    if (server.listening) close()
    listenThere(port)
  }
  const moved = () => {
    isMoving = false
    move()
  }
  const stop = door.onChange(move)
  server.on('listening', moved)
  server.on('connection', (socket) => door.keep(socket))
  server.listen = ((wanted: number, done: () => void) => {
    server.once('listening', () => {
      const address = server.address()
      port = typeof address === 'object' && address ? address.port : wanted
      done()
      move()
      // Its owner gives everything up at an error: from now on one is a line in the log, and the next change a try anew.
      queueMicrotask(() => {
        server.removeAllListeners('error')
        server.on('error', (error) => {
          isMoving = false
          host = undefined
          onFailed(error)
        })
      })
    })
    listenThere(wanted)
    return server
  }) as Server['listen']
  server.close = (done) => {
    isOver = true
    stop()
    return close(done)
  }
  return server
}

/** What `make` creates with `net.createServer`, in the same turn, listens where the door leads. */
export function withDoorServer<T>(door: Door, onFailed: (error: Error) => void, make: () => T): T {
  Object.assign(net, { createServer: () => createDoorServer(door, onFailed) })
  try {
    return make()
  } finally {
    Object.assign(net, { createServer })
  }
}

/** What `dial` connects with `net.connect`, in the same turn, leaves by the door. */
export function withDoorConnect<T>(door: Door, dial: () => T): T {
  const { connect } = net
  Object.assign(net, { connect: (to: { host: string; port: number }) => door.connect(to) })
  try {
    return dial()
  } finally {
    Object.assign(net, { connect })
  }
}
