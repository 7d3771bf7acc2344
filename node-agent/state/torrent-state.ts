/** What must survive of a torrent: its info dictionary, which pieces are on disk, and when which part was last used. */
import type { DatabaseSync } from 'node:sqlite'

export type TorrentRecord = {
  /** The bencoded info dictionary (BEP 3). */
  info: Uint8Array
  /** One bit for each piece, the first piece in the highest bit of the first byte (as in BEP 3's bitfield). */
  bitfield: Uint8Array
}

export type KeptTorrent = TorrentRecord & {
  infoHash: string
  /** Epoch seconds, by the clock of `store/used-clock.ts`. */
  usedAt: number
  /** See `store/slice-use.ts`. */
  sliceUse: Uint8Array
  isPinned: boolean
}

const kept = 'info_hash AS infoHash, info, bitfield, used_at AS usedAt, slice_use AS sliceUse, is_pinned AS isPinned'

export function torrentState(database: DatabaseSync) {
  const select = database.prepare('SELECT info, bitfield FROM torrents WHERE info_hash = ?')
  const selectAll = database.prepare(`SELECT ${kept} FROM torrents`)
  const selectOne = database.prepare(`SELECT ${kept} FROM torrents WHERE info_hash = ?`)
  const insert = database.prepare(
    'INSERT INTO torrents (info_hash, info, bitfield, used_at) VALUES (?, ?, ?, ?) ON CONFLICT (info_hash) DO UPDATE SET used_at = excluded.used_at',
  )
  const update = database.prepare('UPDATE torrents SET bitfield = ? WHERE info_hash = ?')
  const updateUse = database.prepare('UPDATE torrents SET slice_use = ?, used_at = ? WHERE info_hash = ?')
  const updatePin = database.prepare('UPDATE torrents SET is_pinned = ? WHERE info_hash = ?')
  const addUploaded = database.prepare(
    'UPDATE torrents SET uploaded_bytes = uploaded_bytes + ? WHERE info_hash = ? RETURNING uploaded_bytes AS bytes',
  )
  const selectUploaded = database.prepare('SELECT uploaded_bytes AS bytes FROM torrents WHERE info_hash = ?')
  const latestUse = database.prepare('SELECT max(used_at) AS latest FROM torrents')
  const remove = database.prepare('DELETE FROM torrents WHERE info_hash = ?')
  const selectNodes = database.prepare('SELECT address FROM dht_nodes')
  const deleteNodes = database.prepare('DELETE FROM dht_nodes')
  const insertNode = database.prepare('INSERT OR IGNORE INTO dht_nodes VALUES (?)')

  const toKept = (row: unknown): KeptTorrent => {
    const record = row as Omit<KeptTorrent, 'isPinned'> & { isPinned: number }
    return { ...record, isPinned: record.isPinned === 1 }
  }
  return {
    find: (infoHash: string) => select.get(infoHash) as TorrentRecord | undefined,
    findKept(infoHash: string): KeptTorrent | undefined {
      const row = selectOne.get(infoHash)
      return row && toKept(row)
    },
    all: (): KeptTorrent[] => selectAll.all().map(toKept),
    /** Keeps a torrent; of one that is known already only the time of use changes. */
    add: (infoHash: string, record: TorrentRecord, usedAtSeconds: number): void =>
      void insert.run(infoHash, record.info, record.bitfield, Math.floor(usedAtSeconds)),
    saveBitfield: (infoHash: string, bitfield: Uint8Array): void => void update.run(bitfield, infoHash),
    saveUse: (infoHash: string, sliceUse: Uint8Array, usedAtSeconds: number): void =>
      void updateUse.run(sliceUse, Math.floor(usedAtSeconds), infoHash),
    /** A pinned torrent is never evicted. */
    setPinned: (infoHash: string, isPinned: boolean): void => void updatePin.run(isPinned ? 1 : 0, infoHash),
    /** Adds to what was uploaded of a torrent, and gives the sum over all its life. */
    addUploaded: (infoHash: string, bytes: number): number =>
      (addUploaded.get(Math.round(bytes), infoHash) as { bytes: number } | undefined)?.bytes ?? bytes,
    uploadedBytes: (infoHash: string): number =>
      (selectUploaded.get(infoHash) as { bytes: number } | undefined)?.bytes ?? 0,
    /** The latest time anything was used; 0 when nothing was. */
    latestUse: (): number => (latestUse.get() as { latest: number | null }).latest ?? 0,
    remove: (infoHash: string): void => void remove.run(infoHash),
    dhtNodes: (): string[] => selectNodes.all().map((row) => (row as { address: string }).address),
    /** The list given replaces all that was known. */
    saveDhtNodes(addresses: readonly string[]): void {
      database.exec('BEGIN IMMEDIATE')
      deleteNodes.run()
      for (const address of addresses) insertNode.run(address)
      database.exec('COMMIT')
    },
  }
}
export type TorrentState = ReturnType<typeof torrentState>
