/** All torrents of the agent: opened once however many ask, put away when nobody reads them any more. */
import { newCorrelationId } from '#protocol/correlation.ts'
import { AppError } from '#protocol/errors.ts'
import { torrentLabel } from '../log.ts'
import type { KnownSource, SwarmHints } from '../state/source-state.ts'
import { BlockEngine } from './blocks/engine.ts'
import { type LoadedTorrent, loadTorrent } from './loaded-torrent.ts'
import { createInfoReader, type InfoReader } from './metadata/info-reader.ts'
import { keptLayout } from './metadata/known-metadata.ts'
import type { OpenTorrent } from './open-torrent.ts'
import { seedingToResume } from './seeding-to-resume.ts'
import { DiskQuota } from './store/disk-quota.ts'
import { usedClock } from './store/used-clock.ts'
import { keepDht } from './swarm/keep-dht.ts'
import { hostOf } from './swarm/lend-only.ts'
import { keepsSeeding, type SeedingPolicy } from './swarm/seeding-policy.ts'
import type { TorrentsOptions, TorrentsTimes } from './torrents-options.ts'
import { unlessAborted } from './unless-aborted.ts'

/** How long a torrent stays in memory, and in the swarm, after its last reader has left. */
const IDLE_MILLISECONDS = 30_000

export type TorrentToOpen = KnownSource & {
  info?: Uint8Array | undefined
  /** Other agents of the household that hold some of it. BEP 27: of no use to a private torrent, whose tracker names its peers. */
  householdPeers?: readonly string[] | undefined
}

type Entry = {
  loading: Promise<LoadedTorrent>
  loaded: LoadedTorrent | undefined
  /** Who waits for it to open. */
  openers: number
  /** All that read it or hold it open. */
  holders: number
  idleTimer: NodeJS.Timeout | undefined
  /** Monotonic milliseconds; undefined while somebody watches. */
  idleSince: number | undefined
  /** It is here for these neighbours alone, and not in the swarm. */
  lentTo: Set<string> | undefined
}

/** How often a torrent that seeds is asked whether it has given enough. */
const SEED_CHECK_MILLISECONDS = 10_000

export class Torrents {
  readonly #options: TorrentsOptions & { quota: DiskQuota; seeding: SeedingPolicy; unverifiedReads: boolean }
  readonly #engine: BlockEngine
  readonly #times: TorrentsTimes & { idleMilliseconds: number; now: () => number }
  readonly #usedNow: () => number
  readonly #saveDht: () => void
  readonly #entries = new Map<string, Entry>()
  readonly #unloading = new Map<string, Promise<void>>()
  readonly #infoReader: InfoReader
  #isClosed = false

  constructor(options: TorrentsOptions, times: TorrentsTimes = {}) {
    const { client, state, log } = options
    const quota = options.quota ?? new DiskQuota({ ...options, floorBytes: 0 })
    const { seeding = { kind: 'off' }, unverifiedReads = true } = options
    this.#options = { ...options, quota, seeding, unverifiedReads }
    this.#infoReader = createInfoReader(client)
    this.#engine = new BlockEngine({
      roomBytes: () => quota.capacityBytes,
      downloadLimitPerTorrent: options.downloadLimitPerTorrent,
      onBanned: (peer) => log.warn('peer_banned', { address: peer }),
    })
    this.#times = { idleMilliseconds: IDLE_MILLISECONDS, now: () => performance.now(), ...times }
    this.#usedNow = usedClock(times.wallSeconds ?? (() => Date.now() / 1000), state.latestUse())
    this.#saveDht = keepDht(
      { ipv4: client.dht || undefined, ipv6: client.dht6 },
      { load: state.dhtNodes, save: state.saveDhtNodes },
      (error) => log.error('dht_not_saved', error),
      client.door,
    )
  }

  /**
   * Opens a torrent, or joins those who have it open. Resolves when its metadata is known. An abort with the reason
   * `timed_out` becomes `no_peers` or `metadata_timeout`, whichever it was; any other reason is thrown as it is.
   */
  async open(source: TorrentToOpen, context: { signal: AbortSignal; correlationId: string }): Promise<OpenTorrent> {
    const { signal } = context
    signal.throwIfAborted()
    // What was only lent joins the swarm now.
    if (this.#entries.get(source.infoHash)?.lentTo) void this.#unload(source.infoHash)
    const entry = this.#entries.get(source.infoHash) ?? this.#load(source, context.correlationId)
    entry.openers++
    try {
      const loaded = await unlessAborted(entry.loading, signal)
      loaded.addPeers(source.hints.peers)
      const open = await unlessAborted(loaded.ready, signal)
      if (source.householdPeers && !open.layout.isPrivate) loaded.addPeers(source.householdPeers)
      return open
    } catch (error) {
      if (signal.aborted && error instanceof AppError && error.code === 'timed_out') throw this.#whyTooLate(entry)
      throw error
    } finally {
      entry.openers--
      this.#watchIdle(source.infoHash, entry)
    }
  }

  /**
   * The info dictionary of a torrent, from here or from its swarm, of which nothing else is fetched. Whoever opens it
   * meanwhile goes first. Rejects with the signal's reason, with `busy`, or with what is wrong with it.
   */
  async readInfo(source: KnownSource, signal: AbortSignal): Promise<Uint8Array> {
    const { state, knownInfo } = this.#options
    const known = state.find(source.infoHash)?.info ?? knownInfo?.(source.infoHash)
    if (known) return known
    if (this.#isClosed || this.#entries.has(source.infoHash) || this.#unloading.has(source.infoHash)) {
      throw new AppError('busy', 'This torrent is open already. Please try again later.')
    }
    return this.#infoReader.read(source, signal)
  }

  /**
   * A neighbour is about to call for what is on disk of it, from one of these addresses (`host:port`). Where it is not
   * loaded it is, for them alone, and goes when they have: nobody else hears of it. Private torrents are not lent.
   */
  async lend(infoHash: string, to: readonly string[]): Promise<void> {
    const kept = this.#options.state.findKept(infoHash)
    const layout = kept && (await keptLayout(infoHash, kept.info))
    if (!kept || !layout || layout.isPrivate || this.#isClosed) return
    const nobody = { trackers: [], webSeeds: [], peers: [] }
    const entry =
      this.#entries.get(infoHash) ?? this.#load({ infoHash, hints: nobody }, newCorrelationId(), kept.usedAt, new Set())
    for (const address of to) entry.lentTo?.add(hostOf(address))
    clearTimeout(entry.idleTimer)
    entry.idleTimer = undefined
    this.#watchIdle(infoHash, entry)
  }

  /** Takes up the seeding that the last stop interrupted; what is open already is left as it is. */
  async resumeSeeding(hintsOf: (infoHash: string) => SwarmHints): Promise<void> {
    const { state, seeding, log } = this.#options
    try {
      for (const { infoHash, usedAt, idleSeconds } of await seedingToResume(state, seeding, this.#usedNow())) {
        if (this.#isClosed || this.#entries.has(infoHash)) continue
        const entry = this.#load({ infoHash, hints: hintsOf(infoHash) }, newCorrelationId(), usedAt)
        entry.idleSince = this.#times.now() - idleSeconds * 1000
        this.#watchIdle(infoHash, entry)
      }
    } catch (error) {
      log.error('seeding_not_resumed', error)
    }
  }

  /** How many peers are connected; 0 for a torrent that is not loaded. */
  peersOf(infoHash: string): number {
    return this.#entries.get(infoHash)?.loaded?.peers() ?? 0
  }

  isLoaded(infoHash: string): boolean {
    return this.#entries.has(infoHash)
  }

  /** Its metadata is kept from before: opening it waits for nobody, and joins no swarm that this home never joined. */
  isKept(infoHash: string): boolean {
    return this.#options.state.find(infoHash) !== undefined
  }

  /** Puts everything away: pieces that verified are saved, peers are told goodbye. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#saveDht()
    await Promise.all([...this.#entries.keys()].map((infoHash) => this.#unload(infoHash)))
    await Promise.all(this.#unloading.values())
    await this.#infoReader.stopAll()
    this.#engine.close()
  }

  #load(source: TorrentToOpen, correlationId: string, usedAt?: number, lentTo?: Set<string>): Entry {
    const { infoHash } = source
    const entry: Entry = {
      loading: this.#start(source, correlationId, usedAt, lentTo),
      loaded: undefined,
      openers: 0,
      holders: 0,
      idleTimer: undefined,
      idleSince: undefined,
      lentTo,
    }
    this.#entries.set(infoHash, entry)
    const forget = () => {
      clearTimeout(entry.idleTimer)
      if (this.#entries.get(infoHash) === entry) this.#entries.delete(infoHash)
    }
    entry.loading.then((loaded) => {
      entry.loaded = loaded
      loaded.ready.then((open) => lentTo ?? this.#keepWhole(open), forget)
    }, forget)
    return entry
  }

  async #start(
    { infoHash, hints, info }: TorrentToOpen,
    correlationId: string,
    usedAt: number | undefined,
    lentTo: ReadonlySet<string> | undefined,
  ): Promise<LoadedTorrent> {
    // Looked up now: whoever puts this one away meanwhile waits for it to have been loaded.
    const before = this.#unloading.get(infoHash)
    await this.#infoReader.stop(infoHash)
    await before
    this.#options.log.info('torrent_opening', { torrent: torrentLabel(infoHash), correlationId })
    return loadTorrent({
      ...this.#options,
      infoHash,
      hints,
      info: info ?? this.#options.knownInfo?.(infoHash),
      correlationId,
      diskRetryMilliseconds: this.#times.diskRetryMilliseconds,
      usedNow: this.#usedNow,
      usedAt,
      lentTo,
      engine: this.#engine,
      onHoldersChanged: (count) => {
        const entry = this.#entries.get(infoHash)
        if (!entry) return
        entry.holders = count
        this.#watchIdle(infoHash, entry)
      },
      onFailed: () => this.#entries.delete(infoHash),
    })
  }

  #watchIdle(infoHash: string, entry: Entry): void {
    if (this.#entries.get(infoHash) !== entry) return
    if (entry.openers > 0 || entry.holders > 0) {
      clearTimeout(entry.idleTimer)
      entry.idleTimer = undefined
      entry.idleSince = undefined
    } else if (entry.idleTimer === undefined) {
      entry.idleSince ??= this.#times.now()
      this.#lookAgain(infoHash, entry, this.#times.idleMilliseconds)
    }
  }

  #lookAgain(infoHash: string, entry: Entry, milliseconds: number): void {
    entry.idleTimer = setTimeout(() => this.#whenIdle(infoHash, entry), milliseconds)
    entry.idleTimer.unref()
  }

  /** Nobody has read it for a while: it goes, unless it is to give more to others first. */
  #whenIdle(infoHash: string, entry: Entry): void {
    const { loaded, idleSince = this.#times.now() } = entry
    const idleSeconds = (this.#times.now() - idleSince) / 1000
    const isWanted =
      loaded &&
      (entry.lentTo ? loaded.peers() > 0 : keepsSeeding(this.#options.seeding, { ...loaded.given(), idleSeconds }))
    if (!isWanted) {
      void this.#unload(infoHash)
      return
    }
    loaded.saveGiven()
    this.#lookAgain(infoHash, entry, this.#times.seedCheckMilliseconds ?? SEED_CHECK_MILLISECONDS)
  }

  /** Who gives has to have: what is missing is fetched too, below everything that a viewer waits for. */
  #keepWhole(open: OpenTorrent): void {
    const { seeding, quota } = this.#options
    if (seeding.kind !== 'off') open.fetchRest((bytes) => quota.fits(bytes))
  }

  async #unload(infoHash: string): Promise<void> {
    const entry = this.#entries.get(infoHash)
    if (!entry) return
    clearTimeout(entry.idleTimer)
    this.#entries.delete(infoHash)
    const unloading = entry.loading
      .then((loaded) => {
        loaded.saveGiven()
        return loaded.unload()
      })
      .catch((error: unknown) => this.#options.log.error('torrent_not_unloaded', error))
      .finally(() => this.#unloading.delete(infoHash))
    this.#unloading.set(infoHash, unloading)
    await unloading
    this.#options.log.info('torrent_unloaded', { torrent: torrentLabel(infoHash) })
  }

  #whyTooLate(entry: Entry): AppError {
    return (entry.loaded?.peers() ?? 0) === 0
      ? new AppError('no_peers', 'Nobody is sharing this film right now. Try another source, or again later.')
      : new AppError('metadata_timeout', 'The people sharing this film are too slow to start. Try another source.')
  }
}
