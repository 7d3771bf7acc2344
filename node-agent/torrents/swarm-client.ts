/** The one webtorrent client of the agent: which of its features are on, and a plain word when its port is taken. */
import WebTorrent from 'webtorrent'
import { AppError } from '#protocol/errors.ts'
import type { Log } from '../log.ts'

export type SwarmOptions = {
  /** Trackers that every public torrent is announced to besides its own. */
  trackers: readonly string[]
  /** DHT, local discovery and peer exchange, all or none. */
  discovery: boolean
  /** 0 lets the system choose. */
  peerPort: number
  /** Bytes per second over all torrents; undefined is no limit. */
  downloadLimit?: number | undefined
  uploadLimit?: number | undefined
}

/** Starts the client; resolves when it listens for peers. Throws `conflict` when the port is taken. */
export async function startSwarmClient(options: SwarmOptions, log: Log): Promise<WebTorrent> {
  const { discovery, downloadLimit, uploadLimit } = options
  const client = new WebTorrent({
    // utp-native crashes with many peers (webtorrent#2968).
    utp: false,
    dht: discovery,
    lsd: discovery,
    utPex: discovery,
    // Nobody's router is reconfigured without being asked.
    natUpnp: false,
    natPmp: false,
    tracker: { announce: [...options.trackers], wrtc: false },
    torrentPort: options.peerPort,
    ...(downloadLimit === undefined ? {} : { downloadLimit }),
    ...(uploadLimit === undefined ? {} : { uploadLimit }),
  })
  await new Promise<void>((resolve, reject) => {
    client.once('listening', resolve)
    client.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${options.peerPort} for peers is in use. Stop what uses it, or set PORCHLIGHT_PEER_PORT.`
      reject(cause.code === 'EADDRINUSE' ? new AppError('conflict', taken, { cause }) : cause)
    })
  })
  client.removeAllListeners('error')
  client.on('error', (error) => log.error('swarm_failed', error))
  return client
}
