/** What a viewer searched for of late: each once, the last first, no more than they would look through. */
import { desc, eq, sql } from 'drizzle-orm'
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import { runAll } from '../../run-all.ts'
import { recentSearches } from '../schema.ts'

const KEPT = 8

export async function listSearches({ db }: Edge, viewer: Viewer): Promise<string[]> {
  const rows = await db
    .select({ text: recentSearches.text })
    .from(recentSearches)
    .where(eq(recentSearches.viewerId, viewer.id))
    .orderBy(desc(recentSearches.searchedAtMs))
    .limit(KEPT)
  return rows.map(({ text }) => text)
}

export async function rememberSearch(edge: Edge, viewer: Viewer, text: string): Promise<void> {
  await runAll(edge, [
    sql`insert into recent_searches (viewer_id, person_id, text, searched_at_ms)
        values (${viewer.id}, ${viewer.personId}, ${text}, ${edge.nowMs})
        on conflict (viewer_id, text) do update set searched_at_ms = excluded.searched_at_ms`,
    sql`delete from recent_searches where viewer_id = ${viewer.id} and text not in
        (select text from recent_searches where viewer_id = ${viewer.id} order by searched_at_ms desc limit ${KEPT})`,
  ])
}

export async function forgetSearches({ db }: Edge, viewer: Viewer): Promise<void> {
  await db.delete(recentSearches).where(eq(recentSearches.viewerId, viewer.id))
}
