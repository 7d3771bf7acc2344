/** Asks the router for a mapping by PCP, and by NAT-PMP where that is all it speaks. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import {
  type ControlAnswer,
  type Mapped,
  type MapWish,
  readAnswer,
  writeNatPmpAddress,
  writeNatPmpMap,
  writePcpMap,
} from './port-control.ts'

export type Router = { address: string; port: number }
/** Both of RFC 6886 and 6887. */
export const CONTROL_PORT = 5351

/** Doubling, as both documents ask; a router on the same network answers the first, or never. */
const TRIES_MS = [250, 500, 1000]

/** Resolves with what was given, `address` always in it; undefined when the router gives nothing, or is none. */
export async function askRouter(
  router: Router,
  wish: MapWish,
  nonce: Uint8Array,
  triesMs: readonly number[] = TRIES_MS,
): Promise<Required<Mapped> | undefined> {
  const socket = createSocket('udp4')
  // A router that does not listen says so by ICMP, which is an answer as good as none.
  socket.on('error', () => {})
  try {
    // Connected: nobody else's datagrams arrive.
    socket.connect(router.port, router.address)
    await once(socket, 'connect')
    const ask = (message: Buffer) => exchange(socket, message, { internalPort: wish.internalPort, nonce }, triesMs)
    const given = await ask(writePcpMap(wish, socket.address().address, nonce))
    if (given && 'externalPort' in given && given.address) return { ...given, address: given.address }
    if (!given || !('refused' in given) || given.refused !== UNSUPPORTED_VERSION) return undefined
    const mapped = await ask(writeNatPmpMap(wish))
    if (!mapped || !('externalPort' in mapped)) return undefined
    const told = await ask(writeNatPmpAddress())
    return told && 'address' in told && told.address ? { ...mapped, address: told.address } : undefined
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}

const UNSUPPORTED_VERSION = 1

async function exchange(
  socket: Socket,
  message: Buffer,
  about: { internalPort: number; nonce: Uint8Array },
  triesMs: readonly number[],
): Promise<ControlAnswer | undefined> {
  const { promise, resolve } = Promise.withResolvers<ControlAnswer>()
  const onMessage = (bytes: Uint8Array) => {
    const answer = readAnswer(bytes, about)
    if (answer) resolve(answer)
  }
  socket.on('message', onMessage)
  try {
    for (const waitMs of triesMs) {
      socket.send(message)
      const answer = await Promise.race([promise, after(waitMs)])
      if (answer) return answer
    }
    return undefined
  } finally {
    socket.off('message', onMessage)
  }
}

const after = (ms: number) => new Promise<undefined>((done) => setTimeout(() => done(undefined), ms))
