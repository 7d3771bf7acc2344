/** Datagrams that bittorrent-dht stumbles over are left lying: one of them would end the agent. */
import type { RemoteInfo, Socket } from 'node:dgram'
import bencode from 'bencode'
import * as z from 'zod'

const bytes = z.instanceof(Uint8Array)
const nodeId = bytes.refine(({ length }) => length === 20)
const text = bytes.transform((value) => new TextDecoder().decode(value))
const query = z.object({
  y: text.pipe(z.literal('q')),
  q: text.pipe(z.enum(['ping', 'find_node', 'get_peers', 'announce_peer', 'get', 'put'])),
  a: z.object({
    id: nodeId,
    target: nodeId.optional(),
    info_hash: nodeId.optional(),
    token: bytes.optional(),
    port: z.int().optional(),
    // What BEP 44 stores.
    v: bytes.optional(),
    k: bytes.optional(),
    salt: bytes.optional(),
    sig: bytes.optional(),
    seq: z.int().optional(),
  }),
})
const answer = z.object({
  y: text.pipe(z.literal('r')),
  r: z.object({
    id: nodeId,
    nodes: bytes.optional(),
    nodes6: bytes.optional(),
    token: bytes.optional(),
    values: z.array(bytes).optional(),
  }),
})
const refusal = z.object({ y: text.pipe(z.literal('e')) })
/** BEP 5, as far as bittorrent-dht takes it on trust. */
const Datagram = z.intersection(z.object({ t: bytes }), z.union([query, answer, refusal]))

/** Whether every part of a datagram is of the kind that BEP 5 says. */
export function isKrpc(datagram: Uint8Array): boolean {
  try {
    return Datagram.safeParse(bencode.decode(datagram)).success
  } catch {
    return false
  }
}

type Listener = (datagram: Uint8Array, from: RemoteInfo) => void

/**
 * There an info hash that is a number, or a token that is a list, throws out of the socket's own event; in an answer
 * it leaves whoever asked waiting for ever. What is left out here counts as never answered.
 */
export function guardDht(socket: Socket): void {
  const listeners = socket.listeners('message') as Listener[]
  socket.removeAllListeners('message')
  socket.on('message', (datagram, from) => {
    if (!isKrpc(datagram)) return
    for (const listener of listeners) {
      try {
        listener.call(socket, datagram, from)
      } catch {
        // A stranger's datagram is no reason to end, and its text none to log.
      }
    }
  })
}
