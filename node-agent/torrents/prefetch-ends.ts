/** Fetches the first and last bytes of a file ahead of any reader: players and demuxers look there first. */
import type { TorrentFile } from './metadata/torrent-layout.ts'
import type { OpenTorrent } from './open-torrent.ts'
import { piecesOf } from './reading/piece-plan.ts'

/** At each end. The index of an MP4 or MKV often stands at the tail. */
const END_BYTES = 2 * 1024 * 1024

/** Wants head and tail until the signal aborts. */
export function prefetchEnds(torrent: OpenTorrent, file: TorrentFile, signal: AbortSignal): void {
  if (signal.aborted || file.sizeBytes === 0) return
  const { pieceBytes } = torrent.layout
  const last = file.sizeBytes - 1
  const head = piecesOf(file, pieceBytes, 0, Math.min(last, END_BYTES - 1))
  const tail = piecesOf(file, pieceBytes, Math.max(0, last - END_BYTES + 1), last)
  const held = torrent.want({ critical: { from: head.from, to: head.from }, ahead: [head, tail] })
  signal.addEventListener('abort', held.release, { once: true })
}
