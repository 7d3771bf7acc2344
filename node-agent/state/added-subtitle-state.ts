/** Subtitles that people added to films, as UTF-8 text: a few of each film, and a bounded lot of all together. */
import type { DatabaseSync } from 'node:sqlite'
import type { AddedSubtitleFormat } from '#protocol/agent-requests.ts'

/** More than these of one film push the oldest out. */
export const MOST_OF_A_FILM = 20
/** All together: the longest ago goes first. */
export const MOST_BYTES = 64 * 1024 * 1024

type Film = { sourceId: string; path: string }
type Kept = { number: number; name: string; language: string | undefined; format: AddedSubtitleFormat }

export function addedSubtitleState(database: DatabaseSync, mostBytes = MOST_BYTES) {
  const same = database.prepare(
    'SELECT number FROM added_subtitles WHERE source_id = ? AND path = ? AND digest = ? AND name = ?',
  )
  const last = database.prepare(
    'SELECT coalesce(max(number), 0) AS number FROM added_subtitles WHERE source_id = ? AND path = ?',
  )
  const insert = database.prepare('INSERT INTO added_subtitles VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const dropOldOfFilm = database.prepare('DELETE FROM added_subtitles WHERE source_id = ? AND path = ? AND number <= ?')
  const total = database.prepare('SELECT coalesce(sum(length(text)), 0) AS bytes FROM added_subtitles')
  const dropOldest = database.prepare(
    'DELETE FROM added_subtitles WHERE rowid = (SELECT min(rowid) FROM added_subtitles)',
  )
  const select = database.prepare(
    'SELECT number, name, language, format FROM added_subtitles WHERE source_id = ? AND path = ? ORDER BY number',
  )
  const selectText = database.prepare(
    'SELECT format, text FROM added_subtitles WHERE source_id = ? AND path = ? AND number = ?',
  )
  return {
    /** Its number: that of the one that is there already when text and name are the same. */
    save({ sourceId, path }: Film, added: Omit<Kept, 'number'> & { digest: string; text: string }): number {
      const { name, language, format, digest, text } = added
      const known = same.get(sourceId, path, digest, name) as { number: number } | undefined
      if (known) return known.number
      const number = (last.get(sourceId, path) as { number: number }).number + 1
      insert.run(sourceId, path, number, name, language ?? null, format, digest, Buffer.from(text))
      dropOldOfFilm.run(sourceId, path, number - MOST_OF_A_FILM)
      while ((total.get() as { bytes: number }).bytes > mostBytes) dropOldest.run()
      return number
    },
    list: ({ sourceId, path }: Film): Kept[] =>
      (select.all(sourceId, path) as (Omit<Kept, 'language'> & { language: string | null })[]).map((row) => ({
        ...row,
        language: row.language ?? undefined,
      })),
    read({ sourceId, path }: Film, number: number): { format: AddedSubtitleFormat; text: string } | undefined {
      const row = selectText.get(sourceId, path, number) as
        | { format: AddedSubtitleFormat; text: Uint8Array }
        | undefined
      return row && { format: row.format, text: new TextDecoder().decode(row.text) }
    },
  }
}
export type AddedSubtitleState = ReturnType<typeof addedSubtitleState>
