/** Starts what finds, keeps and opens films: the swarm, the disk, and what makes them playable. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { AgentConfig } from './config.ts'
import { diskShares } from './disk-shares.ts'
import type { IdentityKey } from './link/identity-key.ts'
import { seedOf } from './link/identity-key.ts'
import type { Log } from './log.ts'
import { hlsMakers } from './media/hls/hls-makers.ts'
import { createCopies } from './media/hls/open-copies.ts'
import { createPreparePlay } from './media/hls/prepare-play.ts'
import { openMaking } from './media/making/making.ts'
import { createOpenFilm } from './media/open-film.ts'
import { createStreamFiles } from './media/stream-files.ts'
import { createAddedSubtitles } from './media/subtitles/added-subtitles.ts'
import type { State } from './state/state.ts'
import { withLocalFilms } from './torrents/local/with-local-films.ts'
import { createSealedMetadata } from './torrents/metadata/sealed-metadata.ts'
import { trustedTrackers } from './torrents/metadata/trusted-trackers.ts'
import { DiskQuota } from './torrents/store/disk-quota.ts'
import { freeBytes } from './torrents/store/disk-usage.ts'
import { startSwarmClient } from './torrents/swarm-client.ts'
import { Torrents } from './torrents/torrents.ts'
import type { Door } from './vpn/door.ts'

type Beside = {
  state: State
  key: IdentityKey
  door: Door | undefined
  log: Log
  stopLater: (stop: () => Promise<void> | void) => void
}

export async function startFilms(config: AgentConfig, { state, key, door, log, stopLater }: Beside) {
  const { stateDir } = config
  // Bound to a tunnel, there is no local network to be discovered on.
  const lsd = config.vpnInterface === undefined ? {} : { lsd: false }
  const client = await startSwarmClient({ ...config, ...lsd, door }, log)
  stopLater(() => new Promise<void>((done) => (client.destroyed ? done() : client.destroy(() => done()))))
  const folder = join(stateDir, 'downloads')
  const { diskFloor: floorBytes, seeding, unverifiedReads, downloadLimitPerTorrent } = config
  const { downloadBytes: quotaBytes, madeBytes } = diskShares(config.diskQuota, config.madeQuota)
  const quota = new DiskQuota({ folder, state: state.torrents, log, quotaBytes, floorBytes })
  await quota.start()
  const sealed = createSealedMetadata(state.torrentBlobs, await seedOf(key))
  const torrents = new Torrents({
    ...{ client, state: state.torrents, log, folder, quota, seeding, unverifiedReads, downloadLimitPerTorrent },
    knownInfo: sealed.find,
  })
  stopLater(() => torrents.close())
  void torrents.resumeSeeding(state.sources.hintsOf)
  const trackers = trustedTrackers(config.trackers)
  const { sources: known } = state
  const subtitles = createAddedSubtitles(state.addedSubtitles, (file) => !!known.findFile(file.sourceId, file.path))
  const ffmpeg = { command: 'ffmpeg', environment: { PATH: config.programPath } }
  const cores = availableParallelism()
  const copies = createCopies()
  stopLater(() => copies.close())
  const making = await openMaking({
    ...{ stateDir, tool: ffmpeg, cores, copies, floorBytes, freeBytes, log },
    mostVideoJobs: config.madeVideos,
    cacheBytes: madeBytes,
  })
  stopLater(() => making.close())
  const openable = withLocalFilms(torrents, state.localFilms.find)
  const files = createStreamFiles(openable, known, subtitles)
  const hls = hlsMakers(copies, making.makeRendition)
  const film = createOpenFilm({
    ...{ torrents: openable, sources: known, isTrustedTracker: trackers.isTrusted, added: subtitles, ffmpeg },
    capabilities: making.capabilities,
    mayJoinSwarm: () => door?.isOpen !== false,
    callsNeighbours: door === undefined,
    prepare: createPreparePlay(files.film, hls),
  })
  return { client, torrents, sealed, trackers, subtitles, making, files, hls, film, folder }
}
