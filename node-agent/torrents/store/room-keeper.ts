/** The books of the disk: what the downloads take, what is being written, and whether so much more fits. */
import { join } from 'node:path'
import { downloadFolders, folderBytes, freeBytes } from './disk-usage.ts'
import { bytesToFree, type DiskRoom, hasRoom } from './eviction-plan.ts'

export type RoomOptions = {
  folder: string
  /** Undefined: as much as the disk has above the floor. */
  quotaBytes?: number | undefined
  /** Always left free for others. */
  floorBytes: number
  /** What the disk has left; a test's own disk says what it likes. */
  freeBytes?: ((folder: string) => Promise<number>) | undefined
}

/** Others write to the disk as well. */
const MEASURE_MILLISECONDS = 5000

export class RoomKeeper {
  readonly #folder: string
  readonly #freeBytes: (folder: string) => Promise<number>
  readonly #onError: (error: unknown) => void
  readonly room: DiskRoom
  #writingBytes = 0
  /** Written while the disk was being measured: counted perhaps, perhaps not. */
  #unsureBytes = 0
  #measuredAt = Number.NEGATIVE_INFINITY

  constructor(options: RoomOptions, onError: (error: unknown) => void) {
    const { folder, quotaBytes, floorBytes } = options
    this.#folder = folder
    this.#freeBytes = options.freeBytes ?? freeBytes
    this.#onError = onError
    this.room = { usedBytes: 0, quotaBytes, freeBytes: Number.POSITIVE_INFINITY, floorBytes }
  }

  /** Looked at and taken in one step: many writes wait for the same room. `written` ends it. */
  take(bytes: number): boolean {
    if (!hasRoom(this.room, bytes + this.#writingBytes)) return false
    this.#writingBytes += bytes
    return true
  }

  written(bytes: number): void {
    this.#writingBytes -= bytes
    this.#unsureBytes += bytes
    this.room.usedBytes += bytes
    this.room.freeBytes -= bytes
  }

  /** How much must go before writes of `pendingBytes` fit too. */
  bytesToFree(pendingBytes: number): number {
    return bytesToFree(this.room, pendingBytes + this.#writingBytes)
  }

  /** Gives the size of every torrent's folder. */
  async measure(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>()
    this.#unsureBytes = 0
    for (const infoHash of await downloadFolders(this.#folder)) {
      sizes.set(infoHash, await folderBytes(join(this.#folder, infoHash)))
    }
    this.room.usedBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, this.#unsureBytes)
    await this.#measureFree()
    return sizes
  }

  async measureNowAndThen(): Promise<void> {
    if (performance.now() - this.#measuredAt > MEASURE_MILLISECONDS) await this.#measureFree()
  }

  /** The error of a write that found no room, with the code that a disk would give. */
  noRoom(): NodeJS.ErrnoException {
    const { usedBytes, quotaBytes = Number.POSITIVE_INFINITY } = this.room
    const code = usedBytes >= quotaBytes ? 'EDQUOT' : 'ENOSPC'
    return Object.assign(new Error('no room for a piece, and nothing that may be evicted'), { code })
  }

  async #measureFree(): Promise<void> {
    this.#measuredAt = performance.now()
    try {
      this.room.freeBytes = await this.#freeBytes(this.#folder)
    } catch (error) {
      this.#onError(error)
    }
  }
}
