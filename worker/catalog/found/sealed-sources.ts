/** Sources whose info hash, magnet and .torrent are sealed: opened for the rooms that play them, and for nobody else. */
import type { Bindings } from '../../env.ts'
import { CannotOpen, type FieldPlace, isSealed, openField } from '../../field-encryption.ts'
import { type Keyring, readKeyring } from '../../keyring.ts'
import type { sources } from '../schema.ts'

export type SealedColumn = 'info_hash' | 'magnet' | 'torrent_file'

export const sealedPlace = (sourceId: string, column: SealedColumn): FieldPlace => ({
  table: 'sources',
  column,
  rowId: sourceId,
})

type Row = typeof sources.$inferSelect

/** Rows that were never sealed stay as they are; one whose key has left the ring is left out, and is found again. */
export async function openSources(env: Pick<Bindings, 'KEYRING'>, rows: readonly Row[]): Promise<Row[]> {
  const ring = readKeyring(env.KEYRING)
  const opened = await Promise.all(rows.map((row) => openRow(ring, row)))
  return opened.filter((row) => row !== undefined)
}

async function openRow(ring: Keyring, row: Row): Promise<Row | undefined> {
  if (!isSealed(row.infoHash)) return row
  const open = (column: SealedColumn, sealed: string | null) =>
    sealed === null ? null : openField(ring, sealedPlace(row.id, column), sealed)
  try {
    const [infoHash, magnet, torrentFile] = await Promise.all([
      openField(ring, sealedPlace(row.id, 'info_hash'), row.infoHash),
      open('magnet', row.magnet),
      open('torrent_file', row.torrentFile),
    ])
    return { ...row, infoHash, magnet, torrentFile }
  } catch (error) {
    if (error instanceof CannotOpen) return undefined
    throw error
  }
}
