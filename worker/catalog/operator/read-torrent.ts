/** A .torrent as somebody uploaded it: its hash, and what it says of itself. */
import type { InfoHash } from '#protocol/source.ts'
import { type Bencoded, readBencode } from './bencode.ts'
import { isTrackerUrl, isWebUrl } from './read-magnet.ts'

export type UploadedTorrent = {
  infoHash: InfoHash
  name: string
  sizeBytes: number
  trackers: string[]
  seeds: string[]
  isPrivate: boolean
}

/** Undefined when it is no torrent of version 1 (BEP 3), as the agent would read it. */
export async function readTorrent(bytes: Uint8Array<ArrayBuffer>): Promise<UploadedTorrent | undefined> {
  const root = readBencode(bytes)
  const info = entry(root, 'info')
  const name = textOf(entry(info, 'name.utf-8') ?? entry(info, 'name'))
  const pieces = entry(info, 'pieces')
  const sizeBytes = sizeOf(info)
  if (!info || !name || sizeBytes === undefined || pieces?.kind !== 'bytes') return undefined
  const isInPieces = pieces.bytes.length > 0 && pieces.bytes.length % 20 === 0
  if (!isInPieces || !(numberOf(entry(info, 'piece length')) > 0)) return undefined
  const digest = await crypto.subtle.digest('SHA-1', bytes.subarray(info.from, info.to))
  const infoHash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const tiers = itemsOf(entry(root, 'announce-list')).flatMap(itemsOf)
  const told = (values: (Bencoded | undefined)[]) => [...new Set(values.flatMap((value) => textOf(value) ?? []))]
  const urlList = entry(root, 'url-list')
  return {
    ...{ infoHash, name: name.slice(0, 300), sizeBytes },
    trackers: told([...tiers, entry(root, 'announce')]).filter(isTrackerUrl),
    seeds: told(urlList?.kind === 'list' ? urlList.items : [urlList]).filter(isWebUrl),
    isPrivate: numberOf(entry(info, 'private')) === 1,
  }
}

const entry = (value: Bencoded | undefined, key: string): Bencoded | undefined =>
  value?.kind === 'dictionary' ? value.entries.get(key) : undefined

const itemsOf = (value: Bencoded | undefined): Bencoded[] => (value?.kind === 'list' ? value.items : [])

const numberOf = (value: Bencoded | undefined): number => (value?.kind === 'integer' ? value.value : Number.NaN)

const textOf = (value: Bencoded | undefined): string | undefined =>
  value?.kind === 'bytes' && value.bytes.length <= 4096 ? new TextDecoder().decode(value.bytes) : undefined

/** Of one file, or of all of them together. */
function sizeOf(info: Bencoded | undefined): number | undefined {
  const files = entry(info, 'files')
  const lengths = files === undefined ? [numberOf(entry(info, 'length'))] : itemsOf(files).map(lengthOf)
  const sum = lengths.reduce((all, length) => all + length, 0)
  return lengths.length > 0 && lengths.every((length) => length >= 0) && Number.isSafeInteger(sum) ? sum : undefined
}

function lengthOf(file: Bencoded): number {
  const path = itemsOf(entry(file, 'path.utf-8') ?? entry(file, 'path'))
  return path.length > 0 && path.every((part) => textOf(part) !== undefined)
    ? numberOf(entry(file, 'length'))
    : Number.NaN
}
