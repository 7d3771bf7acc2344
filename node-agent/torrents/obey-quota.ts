/** Puts a loaded torrent under the disk quota: notes what is in use, and lets the rest go when it is asked to. */
import type { Torrent } from 'webtorrent'
import { type Log, torrentLabel } from '../log.ts'
import type { TorrentState } from '../state/torrent-state.ts'
import type { OpenTorrent } from './open-torrent.ts'
import type { DiskQuota } from './store/disk-quota.ts'
import type { BitfieldKeeper } from './store/keep-bitfield.ts'
import type { PieceStore } from './store/piece-store.ts'
import { watchUse } from './store/watch-use.ts'
import type { GonePieces } from './swarm/gone-pieces.ts'

type Options = {
  quota: DiskQuota
  state: TorrentState
  log: Log
  infoHash: string
  /** Epoch seconds that never run backwards. */
  usedNow: () => number
}

/** The quota may take what nobody reads. Gives the function that ends that. */
export function obeyQuota(
  { quota, state, infoHash, usedNow, log }: Options,
  parts: { torrent: Torrent; store: PieceStore; open: OpenTorrent; keeper: BitfieldKeeper; gone: GonePieces },
): () => void {
  const { torrent, store, open, keeper, gone } = parts
  const use = quota.sliceUse(store.layout)
  const held = () => open.heldPieces()
  const isOnDisk = (piece: number) => open.isOnDisk(piece)
  torrent.on('verified', (piece: number) => use.touch({ from: piece, to: piece }, usedNow()))
  const endUse = watchUse({
    use,
    held,
    now: usedNow,
    save: (bytes) => state.saveUse(infoHash, bytes, usedNow()),
    onError: (error) => log.error('use_not_saved', error, { torrent: torrentLabel(infoHash) }),
  })
  quota.attach(infoHash, {
    layout: store.layout,
    use,
    held,
    isOnDisk,
    async evict(pieces) {
      open.forget(pieces)
      gone.tell(pieces)
      // Before the holes: the bitfield must never promise what is gone.
      keeper.changed()
      if (!(await keeper.flush())) throw new Error('what is on disk could not be saved')
      await store.release(pieces, isOnDisk)
    },
  })
  return endUse
}
