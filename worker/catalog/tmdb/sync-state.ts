/** Where a sync stands, and what it may still write today. */
import { eq, sql } from 'drizzle-orm'
import type { Edge } from '../../edge.ts'
import { syncStates } from './schema.ts'

/** Of the 100,000 rows that the free plan lets a day write: the rest is for people. */
export const DAY_ROWS = 50_000
const BUDGET = 'tmdb:writes'

const dayOf = (now: number): string => new Date(now * 1000).toISOString().slice(0, 10)

export type SyncState = typeof syncStates.$inferSelect

export async function readSyncState({ db }: Edge, name: string): Promise<SyncState | undefined> {
  const [state] = await db.select().from(syncStates).where(eq(syncStates.name, name))
  return state
}

/** How many rows TMDB's syncs may still write today (UTC). */
export async function rowsLeft(edge: Edge): Promise<number> {
  const state = await readSyncState(edge, BUDGET)
  return state?.writtenOn === dayOf(edge.now) ? Math.max(0, DAY_ROWS - state.rowsWritten) : DAY_ROWS
}

/** Counted by one statement, so that two runs at once count both. */
export async function countRows({ db, now }: Edge, rows: number): Promise<void> {
  if (rows === 0) return
  const today = dayOf(now)
  await db
    .insert(syncStates)
    .values({ name: BUDGET, rowsWritten: rows, writtenOn: today })
    .onConflictDoUpdate({
      target: syncStates.name,
      set: {
        rowsWritten: sql`case when ${syncStates.writtenOn} = ${today} then ${syncStates.rowsWritten} else 0 end + ${rows}`,
        writtenOn: today,
      },
    })
}

/** `cursor` null: the next run begins anew. `isDone`: it came to its end. */
export async function saveSyncState(
  { db, now }: Edge,
  name: string,
  { cursor, isDone = false, error }: { cursor: string | null; isDone?: boolean; error?: string },
): Promise<void> {
  const failed = error !== undefined
  const set = {
    cursor,
    lastError: error ?? null,
    failures: failed ? sql`${syncStates.failures} + 1` : sql`0`,
    ...(isDone && { syncedAt: now }),
  }
  await db
    .insert(syncStates)
    .values({ name, cursor, lastError: error ?? null, failures: failed ? 1 : 0, syncedAt: isDone ? now : null })
    .onConflictDoUpdate({ target: syncStates.name, set })
}
