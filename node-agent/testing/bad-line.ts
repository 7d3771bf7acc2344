/** A line that is long and loses datagrams, between two sockets of this machine: a shaper where the kernel has none. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export type BadLineOptions = { delayMs: number; lossShare: number }
export type BadLine = {
  /** Where a viewer sends what is for home. */
  port: number
  /** Datagrams in both directions that arrived, and that did not. */
  counts: { passed: number; lost: number }
  close(): void
}

/** One viewer at a time: whoever sent last is answered. Each direction is as long and as bad as the other. */
export async function startBadLine(toPort: number, { delayMs, lossShare }: BadLineOptions): Promise<BadLine> {
  const counts = { passed: 0, lost: 0 }
  const [front, back] = [await openSocket(), await openSocket()]
  let viewerPort: number | undefined
  let isClosed = false
  const pass = (from: Socket, datagram: Uint8Array, port: () => number | undefined) => {
    if (isLost(counts.passed + counts.lost, lossShare)) {
      counts.lost++
      return
    }
    counts.passed++
    // Equal delays keep their order.
    setTimeout(() => {
      const to = port()
      if (!isClosed && to !== undefined) from.send(datagram, to, '127.0.0.1')
    }, delayMs)
  }
  front.on('message', (datagram, { port }) => {
    viewerPort = port
    pass(back, datagram, () => toPort)
  })
  back.on('message', (datagram) => pass(front, datagram, () => viewerPort))
  return {
    port: front.address().port,
    counts,
    close() {
      isClosed = true
      for (const socket of [front, back]) socket.close()
    },
  }
}

async function openSocket(): Promise<Socket> {
  // What arrives while this process is busy is not lost by chance.
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
  socket.on('error', () => {})
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** The same ones in every run, and evenly spread: multiples of the golden ratio fill an interval so. */
const isLost = (number: number, share: number): boolean => (number * 0.618_033_988_749_895) % 1 > 1 - share
