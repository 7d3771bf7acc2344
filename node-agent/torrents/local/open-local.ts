/** A film in one of the operator's own folders, read as if it were a torrent of which everything is at home. */
import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '#protocol/errors.ts'
import { BlockReader } from '../blocks/block-reader.ts'
import type { TorrentFile, TorrentLayout } from '../metadata/torrent-layout.ts'
import type { ReadableTorrent } from '../readable-torrent.ts'

/** As the scan saw it. The made-up info hash stands for path, size and time: a changed file is another one. */
export type LocalFilm = { infoHash: string; path: string; sizeBytes: number; modifiedMs: number }

/** What stands in for a piece; nothing is ever verified by it. */
const PIECE_BYTES = 1024 * 1024
const MOST_BESIDE = 200
const subtitles = /\.(srt|vtt|ass|ssa)$/i

const gone = (cause?: unknown) =>
  new AppError('not_found', 'This film was moved or changed in its folder. It is found again in a few minutes.', {
    cause,
  })

/** Throws `not_found` when the file is not as the scan saw it. */
export async function openLocal(film: LocalFilm): Promise<ReadableTorrent> {
  const now = await stat(film.path).catch((cause: unknown) => {
    throw gone(cause)
  })
  if (!now.isFile() || now.size !== film.sizeBytes || Math.trunc(now.mtimeMs) !== film.modifiedMs) throw gone()
  const folder = dirname(film.path)
  const beside = await subtitlesIn(folder)
  const layout = layoutOf(film, beside)
  const nothing = () => {}
  const isWhole = (file: TorrentFile) => ({ downloadedBytes: file.sizeBytes, sizeBytes: file.sizeBytes })
  return {
    layout,
    peers: 0,
    bytesOnDisk: (file, position, end) => Math.max(0, Math.min(end + 1, file.sizeBytes) - position),
    hold: () => nothing,
    pin: () => nothing,
    beginRead: (range) => new BlockReader(range, PIECE_BYTES),
    endRead: nothing,
    arrived: () => undefined,
    hasArrived: () => false,
    // Everything is on disk: nobody comes to wait.
    isOnTrial: () => false,
    arrival: () => Promise.reject(gone()),
    moved: nothing,
    read: (file, position, length, into) => readAt(join(folder, basename(file.path)), position, length, into),
    distrust: nothing,
    check: nothing,
    status: (file) => ({
      ...{ state: 'complete' as const, peers: 0, bytesPerSecond: 0, ...isWhole(file) },
      buffered: file.sizeBytes > 0 ? [[0, file.sizeBytes]] : [],
    }),
  }
}

async function subtitlesIn(folder: string): Promise<{ path: string; sizeBytes: number }[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const named = names.filter((one) => one.isFile() && subtitles.test(one.name)).slice(0, MOST_BESIDE)
  const sized = named.map(async ({ name }) => {
    const size = await stat(join(folder, name)).catch(() => undefined)
    return { path: name, sizeBytes: size?.size ?? 0 }
  })
  return Promise.all(sized)
}

/** The film first, laid end to end with what stands beside it. No path of this machine is in it. */
function layoutOf(film: LocalFilm, beside: readonly { path: string; sizeBytes: number }[]): TorrentLayout {
  const name = basename(film.path)
  let offsetBytes = 0
  const files = [{ path: name, sizeBytes: film.sizeBytes }, ...beside].map(
    ({ path, sizeBytes }, index): TorrentFile => {
      const file = { index, path, sizeBytes, offsetBytes, diskName: path, isPadding: false }
      offsetBytes += sizeBytes
      return file
    },
  )
  return {
    ...{ infoHash: film.infoHash, name, files, isPrivate: true },
    ...{ sizeBytes: offsetBytes, pieceBytes: PIECE_BYTES, pieceCount: Math.ceil(offsetBytes / PIECE_BYTES) },
  }
}

/** Opened for each read, so that no file of the operator's is held; never through a link that was put in its place. */
async function readAt(path: string, position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const bytes = into?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length)
    let at = 0
    while (at < length) {
      const { bytesRead } = await handle.read(bytes, at, length - at, position + at)
      if (bytesRead === 0) throw new Error('the file is shorter than it was')
      at += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}
