/** Keeps the downloads within their quota and the disk above its floor: what was used longest ago goes first. */
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import type { TorrentState } from '../../state/torrent-state.ts'
import { keptLayout } from '../metadata/known-metadata.ts'
import type { TorrentLayout } from '../metadata/torrent-layout.ts'
import { downloadFolders, folderBytes, freeBytes } from './disk-usage.ts'
import {
  type EvictableTorrent,
  type LoadedOnDisk,
  loadedTorrent,
  storedTorrent,
  unknownFolder,
} from './evictable-torrent.ts'
import { bytesToFree, type DiskRoom, type Evictable, hasRoom, planEviction } from './eviction-plan.ts'
import { canPunchHoles, isNoHoles } from './punch-hole.ts'
import { SliceUse } from './slice-use.ts'

export type DiskQuotaOptions = {
  folder: string
  state: TorrentState
  log: Log
  /** Undefined: as much as the disk has above the floor. */
  quotaBytes?: number | undefined
  /** Always left free for others. */
  floorBytes: number
  sliceBytes?: number | undefined
  /** What the disk has left; a test's own disk says what it likes. */
  freeBytes?: ((folder: string) => Promise<number>) | undefined
  /** False treats the disk as one that cannot punch holes, whatever it can. */
  mayPunch?: boolean | undefined
}

/** A sweep that could free nothing is not repeated sooner: whoever waits for room tries again by itself. */
const FUTILE_MILLISECONDS = 1000
/** Others write to the disk as well. */
const MEASURE_MILLISECONDS = 5000

export class DiskQuota {
  readonly #options: DiskQuotaOptions
  readonly #layouts = new Map<string, TorrentLayout | undefined>()
  /** Torrents in use; undefined while one is being loaded. */
  readonly #entered = new Map<string, LoadedOnDisk | undefined>()
  readonly #evicting = new Map<string, Promise<void>>()
  #room: DiskRoom
  #canPunch = true
  #sweeping: Promise<number> | undefined
  /** Of writes that wait for room, and of those that have it and are not on disk yet. */
  #pendingBytes = 0
  #writingBytes = 0
  /** Written while the disk was being measured: counted perhaps, perhaps not. */
  #unsureBytes = 0
  #futileUntil = 0
  #measuredAt = Number.NEGATIVE_INFINITY

  constructor(options: DiskQuotaOptions) {
    this.#options = options
    const { quotaBytes, floorBytes } = options
    this.#room = { usedBytes: 0, quotaBytes, freeBytes: Number.POSITIVE_INFINITY, floorBytes }
  }

  get room(): Readonly<DiskRoom> {
    return this.#room
  }

  /** Looks at the disk, and frees what is above the quota since the last run. */
  async start(): Promise<void> {
    const { folder, mayPunch = true, log } = this.#options
    this.#canPunch = mayPunch && (await canPunchHoles(folder))
    if (!this.#canPunch) log.warn('disk_cannot_punch_holes', {})
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
    if (performance.now() - this.#measuredAt > MEASURE_MILLISECONDS) await this.#measureFree()
    this.#pendingBytes += bytes
    try {
      if (!this.#take(bytes)) await this.#makeRoom(bytes)
    } finally {
      this.#pendingBytes -= bytes
    }
    return () => {
      this.#writingBytes -= bytes
      this.#unsureBytes += bytes
      this.#room.usedBytes += bytes
      this.#room.freeBytes -= bytes
    }
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

  /** Looked at and taken in one step: many writes wait for the same sweep. */
  #take(bytes: number): boolean {
    if (!hasRoom(this.#room, bytes + this.#writingBytes)) return false
    this.#writingBytes += bytes
    return true
  }

  async #makeRoom(bytes: number): Promise<void> {
    // One that is under way knows nothing of us yet.
    await this.#sweeping
    while (!this.#take(bytes)) {
      const freedBytes = await this.sweep()
      if (freedBytes > 0) continue
      if (this.#take(bytes)) return
      throw this.#noRoom()
    }
  }

  async #sweep(): Promise<number> {
    const sizes = await this.#measure()
    const neededBytes = bytesToFree(this.#room, this.#pendingBytes + this.#writingBytes)
    if (neededBytes === 0) return 0
    const torrents = await this.#evictableTorrents(sizes)
    const plan = planEviction(
      torrents.flatMap((torrent) => torrent.candidates(this.#canPunch)),
      neededBytes,
    )
    const { usedBytes } = this.#room
    for (const torrent of torrents) await this.#evict(torrent, plan)
    await this.#measure()
    const freedBytes = usedBytes - this.#room.usedBytes
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

  async #measure(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>()
    this.#unsureBytes = 0
    for (const infoHash of await downloadFolders(this.#options.folder)) {
      sizes.set(infoHash, await folderBytes(join(this.#options.folder, infoHash)))
    }
    this.#room.usedBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, this.#unsureBytes)
    await this.#measureFree()
    return sizes
  }

  async #measureFree(): Promise<void> {
    this.#measuredAt = performance.now()
    const { folder, freeBytes: measure = freeBytes, log } = this.#options
    try {
      this.#room.freeBytes = await measure(folder)
    } catch (error) {
      log.error('disk_not_measured', error)
    }
  }

  #noRoom(): NodeJS.ErrnoException {
    const { usedBytes, quotaBytes = Number.POSITIVE_INFINITY } = this.#room
    const code = usedBytes >= quotaBytes ? 'EDQUOT' : 'ENOSPC'
    return Object.assign(new Error('no room for a piece, and nothing that may be evicted'), { code })
  }
}
