/** Metadata of torrents that nobody here has played yet, sealed: what it is of cannot be told from the file. */
import type { DatabaseSync } from 'node:sqlite'

const MOST_KEPT = 500
const KEPT_SECONDS = 180 * 86_400

export function torrentBlobState(database: DatabaseSync) {
  const upsert = database.prepare('INSERT OR REPLACE INTO torrent_blobs (id, sealed, kept_at) VALUES (?, ?, ?)')
  const select = database.prepare('SELECT sealed FROM torrent_blobs WHERE id = ?')
  const tidyOld = database.prepare('DELETE FROM torrent_blobs WHERE kept_at < ?')
  const tidyMany = database.prepare(
    `DELETE FROM torrent_blobs WHERE id NOT IN (SELECT id FROM torrent_blobs ORDER BY kept_at DESC LIMIT ${MOST_KEPT})`,
  )
  return {
    /** Kept anew it is as young as on the first day. `keptAt`: epoch seconds. */
    keep: (id: string, sealed: Uint8Array, keptAt: number): void => void upsert.run(id, sealed, Math.floor(keptAt)),
    find: (id: string): Uint8Array | undefined => (select.get(id) as { sealed: Uint8Array } | undefined)?.sealed,
    /** Lets go what is half a year old, and the oldest of what is more than a few hundred. */
    tidy(now: number): void {
      tidyOld.run(Math.floor(now) - KEPT_SECONDS)
      tidyMany.run()
    },
  }
}
export type TorrentBlobState = ReturnType<typeof torrentBlobState>
