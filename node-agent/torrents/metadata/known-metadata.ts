/** An info dictionary that was kept, or came with a .torrent: read again, and checked before anybody uses it. */
import parseTorrent, { type ParsedTorrent } from 'parse-torrent'
import { AppError } from '#protocol/errors.ts'
import { type TorrentLayout, torrentLayout } from './torrent-layout.ts'

/** Without an info dictionary, what is known is the hash. Throws `invalid` when it is refused or of another torrent. */
export async function knownMetadata(infoHash: string, info: Uint8Array | undefined): Promise<ParsedTorrent> {
  if (!info) return { infoHash, announce: [], urlList: [] }
  const parsed = await parseInfo(info)
  if (parsed.infoHash !== infoHash) throw new AppError('invalid', 'This torrent is damaged. Choose another source.')
  torrentLayout(parsed)
  return parsed
}

/** The layout of a kept torrent; undefined when what was kept cannot be read. */
export async function keptLayout(infoHash: string, info: Uint8Array): Promise<TorrentLayout | undefined> {
  try {
    return torrentLayout(await knownMetadata(infoHash, info))
  } catch {
    return undefined
  }
}

/** The smallest .torrent there is: a dictionary with nothing but `info`. */
const parseInfo = (info: Uint8Array) => parseTorrent(Buffer.concat([Buffer.from('d4:info'), info, Buffer.from('e')]))
