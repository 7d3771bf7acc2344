/** Peer to peer as the operator has set it, where this machine can. */
import type { HttpHandle } from '../http-exchange.ts'
import type { Log } from '../log.ts'
import { boundTo } from './bound-to.ts'
import { loadDataChannels } from './data-channels.ts'
import { createPeers, type Peers } from './peers.ts'

/** `httpHost`: where the agent's own server listens. */
export async function startPeers(
  { p2p, httpHost }: { p2p: boolean; httpHost: string },
  handle: HttpHandle,
  log: Log,
): Promise<Peers> {
  const make = p2p ? await loadDataChannels(log) : undefined
  return createPeers({ make, bindAddress: boundTo(httpHost), handle, log })
}
