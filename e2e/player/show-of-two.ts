/** Makes a show of two films that a home offers: agents offer films alone, so its rows are written into the edge's database. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FilmHome } from '../film-home.ts'

export const SHOW = 'Night Trains'

/** The films become its first and second episode, under their own names. */
export function makeShowOf({ directory, titleIds }: FilmHome, films: readonly [string, string]): void {
  const files = readdirSync(directory.edge, { recursive: true, encoding: 'utf8' })
  const file = files.find((name) => /D1DatabaseObject[/\\][0-9a-f]+\.sqlite$/.test(name))
  if (file === undefined) throw new Error('there is no database')
  const database = new DatabaseSync(join(directory.edge, file), { timeout: 10_000 })
  try {
    database
      .prepare(
        `insert into titles (id, kind, name, overview, licence, credit, available_at) values ('night-trains', 'show', ?, '', '', '', 1)`,
      )
      .run(SHOW)
    const become = database.prepare(
      `update titles set kind = 'episode', show_id = 'night-trains', season_number = 1, episode_number = ? where id = ?`,
    )
    for (const [at, name] of films.entries()) become.run(at + 1, titleIds.get(name) ?? null)
  } finally {
    database.close()
  }
}
