/** Fetches what is missing of a torrent that is kept for seeding: rarest first, one piece at a time, nobody in a hurry. */
import type { OpenTorrent } from '../open-torrent.ts'
import { readRange } from '../read-range.ts'
import { rarestPiece } from './rarest-first.ts'

/** When nothing is missing that anybody has, peers are looked at again after this. */
const LOOK_AGAIN_MILLISECONDS = 5000

/**
 * Until the signal aborts. Files that nobody has begun to watch stay as they are. `reads` runs each read, so that its
 * caller can tell it from a viewer's. Never rejects.
 */
export async function fetchRest(
  open: OpenTorrent,
  availability: (piece: number) => number,
  signal: AbortSignal,
  reads: <T>(read: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const isOnDisk = (piece: number) => open.isOnDisk(piece)
  while (!signal.aborted) {
    const piece = begunFiles(open)
      .map((range) => rarestPiece(range, { isOnDisk, availability, random: Math.random }))
      .find((one) => one !== undefined)
    if (piece === undefined) await pause(signal)
    else await reads(() => fetchPiece(open, piece, signal)).catch(() => pause(signal))
  }
}

/** First and last piece (inclusive) of every file of which something is on disk. */
function begunFiles(open: OpenTorrent): { from: number; to: number }[] {
  const { layout } = open
  return layout.files
    .filter((file) => file.sizeBytes > 0 && !file.isPadding)
    .map(({ offsetBytes, sizeBytes }) => ({
      from: Math.floor(offsetBytes / layout.pieceBytes),
      to: Math.floor((offsetBytes + sizeBytes - 1) / layout.pieceBytes),
    }))
    .filter(({ from, to }) => {
      for (let piece = from; piece <= to; piece++) if (open.isOnDisk(piece)) return true
      return false
    })
}

async function fetchPiece(open: OpenTorrent, piece: number, signal: AbortSignal): Promise<void> {
  const { layout } = open
  const at = piece * layout.pieceBytes
  const file = layout.files.find(
    (one) => one.offsetBytes <= at + layout.pieceBytes - 1 && at < one.offsetBytes + one.sizeBytes,
  )
  if (!file) return
  const start = Math.max(0, at - file.offsetBytes)
  const end = Math.min(file.sizeBytes, at + layout.pieceBytes - file.offsetBytes) - 1
  for await (const _ of readRange(open, file, { start, end }, signal)) {
    // It is on disk now, which is all that is wanted of it.
  }
}

function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(end, LOOK_AGAIN_MILLISECONDS)
    timer.unref()
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    signal.addEventListener('abort', end, { once: true })
  })
}
