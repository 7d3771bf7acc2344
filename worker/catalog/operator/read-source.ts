/** What the operator pasted or uploaded, as a source: or a sentence that says why it is none. */
import { decodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import { TORRENT_FILE_BYTES, type TorrentSource } from '#protocol/source.ts'
import type { NewSource } from './answers.ts'
import { magnetOf, readMagnet } from './read-magnet.ts'
import { readTorrent } from './read-torrent.ts'

export type OwnSource = {
  source: TorrentSource
  name: string | undefined
  sizeBytes: number | undefined
  isPrivate: boolean
}

/** Throws `invalid`. */
export async function readSource({ magnet, torrentFile }: NewSource): Promise<OwnSource> {
  if (magnet !== undefined) {
    const read = readMagnet(magnet)
    if (!read) throw new AppError('invalid', 'That is no magnet link of a torrent. Please copy the whole link.')
    const { infoHash, name, sizeBytes } = read
    return { source: { infoHash, magnet: read.magnet }, name, sizeBytes, isPrivate: false }
  }
  const bytes = decodeBase64Url(torrentFile ?? '')
  const read = bytes && (await readTorrent(bytes))
  if (!bytes || !read) throw new AppError('invalid', 'That file is no .torrent. Please choose another one.')
  const { infoHash, name, sizeBytes, trackers, seeds, isPrivate } = read
  // A larger one does not travel with each Play: peers tell what is in it, but of a private one only its own tracker may.
  const isCarried = bytes.length <= TORRENT_FILE_BYTES
  if (!isCarried && isPrivate) {
    throw new AppError('invalid', 'That .torrent is private, and too large to be kept. Please choose a smaller one.')
  }
  const source = {
    ...{ infoHash, magnet: magnetOf({ infoHash, name, trackers, seeds }) },
    ...(isCarried && torrentFile !== undefined ? { torrentFile } : {}),
  }
  return { source, name, sizeBytes, isPrivate }
}
