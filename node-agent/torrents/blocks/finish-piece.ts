/** What happens to a piece when its last block is there: hashed, then stored, or thrown away. */
import type { PieceBuffer } from './piece-buffer.ts'
import type { PieceHasher } from './piece-hasher.ts'
import type { PieceTable } from './piece-table.ts'
import type { PieceVerdicts } from './piece-verdicts.ts'
import type { SwarmTorrent } from './swarm-surface.ts'

export type PieceFinish = {
  torrent: SwarmTorrent
  table: PieceTable
  verdicts: PieceVerdicts
  hasher: PieceHasher
  isClosed: () => boolean
  onVerified: (piece: number) => void
  onDamaged: (piece: number) => void
  /** In any case, at each step. */
  onStep: () => void
}

/** Calls back when the piece has verified and lies in the store, or when it turned out damaged and was dropped. */
export function finishPiece(buffer: PieceBuffer, finish: PieceFinish): void {
  const { torrent, table, hasher, onStep } = finish
  hasher.digest(buffer.memory, buffer.bytes.length, (digest) => {
    if (finish.isClosed() || torrent.destroyed) return table.drop(buffer.index)
    if (digest === torrent._hashes[buffer.index]) store(buffer, finish)
    else throwAway(buffer, finish)
    onStep()
  })
}

function store(buffer: PieceBuffer, finish: PieceFinish): void {
  const { torrent, table, verdicts, onVerified, onStep } = finish
  buffer.isProven = true
  verdicts.verified(buffer)
  torrent.store.put(buffer.index, buffer.bytes, (error) => {
    if (finish.isClosed() || torrent.destroyed) return table.drop(buffer.index)
    if (!error) {
      torrent._markVerified(buffer.index)
      for (const wire of torrent.wires) wire.have(buffer.index)
      if (torrent._checkDone()) torrent._updateInterest()
      onVerified(buffer.index)
    }
    table.drop(buffer.index)
    onStep()
  })
}

function throwAway(buffer: PieceBuffer, { torrent, table, verdicts, onDamaged }: PieceFinish): void {
  verdicts.damaged(buffer)
  table.drop(buffer.index)
  const record = torrent.pieces[buffer.index]
  if (record) record.missing = buffer.bytes.length
  onDamaged(buffer.index)
}
