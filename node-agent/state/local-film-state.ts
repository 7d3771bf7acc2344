/** Films in the operator's own folders: what the last scan saw, and what their names say. */
import type { DatabaseSync } from 'node:sqlite'
import { filmChoiceState } from './film-choice-state.ts'
import { columns, isPart, type LocalFilm, type LocalFilmRow, type Part, partOf } from './local-film-row.ts'

const MOST_FOUND = 200

export function localFilmState(database: DatabaseSync) {
  // One that was seen before names were kept is looked at anew.
  const all = database.prepare(
    'SELECT path, iif(name IS NULL, -1, size_bytes) AS sizeBytes, modified_ms AS modifiedMs FROM local_films',
  )
  const byHash = database.prepare(`SELECT ${columns} FROM local_films WHERE info_hash = ?`)
  const byImdb = database.prepare(
    `SELECT ${columns} FROM local_films WHERE imdb_id = ? AND ${isPart} LIMIT ${MOST_FOUND}`,
  )
  const byTitle = database.prepare(
    `SELECT ${columns} FROM local_films WHERE title = ? AND ${isPart} LIMIT ${MOST_FOUND}`,
  )
  const untold = database.prepare(`SELECT ${columns} FROM local_films WHERE told_at < ? ORDER BY told_at LIMIT ?`)
  const tell = database.prepare('UPDATE local_films SET told_at = ? WHERE info_hash = ? AND told_at = ?')
  const upsert = database.prepare(
    `INSERT OR REPLACE INTO local_films
      (path, name, size_bytes, modified_ms, info_hash, title, year, season, episode, imdb_id) VALUES (${'?, '.repeat(9)}?)`,
  )
  const remove = database.prepare('DELETE FROM local_films WHERE path = ?')
  const withdraw = database.prepare(
    'INSERT OR IGNORE INTO gone_films SELECT info_hash FROM local_films WHERE path = ? AND told_at > 0',
  )
  const come = database.prepare('DELETE FROM gone_films WHERE info_hash = ?')
  const gone = database.prepare('SELECT info_hash AS infoHash FROM gone_films LIMIT ?')
  return {
    /** By path: what a scan compares with. */
    seen(): Map<string, { sizeBytes: number; modifiedMs: number }> {
      type Row = { path: string; sizeBytes: number; modifiedMs: number }
      return new Map((all.all() as Row[]).map(({ path, ...rest }) => [path, rest]))
    },
    find: (infoHash: string) => byHash.get(infoHash) as LocalFilmRow | undefined,
    withImdbId: (imdbId: string, part: Part) => byImdb.all(imdbId, ...partOf(part)) as LocalFilmRow[],
    withTitle: (title: string, part: Part) => byTitle.all(title, ...partOf(part)) as LocalFilmRow[],
    choices: filmChoiceState(database),
    /** Those that the edge was told of the longest ago, before this (epoch seconds). */
    untold: (before: number, most: number) => untold.all(before, most) as LocalFilmRow[],
    /** Not those of which there is something new to tell since they were read. */
    told(films: readonly Pick<LocalFilmRow, 'infoHash' | 'toldAt'>[], at: number): void {
      for (const { infoHash, toldAt } of films) tell.run(at, infoHash, toldAt)
    },
    /** Info hashes of files that the edge was told of and that are there no longer, until they are `withdrawn`. */
    toWithdraw: (most: number) => (gone.all(most) as { infoHash: string }[]).map(({ infoHash }) => infoHash),
    withdrawn(infoHashes: readonly string[]): void {
      for (const infoHash of infoHashes) come.run(infoHash)
    },
    /** All or nothing. */
    change(changed: readonly LocalFilm[], missing: readonly string[]): void {
      if (changed.length === 0 && missing.length === 0) return
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const path of missing) {
          withdraw.run(path)
          remove.run(path)
        }
        for (const film of changed) {
          withdraw.run(film.path)
          come.run(film.infoHash)
          const { path, name, sizeBytes, modifiedMs, infoHash, title, year, season, episode, imdbId } = film
          upsert.run(path, name, sizeBytes, modifiedMs, infoHash, title, year, season, episode, imdbId)
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
