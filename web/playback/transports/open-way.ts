/** Makes the way home of a stream that the edge has just opened, with what this browser has for it. */
import type { StreamReady } from '../engine/stream-answer.ts'
import { LocalNetwork } from './local-network.ts'
import type { OpenLink } from './reach-home.ts'
import { WayHome } from './way-home.ts'

/** One for the page: what a person said holds for every film. */
export const localNetwork = new LocalNetwork()

/** Loaded when a film first needs it. */
const openLink: OpenLink = async (streamId, wanted) => {
  const [{ openPeerLink }, { signallingOf }] = await Promise.all([
    import('./p2p/peer-link.ts'),
    import('./p2p/signalling.ts'),
  ])
  return openPeerLink(signallingOf(streamId), wanted)
}

export const openWay = ({ streamId, urls, iceServers = [] }: StreamReady): WayHome =>
  new WayHome({
    ...{ streamId, urls, iceServers, localNetwork },
    origin: location.origin,
    openLink: typeof RTCPeerConnection === 'undefined' ? undefined : openLink,
  })
