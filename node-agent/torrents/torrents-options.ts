/** What all torrents of the agent share: where they are kept, and how they behave. */
import type { Log } from '../log.ts'
import type { TorrentState } from '../state/torrent-state.ts'
import type { DiskQuota } from './store/disk-quota.ts'
import type { SeedingPolicy } from './swarm/seeding-policy.ts'
import type { SwarmClient } from './swarm-client.ts'

export type TorrentsOptions = {
  client: SwarmClient
  state: TorrentState
  log: Log
  /** Where downloads go, one folder for each torrent. */
  folder: string
  /** Without one they may fill the disk. */
  quota?: DiskQuota
  /** Off unless said otherwise. */
  seeding?: SeedingPolicy
  /** Players may be shown bytes before the piece they belong to has verified; on unless said otherwise. */
  unverifiedReads?: boolean
  /** Bytes per second of each torrent, within the swarm client's limit of all; undefined is none. */
  downloadLimitPerTorrent?: number | undefined
  /** Metadata that was fetched before anybody played it. */
  knownInfo?: (infoHash: string) => Uint8Array | undefined
}

/** For tests, which do not wait as people do. */
export type TorrentsTimes = {
  idleMilliseconds?: number
  seedCheckMilliseconds?: number
  diskRetryMilliseconds?: number
  wallSeconds?: () => number
  /** Monotonic milliseconds. */
  now?: () => number
}
