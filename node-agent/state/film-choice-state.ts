/** Which titles the operator's own films are: what the edge knew of their names, and what the operator said. */
import type { DatabaseSync } from 'node:sqlite'
import { OWN_FILMS_AT_ONCE, OwnFilmChoice, type OwnFilmMatch, type OwnFilmView } from '#protocol/own-films.ts'
import { columns, isPart, type LocalFilmRow, type Part, partOf } from './local-film-row.ts'

type Named = Pick<LocalFilmRow, 'path' | 'title' | 'episode'>
type Counts = Record<OwnFilmView | 'waiting', number>

const fileKey = ({ path }: Named) => `file ${path}`
/** A show is said once, of all its files: those that are there, and those that come. */
const showKey = ({ title, episode }: Named) => (episode === null || title === '' ? undefined : `show ${title}`)

/** Said of all files of a show: that they are its episodes, or nothing that is watched here. */
const isOfAll = (choice: OwnFilmChoice) => choice.kind === 'none' || (choice.kind === 'show' && !choice.episode)

/** The same in SQL: a file of which something was said by itself stands by itself. */
const isOwn = "EXISTS (SELECT 1 FROM film_choices WHERE key = 'file ' || path)"
const entry = `iif(episode IS NOT NULL AND title <> '' AND NOT ${isOwn}, 'show ' || title, 'file ' || path)`
const viewOf: Record<OwnFilmMatch, keyof Counts> = {
  waiting: 'waiting',
  fits: 'matched',
  unknown: 'unmatched',
  several: 'unmatched',
  chosen: 'decided',
  aside: 'decided',
}

export function filmChoiceState(database: DatabaseSync) {
  const find = database.prepare('SELECT choice FROM film_choices WHERE key = ?')
  const put = database.prepare('INSERT OR REPLACE INTO film_choices VALUES (?, ?, ?)')
  const drop = database.prepare('DELETE FROM film_choices WHERE key = ?')
  const ofTitle = database.prepare('SELECT key, choice FROM film_choices WHERE title_id = ?')
  const byPath = database.prepare(`SELECT ${columns} FROM local_films WHERE path = ?`)
  const byShow = database.prepare(`SELECT ${columns} FROM local_films WHERE title = ? AND ${isPart} AND NOT ${isOwn}`)
  const byId = database.prepare(`SELECT ${columns} FROM local_films WHERE info_hash >= ? AND info_hash < ?`)
  const withdraw = database.prepare(
    `INSERT OR IGNORE INTO gone_films SELECT info_hash FROM local_films WHERE ${entry} = ?`,
  )
  const withdrawOne = database.prepare('INSERT OR IGNORE INTO gone_films VALUES (?)')
  // A number that it never had before: whoever tells of it at this moment must not think that this was told.
  const change = database.prepare(
    `UPDATE local_films SET match = ?, title_ids = '[]', told_at = min(told_at, 0) - 1 WHERE ${entry} = ?`,
  )
  const match = database.prepare('UPDATE local_films SET match = ?, title_ids = ? WHERE info_hash = ?')
  const counted = database.prepare('SELECT match, count(*) AS count FROM local_films GROUP BY match')
  // Of a group SQLite takes the other columns from the row with the least name.
  const listed = database.prepare(
    `SELECT ${columns.replace("coalesce(name, '')", "min(coalesce(name, ''))")}, count(*) AS fileCount FROM local_films
      WHERE match IN (SELECT value FROM json_each(?)) GROUP BY ${entry} ORDER BY 2, path LIMIT ? OFFSET ?`,
  )
  const read = (key: string | undefined): OwnFilmChoice | undefined => {
    const row = key === undefined ? undefined : (find.get(key) as { choice: string } | undefined)
    return row && OwnFilmChoice.parse(JSON.parse(row.choice))
  }
  return {
    of: (film: Named): OwnFilmChoice | undefined => read(fileKey(film)) ?? read(showKey(film)),
    /** Films that were said to be this title, of a show's those of one episode. */
    chosenAs(titleId: string, part: Part): LocalFilmRow[] {
      return (ofTitle.all(titleId) as { key: string; choice: string }[]).flatMap(({ key, choice: text }) => {
        const choice = OwnFilmChoice.parse(JSON.parse(text))
        if ((choice.kind === 'movie') !== (part === undefined)) return []
        if (key.startsWith('show ')) return byShow.all(key.slice(5), ...partOf(part)) as LocalFilmRow[]
        const film = byPath.get(key.slice(5)) as LocalFilmRow | undefined
        if (!film || choice.kind !== 'show') return film ?? []
        const said = choice.episode ?? { season: film.season ?? undefined, episode: film.episode }
        return said.episode === part?.episode && (said.season ?? 1) === (part?.season ?? 1) ? [film] : []
      })
    },
    /** By the first half of its hash. */
    find: (id: string) => byId.get(id, `${id}g`) as LocalFilmRow | undefined,
    /** Null takes back what was said. What the edge has of it is withdrawn, and told anew. */
    choose(film: LocalFilmRow, choice: OwnFilmChoice | null): void {
      const [file, show] = [fileKey(film), showKey(film)]
      const isOfShow = choice ? isOfAll(choice) : read(file) === undefined
      const key = isOfShow ? (show ?? file) : file
      const titleId = choice && choice.kind !== 'none' ? choice.titleId : null
      database.exec('BEGIN IMMEDIATE')
      try {
        drop.run(file)
        if (choice) put.run(key, JSON.stringify(choice), titleId)
        else drop.run(key)
        // What a file alone had been called until now is its show's again.
        for (const entryKey of new Set([file, key, ...(choice ? [] : [show ?? file])])) {
          withdraw.run(entryKey)
          change.run(choice === null ? 'waiting' : titleId === null ? 'aside' : 'chosen', entryKey)
        }
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    judged(film: LocalFilmRow, verdict: { match: OwnFilmMatch; titleIds: readonly string[] }): void {
      match.run(verdict.match, JSON.stringify(verdict.titleIds), film.infoHash)
      // It may have been told of as each of them.
      if (verdict.match === 'several' && film.match !== 'several') withdrawOne.run(film.infoHash)
    },
    /** In files. */
    counts(): Counts {
      const counts: Counts = { waiting: 0, unmatched: 0, decided: 0, matched: 0 }
      for (const row of counted.all() as { match: OwnFilmMatch; count: number }[])
        counts[viewOf[row.match]] += row.count
      return counts
    },
    /** By name; one more than a page, where there are more. */
    list(view: OwnFilmView, from: number) {
      const matches = Object.entries(viewOf).flatMap(([one, its]) => (its === view ? [one] : []))
      return listed.all(JSON.stringify(matches), OWN_FILMS_AT_ONCE + 1, from) as (LocalFilmRow & {
        fileCount: number
      })[]
    },
  }
}
export type FilmChoiceState = ReturnType<typeof filmChoiceState>
