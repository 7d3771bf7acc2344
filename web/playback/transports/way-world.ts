/** What a way home needs to know of the stream and of the browser it is in. */
import type { IceServer } from '#protocol/p2p-signalling.ts'
import type { StreamUrl } from '#protocol/stream-url.ts'
import type { LocalNetwork } from './local-network.ts'
import type { OpenLink } from './reach-home.ts'

/** Where a stream can be reached. */
export type Reached = { urls: readonly StreamUrl[]; iceServers?: readonly IceServer[] | undefined }

export type WayWorld = {
  streamId: string
  urls: readonly StreamUrl[]
  iceServers: readonly IceServer[]
  /** The app's own origin. */
  origin: string
  /** Undefined where this browser opens no data channels. */
  openLink: OpenLink | undefined
  localNetwork: Pick<LocalNetwork, 'known' | 'verdict' | 'subscribe' | 'changed'>
}
