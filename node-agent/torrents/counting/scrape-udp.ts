/** How many share torrents, asked of a tracker by UDP (BEP 15, scrape). */
import { randomBytes } from 'node:crypto'
import dgram, { type Socket, type SocketOptions } from 'node:dgram'
import type { LookupFunction } from 'node:net'
import type { Swarm } from './count-swarms.ts'

/** BEP 15: about 74 fit into one packet. */
export const MOST_HASHES = 70
const PROTOCOL = 0x41727101980n
const [CONNECT, SCRAPE, ERROR] = [0, 2, 3]
/** BEP 15 waits from fifteen seconds on, and longer each time: nobody waits for this. */
const PATIENCE_MILLISECONDS = [3000, 6000]

/** Torrents that it says nothing of are left out. Rejects when it says nothing at all, or refuses. */
export async function scrapeUdp(
  { host, port }: { host: string; port: number },
  infoHashes: readonly string[],
  lookup: LookupFunction,
  signal: AbortSignal,
  patienceMilliseconds: readonly number[] = PATIENCE_MILLISECONDS,
): Promise<Map<string, Swarm>> {
  signal.throwIfAborted()
  // Not the named import: the VPN's door stands in this one's place.
  const socket = dgram.createSocket({ type: 'udp4', lookup: lookup as SocketOptions['lookup'] })
  const end = new AbortController()
  const ended = AbortSignal.any([signal, end.signal])
  try {
    const ask = asker(socket, { host, port }, ended, patienceMilliseconds)
    const connection = await ask(CONNECT, Buffer.alloc(8), PROTOCOL, 16)
    const connectionId = connection.readBigUInt64BE(8)
    const some = infoHashes.slice(0, MOST_HASHES)
    const answer = await ask(SCRAPE, Buffer.from(some.join(''), 'hex'), connectionId, 8)
    return new Map(
      some.flatMap((infoHash, index) => {
        const at = 8 + index * 12
        if (answer.length < at + 12) return []
        return [[infoHash, { seeders: answer.readUInt32BE(at), leechers: answer.readUInt32BE(at + 8) }] as const]
      }),
    )
  } finally {
    end.abort()
    socket.close()
  }
}

type Ask = (action: number, body: Buffer, connectionId: bigint, leastBytes: number) => Promise<Buffer>

/** One question after the other, each asked again when nothing comes; what has another number is somebody else's. */
function asker(
  socket: Socket,
  to: { host: string; port: number },
  signal: AbortSignal,
  patience: readonly number[],
): Ask {
  let take: (message: Buffer) => void = () => {}
  let fail: (error: Error) => void = () => {}
  socket.on('message', (message) => take(message))
  socket.on('error', (error) => fail(error))
  return async (action, body, connectionId, leastBytes) => {
    for (const milliseconds of patience) {
      const number = randomBytes(4)
      const packet = Buffer.alloc(16)
      packet.writeBigUInt64BE(connectionId, 0)
      packet.writeUInt32BE(action, 8)
      number.copy(packet, 12)
      const heard = Promise.withResolvers<Buffer | undefined>()
      const timer = setTimeout(() => heard.resolve(undefined), milliseconds)
      const leave = () => heard.reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      fail = heard.reject
      take = (message) => {
        if (message.length < 8 || !message.subarray(4, 8).equals(number)) return
        const said = message.readUInt32BE(0)
        if (said === ERROR) heard.reject(new Error('the tracker refuses'))
        else if (said === action && message.length >= leastBytes) heard.resolve(message)
        else heard.reject(new Error('the tracker answers what is none'))
      }
      try {
        // The protocol's number and a connection's stand in the same place; what is asked follows.
        const whole = action === CONNECT ? packet : Buffer.concat([packet, body])
        socket.send(whole, to.port, to.host, (error) => error && heard.reject(error))
        const answer = await heard.promise
        if (answer) return answer
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
      }
    }
    throw new Error('the tracker does not answer')
  }
}
