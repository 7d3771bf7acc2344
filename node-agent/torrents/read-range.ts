/** Bytes of a file on demand: what is on disk at once, what is not as soon as the swarm has brought it. */
import { AppError } from '#protocol/errors.ts'
import type { TorrentFile } from './metadata/torrent-layout.ts'
import type { HeldWant, OpenTorrent } from './open-torrent.ts'
import { type PieceRange, piecesOf, type Want } from './reading/piece-plan.ts'
import { readWindow, WINDOW_BYTES } from './reading/read-window.ts'

/** One read from disk. */
const CHUNK_BYTES = 512 * 1024
/** How often in a row a piece that verified may turn out unreadable before the disk itself is blamed. */
const MOST_FAILED_READS = 3

export type ByteRange = {
  /** First and last byte (inclusive). */
  start: number
  end: number
}

export type ReadOptions = {
  windowBytes?: number
  chunkBytes?: number
  /**
   * Bytes given out are good only until the next are asked for: two buffers serve the whole read. Fresh memory for
   * every chunk costs more than half the speed of a complete file, all of it in the garbage collector.
   */
  reusesMemory?: boolean
}

/**
 * Yields the bytes of the range, in order, at the pace of whoever takes them: at most one window is fetched ahead.
 * Ending the iteration or aborting the signal drops what only this reader wanted, also on the wire. Rejects with the
 * signal's reason, with `disk_full`, or with `internal` when the disk gives an error again and again.
 */
export async function* readRange(
  torrent: OpenTorrent,
  file: TorrentFile,
  range: ByteRange,
  signal: AbortSignal,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  signal.throwIfAborted()
  const { windowBytes = WINDOW_BYTES, chunkBytes = CHUNK_BYTES, reusesMemory = false } = options
  const held = torrent.want()
  // A reader that is paused by its client does not run its own `finally`; the signal reaches it all the same.
  signal.addEventListener('abort', held.release, { once: true })
  const nextBuffer = reusesMemory ? twoBuffers(Math.min(chunkBytes, range.end - range.start + 1)) : () => undefined
  const readAt = (position: number): DiskRead | undefined =>
    startRead(torrent, file, position, Math.min(range.end, position + chunkBytes - 1), nextBuffer)
  let failedReads = 0
  let reading: DiskRead | undefined
  try {
    for (let position = range.start; position <= range.end; ) {
      keepAhead(torrent, file, { position, end: range.end, readBytes: position - range.start }, held, windowBytes)
      reading ??= readAt(position)
      if (!reading) {
        await torrent.waitForPiece(piecesOf(file, torrent.layout.pieceBytes, position, position).from, signal)
        continue
      }
      const { bytes, error, pieces } = await reading.outcome
      signal.throwIfAborted()
      reading = undefined
      if (!bytes) {
        if (++failedReads > MOST_FAILED_READS) throw unreadable(error)
        torrent.distrust(pieces)
        continue
      }
      failedReads = 0
      position += bytes.length
      // The disk reads the next bytes while the client takes these.
      if (position <= range.end) reading = readAt(position)
      yield bytes
      signal.throwIfAborted()
    }
  } finally {
    signal.removeEventListener('abort', held.release)
    held.release()
  }
}

type DiskRead = {
  /** Never rejects, because nobody may be there any more to hear it. */
  outcome: Promise<{ bytes?: Uint8Array; error?: unknown; pieces: PieceRange }>
}

/** Begins to read what is on disk from `position` on, at most up to `end`; undefined when the first byte is not. */
function startRead(
  torrent: OpenTorrent,
  file: TorrentFile,
  position: number,
  end: number,
  nextBuffer: () => Uint8Array | undefined,
): DiskRead | undefined {
  const length = torrent.bytesOnDisk(file, position, end)
  if (length === 0) return undefined
  const pieces = piecesOf(file, torrent.layout.pieceBytes, position, position + length - 1)
  const outcome = torrent.read(file, position, length, nextBuffer()).then(
    (bytes) => ({ bytes, pieces }),
    (error: unknown) => ({ error, pieces }),
  )
  return { outcome }
}

/** One that is being taken while the other is being filled. */
function twoBuffers(sizeBytes: number): () => Uint8Array {
  const buffers = [Buffer.allocUnsafeSlow(sizeBytes), Buffer.allocUnsafeSlow(sizeBytes)] as const
  let turn = 0
  return () => buffers[turn++ % 2 === 0 ? 0 : 1]
}

const unreadable = (cause: unknown) =>
  new AppError('internal', 'The disk at home cannot read this film. Check the disk, then try again.', { cause })

type Place = { position: number; end: number; readBytes: number }

function keepAhead(torrent: OpenTorrent, file: TorrentFile, place: Place, held: HeldWant, windowBytes: number): void {
  const { pieceBytes } = torrent.layout
  const window = readWindow(place, windowBytes)
  const want: Want = {
    critical: piecesOf(file, pieceBytes, window.from, window.criticalTo),
    ahead: [piecesOf(file, pieceBytes, window.from, window.to)],
  }
  held.change(want)
}
