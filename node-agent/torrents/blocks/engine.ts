/** The block engine: every reader of every torrent of one agent, fair by urgency. */
import { PieceHasher } from './piece-hasher.ts'
import { PieceMemory } from './piece-memory.ts'
import type { SwarmTorrent } from './swarm-surface.ts'
import { type Shared, TorrentBlocks } from './torrent-blocks.ts'

/** A torrent of which somebody wants something looks again this often: for late blocks, and in case an event was missed. */
const TICK_MS = 100
/** A wait this long is not a stutter: torrents with nobody waiting ask only for what they need soon. */
const HUNGRY_AFTER_MS = 200
const SPARE_HORIZON_SECONDS = 10

export type EngineOptions = {
  /** Monotonic milliseconds. */
  now?: () => number
  onBanned?: (peer: string) => void
  /** What the disk has room for, over all readers. */
  roomBytes?: () => number
  /** Bytes per second; undefined is no limit. */
  downloadLimitPerTorrent?: number | undefined
}

/** Of the room on the disk one reader's window takes at most this share of an equal part; the rest is behind it, and kept. */
const AHEAD_SHARE = 1 / 3
/** However little room there is. */
const LEAST_AHEAD_BYTES = 16 * 1024 * 1024

export class BlockEngine {
  readonly #torrents = new Map<SwarmTorrent, TorrentBlocks>()
  readonly #hasher = new PieceHasher()
  readonly #shared: Shared
  #tick: NodeJS.Timeout | undefined

  constructor(options: EngineOptions = {}) {
    const { now = () => performance.now(), onBanned = () => {}, roomBytes = () => Number.POSITIVE_INFINITY } = options
    this.#shared = {
      now,
      downloadLimitPerTorrent: options.downloadLimitPerTorrent,
      memory: new PieceMemory(),
      hasher: this.#hasher,
      peers: { badBlocks: new Map(), banned: new Set(), onBanned },
      horizonSeconds: (torrent) => this.#horizonSeconds(torrent),
      mostAheadBytes: () => Math.max(LEAST_AHEAD_BYTES, (roomBytes() * AHEAD_SHARE) / this.#readerCount()),
      onWanted: () => this.#startTick(),
    }
  }

  /** Takes over what this torrent asks of its peers. It must be ready, and added with `deselect: true`. */
  attach(torrent: SwarmTorrent): TorrentBlocks {
    const known = this.#torrents.get(torrent)
    if (known) return known
    const blocks = new TorrentBlocks(torrent, this.#shared)
    this.#torrents.set(torrent, blocks)
    torrent.on('close', () => this.detach(torrent))
    return blocks
  }

  detach(torrent: SwarmTorrent): void {
    this.#torrents.get(torrent)?.close()
    this.#torrents.delete(torrent)
  }

  close(): void {
    for (const torrent of [...this.#torrents.keys()]) this.detach(torrent)
    this.#hasher.close()
    clearInterval(this.#tick)
    this.#tick = undefined
  }

  #startTick(): void {
    if (this.#tick !== undefined) return
    this.#tick = setInterval(() => {
      const wanted = [...this.#torrents.values()].filter((blocks) => blocks.isWanted)
      for (const blocks of wanted) blocks.tick()
      if (wanted.length > 0) return
      clearInterval(this.#tick)
      this.#tick = undefined
    }, TICK_MS)
    this.#tick.unref()
  }

  #readerCount(): number {
    let count = 0
    for (const blocks of this.#torrents.values()) count += blocks.readerCount
    return Math.max(1, count)
  }

  #horizonSeconds(torrent: TorrentBlocks): number {
    const now = this.#shared.now()
    const isHungry = (blocks: TorrentBlocks) => blocks.longestWaitMs(now) > HUNGRY_AFTER_MS
    if (isHungry(torrent)) return Number.POSITIVE_INFINITY
    return [...this.#torrents.values()].some(isHungry) ? SPARE_HORIZON_SECONDS : Number.POSITIVE_INFINITY
  }
}
