/** Keeps the downloads within their quota and the disk above its floor: what was used longest ago goes first. */
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import type { TorrentState } from '../../state/torrent-state.ts'
import { keptLayout } from '../metadata/known-metadata.ts'
import type { TorrentLayout } from '../metadata/torrent-layout.ts'
import {
  type EvictableTorrent,
  type LoadedOnDisk,
  loadedTorrent,
  storedTorrent,
  unknownFolder,
} from './evictable-torrent.ts'
import { type DiskRoom, type Evictable, hasRoom, limitBytes, planEviction } from './eviction-plan.ts'
import { canPunchHoles, isNoHoles } from './punch-hole.ts'
import { RoomKeeper, type RoomOptions } from './room-keeper.ts'
import { SliceUse } from './slice-use.ts'

export type DiskQuotaOptions = RoomOptions & {
  state: TorrentState
  log: Log
  sliceBytes?: number | undefined
  /** False treats the disk as one that cannot punch holes, whatever it can. */
  mayPunch?: boolean | undefined
}

/** A sweep that could free nothing is not repeated sooner: whoever waits for room tries again by itself. */
const FUTILE_MILLISECONDS = 1000
/** Info dictionaries of films that are long gone from the disk are forgotten after this, in seconds. */
const FORGET_SECONDS = 180 * 86_400

export class DiskQuota {
  readonly #options: DiskQuotaOptions
  readonly #layouts = new Map<string, TorrentLayout | undefined>()
  /** Torrents in use; undefined while one is being loaded. */
  readonly #entered = new Map<string, LoadedOnDisk | undefined>()
  readonly #evicting = new Map<string, Promise<void>>()
  readonly #keeper: RoomKeeper
  #canPunch = true
  #sweeping: Promise<number> | undefined
  /** Of writes that wait for room. */
  #pendingBytes = 0
  #futileUntil = 0

  constructor(options: DiskQuotaOptions) {
    this.#options = options
    this.#keeper = new RoomKeeper(options, (error) => options.log.error('disk_not_measured', error))
  }

  get room(): Readonly<DiskRoom> {
    return this.#keeper.room
  }

  /** What the downloads may take at most, as the disk is now. */
  get capacityBytes(): number {
    return limitBytes(this.#keeper.room)
  }

  /** Whether so many bytes more may be written and nothing need go for them. */
  fits(bytes: number): boolean {
    return hasRoom(this.#keeper.room, bytes)
  }

  /** Looks at the disk, and frees what is above the quota since the last run. */
  async start(): Promise<void> {
    const { folder, mayPunch = true, log } = this.#options
    this.#canPunch = mayPunch && (await canPunchHoles(folder))
    if (!this.#canPunch) log.warn('disk_cannot_punch_holes', {})
    this.#forgetUnused()
    await this.sweep()
  }

  /**
   * From now on the torrent's files are left alone: until `attach` when it is being loaded, until `leave` when it is
   * being put away. Waits for an eviction that is under way.
   */
  async enter(infoHash: string): Promise<void> {
    this.#entered.set(infoHash, undefined)
    await this.#evicting.get(infoHash)
  }

  /** The torrent is loaded: what nobody holds of it may go. */
  attach(infoHash: string, loaded: LoadedOnDisk): void {
    if (this.#entered.has(infoHash)) this.#entered.set(infoHash, loaded)
  }

  leave(infoHash: string): void {
    this.#entered.delete(infoHash)
  }

  /**
   * Takes room for a write, evicting what it must; the function it gives is called when the write has ended. Rejects
   * with the code EDQUOT or ENOSPC when there is no room and nothing that may go.
   */
  async claim(bytes: number): Promise<() => void> {
    await this.#keeper.measureNowAndThen()
    this.#pendingBytes += bytes
    try {
      if (!this.#keeper.take(bytes)) await this.#makeRoom(bytes)
    } finally {
      this.#pendingBytes -= bytes
    }
    return () => this.#keeper.written(bytes)
  }

  /** Frees what is above the limits, and what waiting writes need; one sweep at a time. Gives the bytes that it freed. */
  sweep(): Promise<number> {
    if (this.#pendingBytes > 0 && performance.now() < this.#futileUntil) return Promise.resolve(0)
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => {
        this.#options.log.error('disk_not_swept', error)
        return 0
      })
      .finally(() => {
        this.#sweeping = undefined
      })
    return this.#sweeping
  }

  async #makeRoom(bytes: number): Promise<void> {
    // One that is under way knows nothing of us yet.
    await this.#sweeping
    while (!this.#keeper.take(bytes)) {
      const freedBytes = await this.sweep()
      if (freedBytes > 0) continue
      if (this.#keeper.take(bytes)) return
      throw this.#keeper.noRoom()
    }
  }

  async #sweep(): Promise<number> {
    const sizes = await this.#keeper.measure()
    const neededBytes = this.#keeper.bytesToFree(this.#pendingBytes)
    if (neededBytes === 0) return 0
    const torrents = await this.#evictableTorrents(sizes)
    const plan = planEviction(
      torrents.flatMap((torrent) => torrent.candidates(this.#canPunch)),
      neededBytes,
    )
    const { usedBytes } = this.room
    for (const torrent of torrents) await this.#evict(torrent, plan)
    await this.#keeper.measure()
    const freedBytes = usedBytes - this.room.usedBytes
    if (freedBytes <= 0) this.#futileUntil = performance.now() + FUTILE_MILLISECONDS
    else this.#options.log.info('disk_swept', { bytes: freedBytes })
    return freedBytes
  }

  async #evict(torrent: EvictableTorrent, plan: readonly Evictable[]): Promise<void> {
    const { infoHash } = torrent
    const slices = plan.filter((one) => one.infoHash === infoHash).map(({ slice }) => slice)
    // Opened or put away since the plan was made: next time.
    if (slices.length === 0 || torrent.isLoaded !== (this.#entered.get(infoHash) !== undefined)) return
    if (!torrent.isLoaded && this.#entered.has(infoHash)) return
    const evicting = torrent.evict(slices).catch((error: unknown) => {
      // The probe was too kind: from now on torrents go as a whole.
      if (isNoHoles(error)) this.#canPunch = false
      this.#options.log.error('disk_not_freed', error)
    })
    this.#evicting.set(infoHash, evicting)
    await evicting.finally(() => this.#evicting.delete(infoHash))
  }

  /** All that may go, but what is pinned or being loaded. `sizes` has every folder that is there. */
  async #evictableTorrents(sizes: ReadonlyMap<string, number>): Promise<EvictableTorrent[]> {
    const { state, folder } = this.#options
    const torrents: EvictableTorrent[] = []
    for (const [infoHash, bytes] of sizes) {
      const kept = state.findKept(infoHash)
      if (kept?.isPinned || bytes === 0) continue
      const loaded = this.#entered.get(infoHash)
      if (loaded) torrents.push(loadedTorrent(infoHash, loaded))
      if (this.#entered.has(infoHash)) continue
      const place = { state, folder: join(folder, infoHash), bytes }
      const layout = kept && (await this.#layoutOf(infoHash, kept.info))
      if (!kept || !layout) torrents.push(await unknownFolder(infoHash, place))
      else torrents.push(storedTorrent(kept, layout, this.sliceUse(layout), place))
    }
    return torrents
  }

  /** When the slices of a torrent were used, as it was last saved. */
  sliceUse(layout: TorrentLayout): SliceUse {
    const kept = this.#options.state.findKept(layout.infoHash)
    return new SliceUse(layout, kept?.sliceUse ?? new Uint8Array(), kept?.usedAt ?? 0, this.#options.sliceBytes)
  }

  async #layoutOf(infoHash: string, info: Uint8Array): Promise<TorrentLayout | undefined> {
    if (!this.#layouts.has(infoHash)) this.#layouts.set(infoHash, await keptLayout(infoHash, info))
    return this.#layouts.get(infoHash)
  }

  /** By the latest use of anything, not by a clock that may be wrong. */
  #forgetUnused(): void {
    const { state } = this.#options
    const before = state.latestUse() - FORGET_SECONDS
    for (const { infoHash, usedAt, isPinned, bitfield } of state.all()) {
      if (usedAt < before && !isPinned && bitfield.every((byte) => byte === 0)) state.remove(infoHash)
    }
  }
}
