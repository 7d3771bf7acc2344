/** All connections to viewers' browsers: how many there may be, which stream each is for, and their common end. */
import type { P2pCandidatesRequest, P2pCloseRequest, P2pOpenRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { HttpHandle } from '../http-exchange.ts'
import type { Log } from '../log.ts'
import type { MakePeerConnection } from './data-channels.ts'
import { nativeServers } from './ice-servers.ts'
import { createPeer, type Peer } from './peer.ts'
import { readOffer } from './read-offer.ts'

const MOST_CONNECTIONS = 64
/** A browser whose network has changed opens a second one before the first is known to be dead. */
const MOST_PER_STREAM = 2
const CONNECT_WITHIN = 30_000
/** A player asks for something all the time; one that keeps a connection in reserve does not. */
const IDLE = 10 * 60_000

export type Peers = {
  /** False where there is no peer to peer: the hub is told, and asks for none. */
  isOn: boolean
  /** Throws `not_configured` where there is no peer to peer, `invalid` for an offer that is none, `busy`. */
  open(request: P2pOpenRequest, correlationId: string): Promise<{ answer: string }>
  /** Throws `not_found` for a connection that is over, or another stream's. */
  exchange(request: P2pCandidatesRequest): { candidates: string[] }
  /** Nothing happens when it is over. */
  close(request: P2pCloseRequest): void
  /** The stream has ended, or was revoked. */
  closeStream(streamId: string): void
  closeAll(): void
}

export function createPeers(options: {
  /** Undefined where there is no peer to peer. */
  make: MakePeerConnection | undefined
  /** The one address that viewers may reach; undefined for all. */
  bindAddress: string | undefined
  handle: HttpHandle
  log: Log
  connectWithinMilliseconds?: number
  idleMilliseconds?: number
}): Peers {
  const { make, handle, log, bindAddress } = options
  const peers = new Map<string, { streamId: string; peer: Peer }>()
  const ofStream = (streamId: string) => [...peers.values()].filter((one) => one.streamId === streamId)

  return {
    isOn: make !== undefined,
    async open({ streamId, connectionId, offer, iceServers }, correlationId) {
      if (!make) throw new AppError('not_configured', 'This home has no peer to peer. Another way is taken.')
      const read = readOffer(offer)
      const [oldest] = ofStream(streamId)
      if (oldest && ofStream(streamId).length >= MOST_PER_STREAM) oldest.peer.close(replaced())
      if (peers.size >= MOST_CONNECTIONS || peers.has(connectionId)) {
        throw new AppError('busy', 'This home is busy. Please try again.')
      }
      const peer = createPeer({
        ...{ make, streamId, correlationId, handle, log },
        config: { iceServers: nativeServers(iceServers), ...(bindAddress === undefined ? {} : { bindAddress }) },
        connectWithinMilliseconds: options.connectWithinMilliseconds ?? CONNECT_WITHIN,
        idleMilliseconds: options.idleMilliseconds ?? IDLE,
        onClosed: () => void peers.delete(connectionId),
      })
      peers.set(connectionId, { streamId, peer })
      return { answer: await peer.answer(read) }
    },
    exchange({ streamId, connectionId, candidates, mid }) {
      const known = peers.get(connectionId)
      if (known?.streamId !== streamId) throw new AppError('not_found', 'This connection is over. Open another.')
      return { candidates: known.peer.exchange(candidates, mid) }
    },
    close({ streamId, connectionId }) {
      const known = peers.get(connectionId)
      if (known?.streamId === streamId) known.peer.close(left())
    },
    closeStream(streamId) {
      for (const { peer } of ofStream(streamId)) peer.close(new AppError('token_revoked', 'The stream has ended.'))
    },
    closeAll() {
      for (const { peer } of [...peers.values()]) peer.close(new AppError('agent_offline', 'The agent stops.'))
    },
  }
}

const replaced = () => new AppError('agent_replaced', 'A newer connection of the same stream has taken over.')
const left = () => new AppError('timed_out', 'The viewer has left.')
