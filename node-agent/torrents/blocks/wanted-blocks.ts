/** What all readers of a torrent want, block by block, in the order of need. Pure. */
import type { WantedBlock } from './plan-requests.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'

/** Offsets count from the start of the torrent. */
export type Want = {
  positionBytes: number
  /** Exclusive: the end of the reader's window. */
  endBytes: number
  bytesPerSecond: number
  /** When the byte at the position is needed: 0 while somebody waits for it, Infinity when nobody ever will. */
  neededInSeconds: number
  /** Has been given nothing yet. */
  isStarting: boolean
  /** Takes nothing of a piece before the whole of it has verified. */
  verifiedOnly: boolean
  /** A piece behind the position that is worth completing. */
  behindPiece: number | undefined
}

/** How the torrent is laid out and what is already there. */
export type BlockMap = {
  pieceBytes: number
  lengthBytes: number
  /** Nothing is wanted of a piece that has verified or that has all its blocks. */
  isWhole(piece: number): boolean
  hasBlock(piece: number, block: number): boolean
  askedOf(piece: number, block: number): readonly number[]
  /** Of a suspect piece, which is shown to nobody before the whole of it has verified: the wire that may bring it. */
  sourceOf(piece: number): number | undefined
}

/** Of a reader that has nothing yet, this much is as urgent as it gets: players show a picture from here on. */
const FIRST_BYTES = 64 * 1024
/** What stands behind the playhead comes after what stands right ahead of it. */
const BEHIND_SECONDS = 5

/** Up to so many of the blocks that are on their way are named, the most urgent: some of them may be late. */
export const MOST_ASKED = 64

/** Up to so many of each reader's blocks; naming them costs, and most plans look for no late ones. */
export type HowMany = { unasked: number; asked: number }

/** Blocks of each reader that are not asked of anybody, and the first of those that are. */
export function wantedBlocks(map: BlockMap, wants: Iterable<Want>, most: HowMany): WantedBlock[] {
  const lists = [...wants].map((want) => wantedByOne(map, want, most))
  if (lists.length === 1) return lists[0] ?? []
  const seen = new Set<number>()
  const blocksPerPiece = Math.ceil(map.pieceBytes / BLOCK_BYTES)
  return lists
    .flat()
    .sort(sooner)
    .filter(({ piece, block }) => {
      const key = piece * blocksPerPiece + block
      return !seen.has(key) && seen.add(key)
    })
}

/** Whether any reader wants this block. */
export function isWanted(map: BlockMap, wants: Iterable<Want>, piece: number, block: number): boolean {
  const from = piece * map.pieceBytes + block * BLOCK_BYTES
  for (const want of wants) {
    if (piece === want.behindPiece) return true
    const isWhole = want.verifiedOnly || map.sourceOf(piece) !== undefined
    const start = isWhole ? pieceStart(map, want.positionBytes) : want.positionBytes
    const end = isWhole ? pieceStart(map, want.endBytes - 1) + map.pieceBytes : want.endBytes
    if (from + BLOCK_BYTES > start && from < end) return true
  }
  return false
}

/** Whether a reader's window reaches into this piece. */
export function touchesPiece(map: BlockMap, wants: Iterable<Want>, piece: number): boolean {
  for (const { positionBytes, endBytes, behindPiece } of wants) {
    if (piece === behindPiece) return true
    if ((piece + 1) * map.pieceBytes > positionBytes && piece * map.pieceBytes < endBytes) return true
  }
  return false
}

function wantedByOne(map: BlockMap, want: Want, most: HowMany): WantedBlock[] {
  const { positionBytes, endBytes, bytesPerSecond, neededInSeconds, verifiedOnly, behindPiece } = want
  const wanted: WantedBlock[] = []
  let unasked = 0
  let asked = 0
  let aheadBytes = 0
  const add = (piece: number, fromBlock: number, toBlock: number, dueOf: (block: number) => number) => {
    for (let block = fromBlock; block <= toBlock && unasked < most.unasked; block++) {
      if (map.hasBlock(piece, block)) continue
      const lengthBytes = blockBytes(map, piece, block)
      const before = aheadBytes
      aheadBytes += lengthBytes
      const askedOf = map.askedOf(piece, block)
      if (askedOf.length === 0) unasked++
      else if (++asked > most.asked) continue
      const source = map.sourceOf(piece)
      wanted.push({
        piece,
        block,
        lengthBytes,
        aheadBytes: before,
        dueSeconds: dueOf(block),
        askedOf,
        ...(source === undefined ? {} : { source }),
        ...(verifiedOnly ? { isWhole: true } : {}),
        ...(piece * map.pieceBytes + block * BLOCK_BYTES < firstUpTo ? { isFirst: true } : {}),
      })
    }
  }
  const firstUpTo = want.isStarting && neededInSeconds === 0 && !verifiedOnly ? positionBytes + FIRST_BYTES : 0
  const firstPiece = Math.floor(positionBytes / map.pieceBytes)
  const lastPiece = Math.floor((endBytes - 1) / map.pieceBytes)
  for (let piece = firstPiece; piece <= lastPiece && unasked < most.unasked; piece++) {
    if (map.isWhole(piece)) continue
    const start = piece * map.pieceBytes
    const needed = (offset: number) => neededInSeconds + Math.max(0, start + offset - positionBytes) / bytesPerSecond
    if (verifiedOnly || map.sourceOf(piece) !== undefined) add(piece, 0, lastBlock(map, piece), () => needed(0))
    else {
      const from = Math.max(0, Math.floor((positionBytes - start) / BLOCK_BYTES))
      const to = Math.min(lastBlock(map, piece), Math.floor((endBytes - 1 - start) / BLOCK_BYTES))
      add(piece, from, to, (block) => needed(block * BLOCK_BYTES))
    }
  }
  if (behindPiece !== undefined && !map.isWhole(behindPiece)) {
    const ahead = wanted.length
    const to = behindPiece < firstPiece ? lastBlock(map, behindPiece) : blockAt(map, positionBytes) - 1
    add(behindPiece, 0, to, () => BEHIND_SECONDS)
    if (wanted.length > ahead) wanted.sort(sooner)
  }
  return wanted
}

/** Infinity less Infinity is no number. */
const sooner = (a: WantedBlock, b: WantedBlock) =>
  a.dueSeconds === b.dueSeconds ? 0 : a.dueSeconds < b.dueSeconds ? -1 : 1

const pieceStart = (map: BlockMap, byte: number) => byte - (byte % map.pieceBytes)

const blockAt = (map: BlockMap, byte: number) => Math.floor((byte % map.pieceBytes) / BLOCK_BYTES)

const pieceLength = (map: BlockMap, piece: number) => Math.min(map.pieceBytes, map.lengthBytes - piece * map.pieceBytes)

const lastBlock = (map: BlockMap, piece: number) => Math.ceil(pieceLength(map, piece) / BLOCK_BYTES) - 1

const blockBytes = (map: BlockMap, piece: number, block: number) =>
  Math.min(BLOCK_BYTES, pieceLength(map, piece) - block * BLOCK_BYTES)
