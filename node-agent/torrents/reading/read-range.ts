/** Bytes of a file on demand: what is on disk at once, what is not as soon as the swarm has brought it. */
import { AppError } from '#protocol/errors.ts'
import type { TorrentFile } from '../metadata/torrent-layout.ts'
import type { HeldWant, OpenTorrent } from '../open-torrent.ts'
import { piecesOf, type Want } from './piece-plan.ts'
import { readWindow, WINDOW_BYTES } from './read-window.ts'

/** One read from disk. Large, so that a complete file goes out as fast as Node's own file stream. */
const CHUNK_BYTES = 512 * 1024
/** How often in a row a piece that verified may turn out unreadable before the disk itself is blamed. */
const MOST_FAILED_READS = 3

export type ByteRange = {
  /** First and last byte (inclusive). */
  start: number
  end: number
}

export type ReadOptions = { windowBytes?: number; chunkBytes?: number }

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
  const { windowBytes = WINDOW_BYTES, chunkBytes = CHUNK_BYTES } = options
  const held = torrent.want()
  // A reader that is paused by its client does not run its own `finally`; the signal reaches it all the same.
  signal.addEventListener('abort', held.release, { once: true })
  let failedReads = 0
  try {
    for (let position = range.start; position <= range.end; ) {
      keepAhead(torrent, file, { position, end: range.end, readBytes: position - range.start }, held, windowBytes)
      const available = torrent.bytesOnDisk(file, position, Math.min(range.end, position + chunkBytes - 1))
      const piece = piecesOf(file, torrent.layout.pieceBytes, position, position).from
      if (available === 0) {
        await torrent.waitForPiece(piece, signal)
        continue
      }
      const bytes = await torrent.read(file, position, available).catch((cause: unknown) => {
        if (++failedReads > MOST_FAILED_READS) {
          throw new AppError('internal', 'The disk at home cannot read this film. Check the disk, then try again.', {
            cause,
          })
        }
      })
      signal.throwIfAborted()
      if (!bytes) {
        torrent.distrust(piecesOf(file, torrent.layout.pieceBytes, position, position + available - 1))
        continue
      }
      failedReads = 0
      position += bytes.length
      yield bytes
      signal.throwIfAborted()
    }
  } finally {
    signal.removeEventListener('abort', held.release)
    held.release()
  }
}

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
