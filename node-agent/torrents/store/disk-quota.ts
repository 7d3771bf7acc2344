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
  #sweeping: Promise<void> | undefined
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

  /** Takes room for a write, evicting what it must. Rejects with the code EDQUOT or ENOSPC when there is none. */
  async claim(bytes: number): Promise<void> {
    if (performance.now() - this.#measuredAt > MEASURE_MILLISECONDS) await this.#measureFree()
    // A sweep that was under way when we came made room for somebody else.
    for (let attempt = 0; attempt < 2 && !hasRoom(this.#room, bytes); attempt++) await this.sweep(bytes)
    if (!hasRoom(this.#room, bytes)) throw this.#noRoom()
    this.#room.usedBytes += bytes
    this.#room.freeBytes -= bytes
  }

  /** Makes room for so many bytes more; one sweep at a time. Never rejects. */
  sweep(wantedBytes = 0): Promise<void> {
    if (wantedBytes > 0 && performance.now() < this.#futileUntil) return Promise.resolve()
    this.#sweeping ??= this.#sweep(wantedBytes)
      .catch((error: unknown) => this.#options.log.error('disk_not_swept', error))
      .finally(() => {
        this.#sweeping = undefined
      })
    return this.#sweeping
  }

  async #sweep(wantedBytes: number): Promise<void> {
    const sizes = await this.#measure()
    const neededBytes = bytesToFree(this.#room, wantedBytes)
    if (neededBytes === 0) return
    const torrents = await this.#evictableTorrents(sizes)
    const plan = planEviction(
      torrents.flatMap((torrent) => torrent.candidates(this.#canPunch)),
      neededBytes,
    )
    for (const torrent of torrents) await this.#evict(torrent, plan)
    const { usedBytes } = this.#room
    await this.#measure()
    const freedBytes = usedBytes - this.#room.usedBytes
    if (freedBytes <= 0) this.#futileUntil = performance.now() + FUTILE_MILLISECONDS
    else this.#options.log.info('disk_swept', { bytes: freedBytes })
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
    for (const infoHash of await downloadFolders(this.#options.folder)) {
      sizes.set(infoHash, await folderBytes(join(this.#options.folder, infoHash)))
    }
    this.#room.usedBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
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
