/** Fetches the first and last bytes of a file ahead of any reader: players and demuxers look there first. */
import type { TorrentFile } from './metadata/torrent-layout.ts'
import type { ReadableTorrent } from './readable-torrent.ts'

/** At each end. The index of an MP4 or MKV often stands at the tail. */
const END_BYTES = 2 * 1024 * 1024
/** What stands last of all, Cues and the end of a `moov`, is waited for as the beginning is: whoever looks inside needs both. */
const LAST_BYTES = 64 * 1024
const SOON_SECONDS = 2
const LATER_SECONDS = 4

/** Wants the pieces of head and tail until the signal aborts. */
export function prefetchEnds(torrent: ReadableTorrent, file: TorrentFile, signal: AbortSignal): void {
  if (signal.aborted || file.sizeBytes === 0) return
  const { offsetBytes, sizeBytes } = file
  const ends = [
    { from: 0, to: Math.min(sizeBytes, END_BYTES), soon: SOON_SECONDS },
    { from: Math.max(0, sizeBytes - LAST_BYTES), to: sizeBytes, soon: 0 },
    { from: Math.max(0, sizeBytes - END_BYTES), to: sizeBytes, soon: LATER_SECONDS },
  ]
  for (const { from, to, soon } of ends) {
    const release = torrent.pin(offsetBytes + from, offsetBytes + to, soon)
    signal.addEventListener('abort', release, { once: true })
  }
}
