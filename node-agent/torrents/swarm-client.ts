/** The one webtorrent client of the agent: which of its features are on, its limits, and a plain word when its port is taken. */
import type { lookup as dnsLookup } from 'node:dns'
import WebTorrent, { type Torrent } from 'webtorrent'
import { AppError } from '#protocol/errors.ts'
import type { Log } from '../log.ts'
import type { Door } from '../vpn/door.ts'
import { wallDatagrams } from '../vpn/door-datagrams.ts'
import { createDoorFetch, openWay } from '../vpn/door-fetch.ts'
import { withDoorServer } from '../vpn/door-server.ts'
import { readSockets } from './blocks/read-sockets.ts'
import type { Strangers } from './counting/scrape.ts'
import { cheapenEncryption } from './swarm/cheap-encryption.ts'
import type { Dht6 } from './swarm/dht/dht6.ts'
import { guardDht } from './swarm/dht/guard-dht.ts'
import { announceByDht6, startDht6 } from './swarm/dht/start-dht6.ts'
import { ruleDiscovery } from './swarm/discovery-rules.ts'
import { guardTrackers } from './swarm/guard-trackers.ts'
import { guardUdpTrackers, httpUrlOf } from './swarm/guard-udp-trackers.ts'
import { guardWebSeeds } from './swarm/guard-web-seeds.ts'
import { guardWires } from './swarm/guard-wires.ts'
import { keepRates } from './swarm/keep-rates.ts'
import { limitConnections } from './swarm/limit-connections.ts'
import { limitRequests } from './swarm/limit-requests.ts'
import { limitUploads } from './swarm/limit-uploads.ts'
import { obeyDoor } from './swarm/obey-door.ts'
import { plainFirst } from './swarm/plain-first.ts'
import type { RateWindow } from './swarm/rate-schedule.ts'

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
  /** Of each torrent by itself, within that. */
  uploadLimitPerTorrent?: number | undefined
  /** Other limits at some times of the day. */
  rateSchedule?: readonly RateWindow[] | undefined
  maxPeersPerTorrent?: number | undefined
  /** Over all torrents. */
  maxPeers?: number | undefined
  /** Calls to peers that have not been answered yet. */
  maxHalfOpen?: number | undefined
  /** Where the DHT begins when no node is known from before, `host:port`; undefined: the well-known ones. */
  dhtBootstrap?: readonly string[] | undefined
  /** Local discovery apart from the rest of discovery. */
  lsd?: boolean | undefined
  /** For tests: what names mean, where no door stands. */
  lookup?: typeof dnsLookup | undefined
  /** Everything leaves by it, and nothing while it is shut; undefined: nothing stands in the way. One in a process. */
  door?: Door | undefined
}

/** The defaults of a home line: enough peers for any film, few enough for any router. */
const MOST_PEERS_PER_TORRENT = 60
const MOST_PEERS = 200
const MOST_HALF_OPEN = 30

/** `dht6`: as `dht`, on IPv6; undefined without discovery. */
export type SwarmClient = WebTorrent & {
  readonly dht6?: Dht6 | undefined
  readonly door?: Door | undefined
  /** How what strangers' torrents name is asked. */
  readonly strangers: Strangers
}

/** Starts the client; resolves when it listens for peers. Throws `conflict` when the port is taken. */
export async function startSwarmClient(options: SwarmOptions, log: Log): Promise<SwarmClient> {
  const { discovery, downloadLimit, uploadLimit, dhtBootstrap, door } = options
  cheapenEncryption()
  guardWires()
  const way = door ?? openWay(options.lookup)
  // What the operator named may be at home whatever it is called.
  const known = new Set(options.trackers.map((address) => httpUrlOf(address)?.host))
  const strangers: Strangers = {
    ...{ fetchOnce: createDoorFetch(way), lookup: way.lookup },
    isKnownHost: (host) => known.has(host),
  }
  guardTrackers(strangers)
  guardUdpTrackers(strangers)
  guardWebSeeds(strangers)
  readSockets()
  const unwall = door && wallDatagrams(door)
  const create = () =>
    new WebTorrent({
      // utp-native crashes with many peers (webtorrent#2968).
      utp: false,
      dht:
        discovery &&
        (dhtBootstrap === undefined ? {} : { bootstrap: dhtBootstrap.filter((one) => !one.startsWith('[')) }),
      lsd: options.lsd ?? discovery,
      utPex: discovery,
      // Nobody's router is reconfigured without being asked.
      natUpnp: false,
      natPmp: false,
      tracker: { announce: [...options.trackers], wrtc: false },
      torrentPort: options.peerPort,
      // Ours stand in its place.
      maxConns: Number.POSITIVE_INFINITY,
    })
  const client = door ? withDoorServer(door, (error) => log.error('peers_cannot_call', error), create) : create()
  if (unwall) endWith(client, unwall)
  limitConnections(
    client,
    {
      perTorrent: options.maxPeersPerTorrent ?? MOST_PEERS_PER_TORRENT,
      total: options.maxPeers ?? MOST_PEERS,
      halfOpen: options.maxHalfOpen ?? MOST_HALF_OPEN,
    },
    door,
  )
  if (client.dht) guardDht(client.dht._rpc.socket.socket)
  const dht6 = startDht6(client, dhtBootstrap, log, door)
  client.on('add', (torrent: Torrent) => {
    ruleDiscovery(torrent, () => dht6 && announceByDht6(torrent, dht6))
    plainFirst(torrent)
    limitRequests(torrent)
    if (options.uploadLimitPerTorrent !== undefined) limitUploads(torrent, options.uploadLimitPerTorrent)
  })
  // What wraps last is asked first.
  if (door) obeyDoor(client, door)
  keepRates(client, { download: downloadLimit, upload: uploadLimit }, options.rateSchedule ?? [])
  await new Promise<void>((resolve, reject) => {
    client.once('listening', resolve)
    client.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${options.peerPort} for peers is in use. Stop what uses it, or set PORCHLIGHT_PEER_PORT.`
      reject(cause.code === 'EADDRINUSE' ? new AppError('conflict', taken, { cause }) : cause)
    })
  })
  client.removeAllListeners('error')
  client.on('error', (error) => log.error('swarm_failed', error))
  return Object.assign(client, { dht6, door, strangers })
}

function endWith(client: WebTorrent, end: () => void): void {
  const destroy = client.destroy.bind(client)
  client.destroy = (done) => {
    destroy((error) => {
      end()
      done?.(error)
    })
  }
}
