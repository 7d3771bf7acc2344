/** How far a person's sync with Trakt is: one row, from the first import until they disconnect. */
import { and, eq, sql } from 'drizzle-orm'
import * as z from 'zod'
import { syncStates } from '../../catalog/tmdb/schema.ts'
import type { Edge } from '../../edge.ts'
import type { Watcher } from '../watcher.ts'
import { syncName } from './outbox.ts'
import { FIRST_STEP, STEP_KINDS, Step } from './steps.ts'

const Times = z.record(z.string(), z.string())
const Kinds = z.array(Step.shape.kind)

/** A run goes over several requests; the next one begins at `step`. */
const Run = z.strictObject({ kinds: Kinds, step: Step, beganMs: z.int(), seen: Times })
const Memory = z.strictObject({
  /** Whose watching is kept at Trakt: one viewer of the account. */
  viewerId: z.string(),
  /** What Trakt said happened last, as of the last whole run. */
  seen: Times,
  /** When the last whole run began, epoch milliseconds; null until the import is done. */
  lastSyncMs: z.int().nullable(),
  run: Run.nullable(),
})
export type SyncMemory = z.infer<typeof Memory>

/** Why a sync does not get on. `away`: Trakt does not answer. `today`: enough was written for one day. */
export const SyncProblem = z.enum(['away', 'signed_out', 'today'])
export type SyncProblem = z.infer<typeof SyncProblem>

export type SyncState = {
  personId: string
  memory: SyncMemory
  syncedAt: number | null
  notBefore: number | null
  failures: number
  problem: SyncProblem | null
  rowsToday: number
}

const isThere = sql`(${syncStates.cursor} ->> 'viewerId' = ${syncStates.personId}
  or exists (select 1 from profiles where id = ${syncStates.cursor} ->> 'viewerId'))`

const dayOf = (now: number) => new Date(now * 1000).toISOString().slice(0, 10)

/** Undefined for whoever never began, and when the profile that it was for is gone. */
export async function readSync(edge: Edge, personId: string): Promise<SyncState | undefined> {
  const [row] = await edge.db
    .select()
    .from(syncStates)
    .where(and(eq(syncStates.name, syncName(personId)), isThere))
  if (!row) return undefined
  const { cursor, syncedAt, notBefore, failures, lastError, rowsWritten, writtenOn } = row
  return {
    personId,
    memory: Memory.parse(JSON.parse(cursor ?? '')),
    syncedAt,
    notBefore,
    failures,
    problem: SyncProblem.safeParse(lastError).data ?? null,
    rowsToday: writtenOn === dayOf(edge.now) ? rowsWritten : 0,
  }
}

/** The import begins; begun again, or for another viewer, it begins anew. */
export async function beginSync(edge: Edge, { id, personId }: Watcher): Promise<void> {
  const run = { kinds: [...STEP_KINDS], step: FIRST_STEP, beganMs: edge.nowMs, seen: {} }
  const cursor = JSON.stringify({ viewerId: id, seen: {}, lastSyncMs: null, run } satisfies SyncMemory)
  const fresh = { cursor, notBefore: null, failures: 0, lastError: null }
  await edge.db
    .insert(syncStates)
    .values({ name: syncName(personId), personId, ...fresh })
    .onConflictDoUpdate({
      target: syncStates.name,
      set: fresh,
      // Pressed twice it is one import.
      setWhere: sql`${syncStates.cursor} ->> 'viewerId' <> ${id} or ${syncStates.cursor} ->> 'run' is null`,
    })
}

/** Only what was not ended meanwhile: a sync that the person ended stays ended. */
export async function saveSync(edge: Edge, state: SyncState): Promise<void> {
  await edge.db
    .update(syncStates)
    .set({
      cursor: JSON.stringify(state.memory),
      syncedAt: state.syncedAt,
      notBefore: state.notBefore,
      failures: state.failures,
      lastError: state.problem,
      rowsWritten: state.rowsToday,
      writtenOn: dayOf(edge.now),
    })
    .where(eq(syncStates.name, syncName(state.personId)))
}
