/** What leaves the disk when it is too full: what was used longest ago, as little as is needed. Pure. */

/** A part of a torrent that may go. */
export type Evictable = {
  infoHash: string
  /** `all` where only the whole torrent can go. */
  slice: number | 'all'
  usedAt: number
  bytes: number
}

/** Below the quota by this share, so that not every piece that comes evicts another. */
const SPARE_SHARE = 0.05
const MOST_SPARE_BYTES = 1024 ** 3

export type DiskRoom = {
  /** What the downloads take on disk. */
  usedBytes: number
  /** Undefined: as much as there is. */
  quotaBytes: number | undefined
  /** What the disk has left for us. */
  freeBytes: number
  /** What is always left to others. */
  floorBytes: number
}

export const hasRoom = ({ usedBytes, quotaBytes, freeBytes, floorBytes }: DiskRoom, wantedBytes: number): boolean =>
  (quotaBytes === undefined || usedBytes + wantedBytes <= quotaBytes) && freeBytes - wantedBytes >= floorBytes

/** What the downloads may take at most. */
export const limitBytes = ({ usedBytes, quotaBytes = Number.POSITIVE_INFINITY, freeBytes, floorBytes }: DiskRoom) =>
  Math.min(quotaBytes, usedBytes + freeBytes - floorBytes)

/** How much must go before `wantedBytes` fit, with something to spare; 0 when they fit already. */
export function bytesToFree(room: DiskRoom, wantedBytes: number): number {
  if (hasRoom(room, wantedBytes)) return 0
  const { usedBytes } = room
  const limit = limitBytes(room)
  const spareBytes = Math.min(MOST_SPARE_BYTES, Math.max(0, limit) * SPARE_SHARE)
  return Math.max(0, Math.min(usedBytes, usedBytes + wantedBytes + spareBytes - limit))
}

/** Those to evict, the longest unused first, until enough is freed; all of them when it never is. */
export function planEviction(candidates: readonly Evictable[], neededBytes: number): Evictable[] {
  const ordered = [...candidates].sort(
    (a, b) =>
      a.usedAt - b.usedAt || (a.infoHash < b.infoHash ? -1 : a.infoHash > b.infoHash ? 1 : orderOf(a) - orderOf(b)),
  )
  const chosen: Evictable[] = []
  let freed = 0
  for (const one of ordered) {
    if (freed >= neededBytes) break
    chosen.push(one)
    freed += one.bytes
  }
  return chosen
}

const orderOf = ({ slice }: Evictable) => (slice === 'all' ? -1 : slice)
