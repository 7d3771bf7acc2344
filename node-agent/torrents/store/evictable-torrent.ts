/** One torrent as the disk quota sees it: which parts of it may go, and how they go. */
import { rm, stat } from 'node:fs/promises'
import type { KeptTorrent, TorrentState } from '../../state/torrent-state.ts'
import type { TorrentLayout } from '../metadata/torrent-layout.ts'
import type { Evictable } from './eviction-plan.ts'
import { FileHandles } from './file-handles.ts'
import { releasePieces } from './release-pieces.ts'
import type { SliceUse } from './slice-use.ts'

/** First and last (inclusive). */
type PieceRange = { from: number; to: number }

export type EvictableTorrent = {
  infoHash: string
  /** In use, and not only on disk. */
  isLoaded: boolean
  /** `bySlice` where the disk can punch holes; else the torrent goes as a whole or not at all. */
  candidates(bySlice: boolean): Evictable[]
  /** What somebody has begun to read meanwhile stays. */
  evict(slices: readonly Evictable['slice'][]): Promise<void>
}

/** A torrent that is in use: readers may hold pieces, peers know what we have. */
export type LoadedOnDisk = {
  layout: TorrentLayout
  use: SliceUse
  isOnDisk: (piece: number) => boolean
  /** What readers hold now. */
  held: () => PieceRange[]
  /** Forgets the pieces, tells the peers, frees their room. */
  evict: (pieces: readonly number[]) => Promise<void>
}

export function loadedTorrent(infoHash: string, loaded: LoadedOnDisk): EvictableTorrent {
  const { layout, use, isOnDisk, held, evict } = loaded
  const isFree = (slice: number) => {
    const { from, to } = use.piecesOf(slice)
    return !held().some((range) => range.from <= to && from <= range.to)
  }
  return {
    infoHash,
    isLoaded: true,
    candidates: (bySlice) => {
      const all = slicesOnDisk(infoHash, { layout, use, isOnDisk })
      if (bySlice) return all.filter(({ slice }) => isFree(slice))
      return held().length > 0 ? [] : asWhole(infoHash, all)
    },
    evict: (slices) => {
      const going = slices.includes('all') ? [...Array(use.sliceCount).keys()] : (slices as number[])
      return evict(going.filter(isFree).flatMap((slice) => piecesOnDisk(use.piecesOf(slice), isOnDisk)))
    },
  }
}

/** A torrent that nobody uses: its bitfield is in the state, its files in `folder`. */
export function storedTorrent(
  kept: KeptTorrent,
  layout: TorrentLayout,
  use: SliceUse,
  { state, folder }: { state: TorrentState; folder: string },
): EvictableTorrent {
  const { infoHash } = kept
  const bitfield = Uint8Array.from(kept.bitfield)
  const isOnDisk = (piece: number) => (((bitfield[piece >> 3] ?? 0) << (piece & 7)) & 0x80) !== 0
  return {
    infoHash,
    isLoaded: false,
    candidates: (bySlice) => {
      const all = slicesOnDisk(infoHash, { layout, use, isOnDisk })
      return bySlice ? all : asWhole(infoHash, all)
    },
    async evict(slices) {
      if (slices.includes('all')) return removeFolder(state, infoHash, folder)
      const pieces = (slices as number[]).flatMap((slice) => piecesOnDisk(use.piecesOf(slice), isOnDisk))
      for (const piece of pieces) bitfield[piece >> 3] = (bitfield[piece >> 3] ?? 0) & ~(0x80 >> (piece & 7))
      // Before the holes: the bitfield must never promise what is gone.
      state.saveBitfield(infoHash, bitfield)
      const handles = new FileHandles(folder)
      await releasePieces(handles, layout, pieces, isOnDisk).finally(() => handles.close())
    },
  }
}

/** A download folder of which the state knows nothing, or nothing that can be read: it goes as a whole. */
export async function unknownFolder(
  infoHash: string,
  { state, folder, bytes }: { state: TorrentState; folder: string; bytes: number },
): Promise<EvictableTorrent> {
  const changedAt = await stat(folder).then(
    ({ mtimeMs }) => Math.floor(mtimeMs / 1000),
    () => 0,
  )
  return {
    infoHash,
    isLoaded: false,
    candidates: () => [{ infoHash, slice: 'all', usedAt: changedAt, bytes }],
    evict: () => removeFolder(state, infoHash, folder),
  }
}

async function removeFolder(state: TorrentState, infoHash: string, folder: string): Promise<void> {
  const known = state.find(infoHash)
  if (known) state.saveBitfield(infoHash, new Uint8Array(known.bitfield.length))
  await rm(folder, { recursive: true, force: true })
}

type Slices = { layout: TorrentLayout; use: SliceUse; isOnDisk: (piece: number) => boolean }

function slicesOnDisk(infoHash: string, { layout, use, isOnDisk }: Slices) {
  return Array.from({ length: use.sliceCount }, (_, slice) => ({
    infoHash,
    slice,
    usedAt: use.usedAt(slice),
    bytes: piecesOnDisk(use.piecesOf(slice), isOnDisk).length * layout.pieceBytes,
  })).filter(({ bytes }) => bytes > 0)
}

function asWhole(infoHash: string, slices: readonly Evictable[]): Evictable[] {
  if (slices.length === 0) return []
  const usedAt = Math.max(...slices.map((slice) => slice.usedAt))
  return [{ infoHash, slice: 'all', usedAt, bytes: slices.reduce((sum, { bytes }) => sum + bytes, 0) }]
}

function piecesOnDisk({ from, to }: PieceRange, isOnDisk: (piece: number) => boolean): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(isOnDisk)
}
