/** The block engine: every reader of every torrent of one agent, fair by urgency. */
import { type BlockRange, BlockReader } from './block-reader.ts'
import { PieceHasher } from './piece-hasher.ts'
import { PieceMemory } from './piece-memory.ts'
import type { SwarmTorrent } from './swarm-surface.ts'
import { type Shared, TorrentBlocks } from './torrent-blocks.ts'

/** While somebody waits, every torrent looks again this often: for late blocks, and in case an event was missed. */
const TICK_MS = 100
/** A wait this long is not a stutter: torrents with nobody waiting ask only for what they need soon. */
const HUNGRY_AFTER_MS = 200
const SPARE_HORIZON_SECONDS = 10
/** Largest chunk given to a reader at once. */
const CHUNK_BYTES = 256 * 1024

export type EngineOptions = {
  /** Monotonic milliseconds. */
  now?: () => number
  onBanned?: (peer: string) => void
}

export class BlockEngine {
  readonly #torrents = new Map<SwarmTorrent, TorrentBlocks>()
  readonly #hasher = new PieceHasher()
  readonly #shared: Shared
  #tick: NodeJS.Timeout | undefined

  constructor({ now = () => performance.now(), onBanned = () => {} }: EngineOptions = {}) {
    this.#shared = {
      now,
      memory: new PieceMemory(),
      hasher: this.#hasher,
      peers: { badBlocks: new Map(), banned: new Set(), onBanned },
      horizonSeconds: (torrent) => this.#horizonSeconds(torrent),
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

  /**
   * Yields the bytes of the range in order, at the pace of whoever takes them. Ending the iteration or aborting the
   * signal cancels on the wire what only this reader wanted. Rejects with the signal's reason, with `busy` when bytes
   * that were shown turn out damaged, with `disk_full` when nothing can be stored.
   */
  async *read(
    torrent: SwarmTorrent,
    range: BlockRange,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    signal.throwIfAborted()
    const blocks = this.attach(torrent)
    const reader = new BlockReader(range, torrent.pieceLength)
    const leave = () => {
      reader.fail(signal.reason)
      blocks.removeReader(reader)
    }
    // A reader that is paused by its client does not run its own `finally`; the signal reaches it all the same.
    signal.addEventListener('abort', leave, { once: true })
    blocks.addReader(reader)
    try {
      while (reader.missingBytes > 0) {
        reader.throwIfFailed()
        const bytes = blocks.peek(reader, CHUNK_BYTES) ?? (await this.#stored(blocks, reader))
        if (bytes === undefined) {
          const arrived = reader.wait(this.#shared.now())
          blocks.schedule()
          this.#startTick()
          await arrived
          continue
        }
        reader.throwIfFailed()
        reader.advance(bytes.length)
        blocks.schedule()
        yield bytes
      }
    } finally {
      signal.removeEventListener('abort', leave)
      blocks.removeReader(reader)
    }
  }

  close(): void {
    for (const torrent of [...this.#torrents.keys()]) this.detach(torrent)
    this.#hasher.close()
    clearInterval(this.#tick)
    this.#tick = undefined
  }

  async #stored(blocks: TorrentBlocks, reader: BlockReader): Promise<Uint8Array | undefined> {
    if (!blocks.isVerifiedAt(reader.positionBytes)) return undefined
    return blocks.readStored(reader.positionBytes, Math.min(CHUNK_BYTES, reader.missingBytes))
  }

  #startTick(): void {
    if (this.#tick !== undefined) return
    this.#tick = setInterval(() => {
      const waiting = [...this.#torrents.values()].filter((blocks) => blocks.hasWaiting)
      for (const blocks of waiting) blocks.tick()
      if (waiting.length > 0) return
      clearInterval(this.#tick)
      this.#tick = undefined
    }, TICK_MS)
  }

  #horizonSeconds(torrent: TorrentBlocks): number {
    const now = this.#shared.now()
    const isHungry = (blocks: TorrentBlocks) => blocks.longestWaitMs(now) > HUNGRY_AFTER_MS
    if (isHungry(torrent)) return Number.POSITIVE_INFINITY
    return [...this.#torrents.values()].some(isHungry) ? SPARE_HORIZON_SECONDS : Number.POSITIVE_INFINITY
  }
}
