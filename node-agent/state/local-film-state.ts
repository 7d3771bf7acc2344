/** Films in the operator's own folders: what the last scan saw, and what their names say. */
import type { DatabaseSync } from 'node:sqlite'

export type LocalFilmRow = {
  path: string
  sizeBytes: number
  /** Whole epoch milliseconds. */
  modifiedMs: number
  /** Made up: it stands for path, size and time. */
  infoHash: string
  /** In the plain form by which titles are compared. */
  title: string
  year: number | null
  season: number | null
  episode: number | null
  imdbId: string | null
}

const columns =
  'path, size_bytes AS sizeBytes, modified_ms AS modifiedMs, info_hash AS infoHash, title, year, season, episode, imdb_id AS imdbId'
const MOST_FOUND = 200

export function localFilmState(database: DatabaseSync) {
  const all = database.prepare('SELECT path, size_bytes AS sizeBytes, modified_ms AS modifiedMs FROM local_films')
  const byHash = database.prepare(`SELECT ${columns} FROM local_films WHERE info_hash = ?`)
  const byImdb = database.prepare(`SELECT ${columns} FROM local_films WHERE imdb_id = ? LIMIT ${MOST_FOUND}`)
  const byTitle = database.prepare(`SELECT ${columns} FROM local_films WHERE title = ? LIMIT ${MOST_FOUND}`)
  const upsert = database.prepare('INSERT OR REPLACE INTO local_films VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM local_films WHERE path = ?')
  return {
    /** By path: what a scan compares with. */
    seen(): Map<string, { sizeBytes: number; modifiedMs: number }> {
      type Row = { path: string; sizeBytes: number; modifiedMs: number }
      return new Map((all.all() as Row[]).map(({ path, ...rest }) => [path, rest]))
    },
    find: (infoHash: string) => byHash.get(infoHash) as LocalFilmRow | undefined,
    withImdbId: (imdbId: string) => byImdb.all(imdbId) as LocalFilmRow[],
    withTitle: (title: string) => byTitle.all(title) as LocalFilmRow[],
    /** All or nothing. */
    change(changed: readonly LocalFilmRow[], gone: readonly string[]): void {
      if (changed.length === 0 && gone.length === 0) return
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const path of gone) remove.run(path)
        for (const film of changed) {
          const { path, sizeBytes, modifiedMs, infoHash, title, year, season, episode, imdbId } = film
          upsert.run(path, sizeBytes, modifiedMs, infoHash, title, year, season, episode, imdbId)
        }
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }
}
export type LocalFilmState = ReturnType<typeof localFilmState>
