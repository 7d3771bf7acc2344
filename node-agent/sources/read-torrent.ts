/** A .torrent as a provider's host gives it: its hash and its files, read by nobody but the parser. */
import parseTorrent from 'parse-torrent'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { type InfoHash, TORRENT_FILE_BYTES } from '#protocol/source.ts'

export type ReadTorrent = {
  infoHash: InfoHash
  /** base64url; undefined where it is too large to travel, and peers must tell what is in it. */
  torrentFile: string | undefined
  /** Paths as the torrent room names them. */
  files: { path: string; sizeBytes: number }[]
  isPrivate: boolean
}

/** Undefined when it is none. */
export async function readTorrent(bytes: Uint8Array): Promise<ReadTorrent | undefined> {
  try {
    const { infoHash, files = [], private: isPrivate = false } = await parseTorrent(bytes)
    if (!/^[0-9a-f]{40}$/.test(infoHash ?? '')) return undefined
    return {
      infoHash: infoHash ?? '',
      torrentFile: bytes.length <= TORRENT_FILE_BYTES ? encodeBase64Url(new Uint8Array(bytes)) : undefined,
      files: files.map(({ path, length }) => ({ path, sizeBytes: length })),
      isPrivate,
    }
  } catch {
    return undefined
  }
}
