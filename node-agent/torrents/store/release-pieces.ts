/** Takes pieces off the disk: holes where they lay, and no file where none of its pieces are left. */
import type { TorrentFile, TorrentLayout } from '../metadata/torrent-layout.ts'
import type { FileHandles } from './file-handles.ts'
import { fileSpans } from './file-spans.ts'
import { punchHole } from './punch-hole.ts'

/**
 * `isOnDisk` says it of every piece, those that go being gone already. Nothing may read or write these pieces
 * meanwhile. Rejects where the disk cannot punch holes and a file has other pieces left.
 */
export async function releasePieces(
  handles: FileHandles,
  layout: TorrentLayout,
  pieces: readonly number[],
  isOnDisk: (piece: number) => boolean,
): Promise<void> {
  const removed = new Set<TorrentFile>()
  for (const { from, to } of runsOf(pieces)) {
    const start = from * layout.pieceBytes
    const end = Math.min((to + 1) * layout.pieceBytes, layout.sizeBytes)
    for (const { file, position, length } of fileSpans(layout.files, start, end - start)) {
      if (removed.has(file)) continue
      if (isLeft(file, layout, isOnDisk)) await punchUnlessMissing(handles, file, position, length)
      else {
        removed.add(file)
        await handles.remove(file.diskName)
      }
    }
  }
}

function isLeft(file: TorrentFile, { pieceBytes }: TorrentLayout, isOnDisk: (piece: number) => boolean): boolean {
  const last = Math.floor((file.offsetBytes + file.sizeBytes - 1) / pieceBytes)
  for (let piece = Math.floor(file.offsetBytes / pieceBytes); piece <= last; piece++) if (isOnDisk(piece)) return true
  return false
}

async function punchUnlessMissing(handles: FileHandles, file: TorrentFile, position: number, length: number) {
  try {
    await handles.use(file.diskName, 'read', (handle) => punchHole(handle, position, length))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Neighbours together: one hole instead of many. */
function runsOf(pieces: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const piece of [...pieces].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && piece <= last.to + 1) last.to = piece
    else runs.push({ from: piece, to: piece })
  }
  return runs
}
