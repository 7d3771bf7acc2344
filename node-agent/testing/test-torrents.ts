/** The agent's torrent room for a test, with its own state and downloads in a directory. */
import { join } from 'node:path'
import type { TorrentSource } from '#protocol/source.ts'
import { createLog } from '../log.ts'
import { openState, type State } from '../state/state.ts'
import { readTorrentSource } from '../torrents/metadata/read-torrent-source.ts'
import type { OpenTorrent } from '../torrents/open-torrent.ts'
import { DiskQuota, type DiskQuotaOptions } from '../torrents/store/disk-quota.ts'
import type { SeedingPolicy } from '../torrents/swarm/seeding-policy.ts'
import { type SwarmClient, type SwarmOptions, startSwarmClient } from '../torrents/swarm-client.ts'
import { Torrents } from '../torrents/torrents.ts'

export type TestTorrents = {
  client: SwarmClient
  torrents: Torrents
  quota: DiskQuota
  state: State
  downloads: string
  /** Every line that was logged, parsed. */
  lines: Record<string, unknown>[]
  open(source: TorrentSource, signal?: AbortSignal): Promise<OpenTorrent>
  stop(): Promise<void>
}

export async function startTestTorrents(
  directory: string,
  times: ConstructorParameters<typeof Torrents>[1] = {},
  more: {
    quota?: Partial<DiskQuotaOptions>
    swarm?: Partial<SwarmOptions>
    seeding?: SeedingPolicy
    unverifiedReads?: boolean
    downloadLimitPerTorrent?: number
    knownInfo?: (infoHash: string) => Uint8Array | undefined
  } = {},
): Promise<TestTorrents> {
  const lines: Record<string, unknown>[] = []
  const log = createLog((line) => lines.push(JSON.parse(line)))
  const client = await startSwarmClient({ trackers: [], discovery: false, peerPort: 0, ...more.swarm }, log)
  const state = openState(directory)
  const downloads = join(directory, 'downloads')
  const quota = new DiskQuota({ folder: downloads, state: state.torrents, log, floorBytes: 0, ...more.quota })
  if (more.quota) await quota.start()
  const torrents = new Torrents(
    {
      client,
      state: state.torrents,
      log,
      folder: downloads,
      quota,
      ...(more.seeding ? { seeding: more.seeding } : {}),
      downloadLimitPerTorrent: more.downloadLimitPerTorrent,
      ...(more.knownInfo ? { knownInfo: more.knownInfo } : {}),
      ...(more.unverifiedReads === undefined ? {} : { unverifiedReads: more.unverifiedReads }),
    },
    times,
  )
  return {
    client,
    torrents,
    quota,
    state,
    downloads,
    lines,
    async open(source, signal = AbortSignal.timeout(20_000)) {
      const read = await readTorrentSource(source, () => false)
      return torrents.open(read, { signal, correlationId: 'test-correlation' })
    },
    async stop() {
      await torrents.close()
      await new Promise<void>((done) => client.destroy(() => done()))
      state.close()
    },
  }
}
