/** One of all who want to do the same thing at once, in whatever isolate: a row of `sync_states` and a conditional statement. */
import { eq, sql } from 'drizzle-orm'
import { syncStates } from '../../catalog/tmdb/schema.ts'
import type { Edge } from '../../edge.ts'

export type Turn = { name: string; personId: string }

/** False while somebody has it. Whoever is stopped in the middle gives it back after `seconds`. */
export async function takeTurn(edge: Edge, { name, personId }: Turn, seconds: number, waitedMs = 0): Promise<boolean> {
  const now = edge.now + Math.floor(waitedMs / 1000)
  const notBefore = now + seconds
  const taken = await edge.db
    .insert(syncStates)
    .values({ name, personId, notBefore })
    .onConflictDoUpdate({
      target: syncStates.name,
      set: { notBefore },
      setWhere: sql`${syncStates.notBefore} is null or ${syncStates.notBefore} <= ${now}`,
    })
    .returning({ name: syncStates.name })
  return taken.length === 1
}

export const giveTurn = (edge: Edge, { name }: Turn) =>
  edge.db.update(syncStates).set({ notBefore: null }).where(eq(syncStates.name, name))
