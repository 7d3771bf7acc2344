/** Puts the built-in films into the catalog; done again it changes nothing. */
import { sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import { externalIds } from './details/schema.ts'
import { magnetOf, openFilms } from './open-films.ts'
import { sources } from './schema.ts'
import { learnWordsOf } from './search/index-search.ts'
import { upsertTitles } from './upsert-title.ts'

export const OPEN_FILMS = 'open-films'

/** They did not come just now, however new the household is: whatever its own boxes have is newer. */
const ALWAYS = 1

/** One transaction. A row that is already as it should be is not written again. */
export async function seedOpenFilms(db: Db): Promise<void> {
  const titleRows = openFilms.map(({ infoHash: _hash, torrentName: _name, tmdbId: _tmdb, ...film }) => ({
    ...film,
    kind: 'movie' as const,
    availableAt: ALWAYS,
  }))
  const sourceRows = openFilms.map((film) => ({
    id: `open-${film.id}`,
    titleId: film.id,
    provider: OPEN_FILMS,
    agentId: null,
    infoHash: film.infoHash,
    magnet: magnetOf(film),
  }))
  const idRows = openFilms.map(({ id, tmdbId }) => ({
    scheme: 'tmdb:movie' as const,
    value: String(tmdbId),
    titleId: id,
  }))
  await db.batch([
    upsertTitles(db, titleRows),
    learnWordsOf(db, titleRows),
    db.insert(externalIds).values(idRows).onConflictDoNothing(),
    db
      .insert(sources)
      .values(sourceRows)
      .onConflictDoUpdate({
        target: sources.id,
        set: { magnet: sql`excluded.magnet`, infoHash: sql`excluded.info_hash` },
        setWhere: sql`(${sources.magnet}, ${sources.infoHash}) is not (excluded.magnet, excluded.info_hash)`,
      }),
  ])
}
