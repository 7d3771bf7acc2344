/** What must survive of a torrent: its info dictionary and which pieces are on disk, so that nothing is hashed twice. */
import type { DatabaseSync } from 'node:sqlite'

export type TorrentRecord = {
  /** The bencoded info dictionary (BEP 3). */
  info: Uint8Array
  /** One bit for each piece, the first piece in the highest bit of the first byte (as in BEP 3's bitfield). */
  bitfield: Uint8Array
}

export function torrentState(database: DatabaseSync) {
  const select = database.prepare('SELECT info, bitfield FROM torrents WHERE info_hash = ?')
  const insert = database.prepare(
    'INSERT INTO torrents VALUES (?, ?, ?, ?) ON CONFLICT (info_hash) DO UPDATE SET used_at = excluded.used_at',
  )
  const update = database.prepare('UPDATE torrents SET bitfield = ? WHERE info_hash = ?')
  return {
    find: (infoHash: string) => select.get(infoHash) as TorrentRecord | undefined,
    /** Keeps a torrent; of one that is known already only the time of use changes. */
    add: (infoHash: string, record: TorrentRecord, usedAtSeconds: number): void =>
      void insert.run(infoHash, record.info, record.bitfield, Math.floor(usedAtSeconds)),
    saveBitfield: (infoHash: string, bitfield: Uint8Array): void => void update.run(bitfield, infoHash),
  }
}
export type TorrentState = ReturnType<typeof torrentState>
