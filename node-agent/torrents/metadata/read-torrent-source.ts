/** From what the edge sent (info hash, magnet, .torrent) to what the swarm client is given: checked, and defused. */
import parseTorrent, { type ParsedTorrent } from 'parse-torrent'
import { decodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import type { TorrentSource } from '#protocol/source.ts'
import { isLocalHost } from '../../local-address.ts'
import type { SwarmHints } from '../../state/source-state.ts'

export type ReadSource = {
  infoHash: string
  hints: SwarmHints
  /** The bencoded info dictionary, when a .torrent came with the source. */
  info: Uint8Array | undefined
}

/** True for a tracker on this machine or network that the operator, or one of the agent's own offers, named. */
export type IsTrustedTracker = (url: string) => boolean

/** Throws `invalid` when the source cannot be read or is not of the info hash it claims. */
export async function readTorrentSource(source: TorrentSource, isTrusted: IsTrustedTracker): Promise<ReadSource> {
  const parts: ParsedTorrent[] = []
  if (source.magnet !== undefined) parts.push(await parse(source.magnet))
  if (source.torrentFile !== undefined) parts.push(await parse(decodeBase64Url(source.torrentFile) ?? new Uint8Array()))
  if (parts.some((part) => part.infoHash !== source.infoHash)) {
    throw new AppError('invalid', 'This source is of another torrent than it says. Choose another source.')
  }
  const all = (list: (part: ParsedTorrent) => string[] | undefined) => [
    ...new Set(parts.flatMap((part) => list(part) ?? [])),
  ]
  return {
    infoHash: source.infoHash,
    info: parts.find((part) => part.infoBuffer)?.infoBuffer,
    hints: {
      trackers: all((part) => part.announce).filter((url) => isTracker(url) && (isPublic(url) || isTrusted(url))),
      webSeeds: all((part) => part.urlList).filter((url) => url.startsWith('https:') && isPublic(url)),
      peers: all((part) => part.peerAddresses).filter((address) => /^[0-9a-zA-Z.:[\]-]+:\d{1,5}$/.test(address)),
    },
  }
}

async function parse(id: string | Uint8Array): Promise<ParsedTorrent> {
  try {
    return await parseTorrent(id)
  } catch (cause) {
    throw new AppError('invalid', 'This torrent cannot be read. Choose another source.', { cause })
  }
}

const isTracker = (url: string) => /^(https?|udp|wss?):$/.test(urlOf(url)?.protocol ?? '') && url.length <= 1024

/**
 * A torrent is a stranger's file: the trackers and web seeds in it are requests that this machine would make, so none
 * of them may point into the home network (as libtorrent's SSRF mitigation has it).
 */
const isPublic = (url: string) => {
  const host = urlOf(url)?.hostname
  return host !== undefined && host !== '' && !isLocalHost(host)
}

const urlOf = (url: string) => (URL.canParse(url) ? new URL(url) : undefined)
