/** The queue of what Trakt has yet to be told, written in the same batch as what happened here. */
import { type SQL, sql } from 'drizzle-orm'
import type { Watcher } from '../watcher.ts'
import type { OutboxBody, OutboxKind } from './due-calls.ts'

/** `sync_states.name` of a person's sync; its cursor says whose watching goes to Trakt. */
export const syncName = (personId: string): string => `trakt:sync:${personId}`

/** True in SQL when this viewer's watching is kept at Trakt too: one row by its key. */
const isKept = ({ id, personId }: Watcher): SQL =>
  sql`exists (select 1 from sync_states where name = ${syncName(personId)} and cursor ->> 'viewerId' = ${id})`

export type Queueing = { watcher: Watcher; nowMs: number }

/** One statement. It queues nothing for whoever has no Trakt. `bodies` is a query of one column, `body`. */
export const queueFrom = ({ watcher, nowMs }: Queueing, kind: OutboxKind, bodies: SQL): SQL =>
  sql`insert into trakt_outbox (id, viewer_id, person_id, kind, body, created_at_ms, not_before_ms, tries)
        select lower(hex(randomblob(16))), ${watcher.id}, ${watcher.personId}, ${kind}, body, ${nowMs}, ${nowMs}, 0
        from (${bodies}) where ${isKept(watcher)}`

/** The same of what is known already; `onlyWhen` decides in the database. */
export const queueCalls = (
  on: Queueing,
  kind: OutboxKind,
  bodies: readonly OutboxBody[],
  onlyWhen: SQL = sql`true`,
): SQL => queueFrom(on, kind, sql`select value as body from json_each(${JSON.stringify(bodies)}) where ${onlyWhen}`)
