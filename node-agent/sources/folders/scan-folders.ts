/** Walks the operator's folders and keeps what changed since the last time: a file that is as it was is not looked at. */
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalFilm } from '../../state/local-film-row.ts'
import type { LocalFilmState } from '../../state/local-film-state.ts'
import { filmOfPath, isFilmFolder, isFilmName } from './film-of-path.ts'

/** Deeper than any library; a mistake, or a trap. */
const MOST_LEVELS = 12
const MOST_FILMS = 200_000
/** Asked of the disk at one time. */
const STATS_AT_ONCE = 32

export type Scan = { films: number; changed: number; gone: number; unreadable: number }

/**
 * Links are not followed: what they lead to is not the operator's choice of folder. Films of a folder that cannot be
 * read now (a disk that is not there) are kept as they were.
 */
export async function scanFolders(
  folders: readonly string[],
  state: LocalFilmState,
  { signal, thisYear }: { signal: AbortSignal; thisYear: number },
): Promise<Scan> {
  const seen = state.seen()
  const found: { path: string; parts: string[] }[] = []
  const unreadable: string[] = []
  const walk = async (folder: string, parts: string[]): Promise<void> => {
    if (parts.length > MOST_LEVELS) return
    try {
      for await (const entry of await opendir(folder)) {
        signal.throwIfAborted()
        const path = join(folder, entry.name)
        if (entry.isDirectory() && isFilmFolder(entry.name)) await walk(path, [...parts, entry.name])
        else if (entry.isFile() && isFilmName(entry.name) && found.length < MOST_FILMS) {
          found.push({ path, parts: [...parts, entry.name] })
        }
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Error && 'code' in error)) throw error
      unreadable.push(folder)
    }
  }
  for (const folder of folders) await walk(folder, [])
  const changed: LocalFilm[] = []
  const look = async ({ path, parts }: { path: string; parts: string[] }): Promise<void> => {
    const now = await stat(path).catch(() => undefined)
    if (!now) return
    const before = seen.get(path)
    const film = { path, sizeBytes: now.size, modifiedMs: Math.trunc(now.mtimeMs) }
    const isSame = before?.sizeBytes === film.sizeBytes && before.modifiedMs === film.modifiedMs
    if (!isSame && film.sizeBytes > 0) changed.push(filmOfPath(parts, film, thisYear))
  }
  for (let at = 0; at < found.length; at += STATS_AT_ONCE) {
    signal.throwIfAborted()
    await Promise.all(found.slice(at, at + STATS_AT_ONCE).map(look))
  }
  const here = new Set(found.map(({ path }) => path))
  const isUnreadable = (path: string) => unreadable.some((folder) => path.startsWith(`${folder}/`))
  const gone = [...seen.keys()].filter((path) => !here.has(path) && !isUnreadable(path))
  state.change(changed, gone)
  return { films: here.size, changed: changed.length, gone: gone.length, unreadable: unreadable.length }
}
