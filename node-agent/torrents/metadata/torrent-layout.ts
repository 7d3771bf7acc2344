/** Checks a torrent's metadata, which comes from strangers, and lays its files out for us and for the disk. */
import type { ParsedTorrent } from 'parse-torrent'
import { AppError } from '#protocol/errors.ts'
import { diskName } from './disk-name.ts'
import { rawPaths } from './raw-paths.ts'

export type TorrentFile = {
  index: number
  /** As the torrent names it, with its folder: the file's identity. Never used to build a path on disk. */
  path: string
  sizeBytes: number
  /** Where the file begins in the torrent, all files laid end to end. */
  offsetBytes: number
  /** Name in the torrent's own download folder. */
  diskName: string
  /** Filler between files (BEP 47), never shown or read. */
  isPadding: boolean
}

export type TorrentLayout = {
  infoHash: string
  name: string
  sizeBytes: number
  /** Length of every piece but the last. */
  pieceBytes: number
  pieceCount: number
  files: TorrentFile[]
  /** BEP 27: only its own trackers may bring peers. */
  isPrivate: boolean
}

/** A piece is held in memory until it verifies. */
const largestPieceBytes = 64 * 1024 * 1024
const smallestPieceBytes = 16 * 1024
const mostPieces = 400_000
const mostFiles = 20_000
const largestBytes = 16 * 1024 ** 4

/** Throws `invalid` for metadata that no honest torrent has: escaping names, absurd sizes, sums that do not add up. */
export function torrentLayout(parsed: ParsedTorrent): TorrentLayout {
  const { info, infoHash, name, pieceLength: pieceBytes, pieces, files, length: sizeBytes } = parsed
  check(/^[0-9a-f]{40}$/.test(infoHash ?? ''), 'its info hash')
  check(isWhole(pieceBytes, smallestPieceBytes, largestPieceBytes), 'its piece length')
  check(Array.isArray(pieces) && pieces.length <= mostPieces, 'its pieces')
  check(Array.isArray(files) && files.length > 0 && files.length <= mostFiles, 'its files')
  check(isWhole(sizeBytes, 1, largestBytes), 'its size')
  if (!infoHash || !name || !pieceBytes || !pieces || !files || !sizeBytes || !info) throw refusal('its name')
  check(
    pieces.every((hash) => hash.length === 40),
    'its hashes',
  )
  check(pieces.length === Math.ceil(sizeBytes / pieceBytes), 'its number of pieces')

  const paths = rawPaths(info)
  let offsetBytes = 0
  const laidOut = files.map((file, index): TorrentFile => {
    check(isWhole(file.length, 0, sizeBytes) && file.offset === offsetBytes, 'the size of a file')
    const path = honestPath(paths[index] ?? [])
    offsetBytes += file.length
    return {
      index,
      path,
      sizeBytes: file.length,
      offsetBytes: file.offset,
      diskName: diskName(index, path),
      isPadding: isPaddingFile(parsed, index, path),
    }
  })
  check(offsetBytes === sizeBytes, 'the sum of its files')
  const isPrivate = parsed.private === true
  return { infoHash, name, sizeBytes, pieceBytes, pieceCount: pieces.length, files: laidOut, isPrivate }
}

const refusal = (what: string) =>
  new AppError('invalid', `This torrent is damaged or hostile (${what}). Choose another source.`)
function check(isFine: boolean, what: string): void {
  if (!isFine) throw refusal(what)
}
const isWhole = (value: number | undefined, min: number, max: number) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max

/** The parts joined; refused when one climbs, hides a separator or a control character, or the whole is too long. */
function honestPath(parts: string[]): string {
  const path = parts.join('/')
  const isHonest =
    parts.length > 0 && parts.every((part) => !['', '.', '..'].includes(part) && !/[/\\\p{Cc}]/u.test(part))
  check(isHonest && path.length <= 1024, 'the name of a file')
  return path
}

function isPaddingFile(parsed: ParsedTorrent, index: number, path: string): boolean {
  const attributes = parsed.info?.files?.[index]?.attr
  if (attributes instanceof Uint8Array && new TextDecoder().decode(attributes).includes('p')) return true
  return /(^|\/)(\.pad\/\d+|_____padding_file_[^/]*)$/.test(path)
}
