/** What a reader may be given of pieces that are on their way, and what it still has to wait for. */
import type { BlockReader } from './block-reader.ts'
import type { PieceTable } from './piece-table.ts'

type Pieces = Pick<PieceTable, 'get' | 'isVerified' | 'peek' | 'pieceAt'>

/**
 * Bytes at the reader's position that are in memory and may be shown to it before they have verified: a view that is
 * good until the next event, for the memory is used again.
 */
export function peekFor(table: Pieces, reader: BlockReader, mostBytes: number): Uint8Array | undefined {
  if (reader.verifiedOnly) return undefined
  const bytes = table.peek(reader.positionBytes, Math.min(mostBytes, reader.missingBytes))
  if (bytes !== undefined) reader.trusted.add(table.pieceAt(reader.positionBytes))
  return bytes
}

/** Whether `peekFor` would give something. */
export const hasArrivedFor = (table: Pieces, { positionBytes, verifiedOnly }: BlockReader): boolean =>
  !verifiedOnly && table.peek(positionBytes, 1) !== undefined

/** A piece of what it was shown is whole, and whether it is right will be known in a moment. */
export const isOnTrial = (table: Pieces, reader: BlockReader): boolean =>
  [...reader.trusted].some((piece) => {
    const buffer = table.get(piece)
    return buffer?.isComplete === true && !buffer.isProven
  })

/** Whether one that waits need wait no longer: there is something for it, or, when it has all, nothing on trial. */
export const canGoOn = (table: Pieces, reader: BlockReader): boolean =>
  reader.missingBytes === 0
    ? !isOnTrial(table, reader)
    : table.isVerified(table.pieceAt(reader.positionBytes)) || hasArrivedFor(table, reader)
