/** Tells Trakt what waits in a person's queue, in its order; what Trakt does not take now waits longer, nothing is lost. */

import { sql } from 'drizzle-orm'
import type { Db } from '../../db.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { randomShare } from '../../random-id.ts'
import type { TraktOutcome } from './ask-trakt.ts'
import {
  backOffSeconds,
  type DueCall,
  dueCalls,
  OUTBOX_KINDS,
  OutboxBody,
  type Queued,
  type TraktName,
} from './due-calls.ts'
import { askAs, readAccount, type TraktAccount } from './trakt-account.ts'
import { giveTurn, takeTurn } from './turns.ts'

const ROWS = 200
/** In one request: what is left goes with the next, or with the cron. */
const CALLS = 8
const TURN_SECONDS = 60
const SIGNED_OUT_SECONDS = 3600

/** One sender for each person at a time. Gives how many rows are done. */
export async function sendOutbox(edge: Edge, personId: string): Promise<number> {
  const turn = { name: `trakt:send:${personId}`, personId }
  let sum = 0
  // A row that came while somebody else was sending, too late for them to see it, is sent by whoever looks once more.
  for (let rounds = 0; rounds < 3; rounds++) {
    if (!(await takeTurn(edge, turn, TURN_SECONDS))) return sum
    const count = await sendDue(edge, personId).finally(() => giveTurn(edge, turn))
    sum += count
    if (count === 0) return sum
  }
  return sum
}

/** After the response has left; what is not sent then is sent by the cron. */
export const sendSoon = (edge: Edge, personId: string): void =>
  edge.later(
    sendOutbox(edge, personId).catch((error: unknown) => {
      log('error', 'trakt_send_failed', { correlationId: edge.correlationId, personId, error })
    }),
  )

type Row = { id: string; kind: string; body: string; notBeforeMs: number; tries: number }

async function sendDue(edge: Edge, personId: string): Promise<number> {
  const { db, nowMs } = edge
  const rows = await db.all<Row>(
    sql`select id, kind, body, not_before_ms as "notBeforeMs", tries from trakt_outbox
        where person_id = ${personId} order by created_at_ms, rowid limit ${ROWS}`,
  )
  // In order: while the first has to wait, so do the rest.
  if (rows.length === 0 || (rows[0]?.notBeforeMs ?? 0) > nowMs) return 0
  const account = await readAccount(edge, personId)
  if (!account) {
    await postpone(
      db,
      rows.map(({ id }) => id),
      nowMs + SIGNED_OUT_SECONDS * 1000,
    )
    return 0
  }
  const { calls, dropped } = await due(db, rows, nowMs)
  await remove(db, dropped)
  let sum = dropped.length
  for (const call of calls.slice(0, CALLS)) {
    const outcome = await askAs(edge, account, { method: 'POST', path: call.path, body: call.body })
    if (!(await settleCall(edge, account, call, outcome))) return sum
    sum += call.ids.length
  }
  return sum
}

async function due(db: Db, rows: readonly Row[], nowMs: number) {
  const queue: Queued[] = []
  const unreadable: string[] = []
  for (const { id, kind, body, tries } of rows) {
    const known = OUTBOX_KINDS.find((one) => one === kind)
    const parsed = OutboxBody.safeParse(JSON.parse(body))
    if (known && parsed.success) queue.push({ ...parsed.data, id, kind: known, tries })
    else unreadable.push(id)
  }
  const names = await namesOf(db, [...new Set(queue.map(({ titleId }) => titleId))])
  const { calls, dropped } = dueCalls(queue, (titleId) => names.get(titleId), nowMs)
  return { calls, dropped: [...dropped, ...unreadable] }
}

/** False when the queue has to wait. */
async function settleCall(edge: Edge, account: TraktAccount, call: DueCall, outcome: TraktOutcome): Promise<boolean> {
  const { db, nowMs, correlationId } = edge
  if (outcome.kind === 'ok' || outcome.kind === 'refused') {
    if (outcome.kind === 'refused') {
      const count = call.ids.length
      log('warn', 'trakt_refused', { correlationId, personId: account.personId, status: outcome.status, count })
    }
    await remove(db, call.ids)
    return true
  }
  const isLater = outcome.kind === 'later'
  const seconds = isLater ? (outcome.afterSeconds ?? backOffSeconds(call.tries, randomShare())) : SIGNED_OUT_SECONDS
  await postpone(db, call.ids, nowMs + seconds * 1000)
  return false
}

const remove = async (db: Db, ids: readonly string[]) => {
  if (ids.length === 0) return
  await db.run(sql`delete from trakt_outbox where id in (select value from json_each(${JSON.stringify(ids)}))`)
}

const postpone = (db: Db, ids: readonly string[], notBeforeMs: number) =>
  db.run(
    sql`update trakt_outbox set tries = tries + 1, not_before_ms = ${notBeforeMs}
        where id in (select value from json_each(${JSON.stringify(ids)}))`,
  )

/** What Trakt calls our titles: by the ids they have elsewhere. */
async function namesOf(db: Db, titleIds: readonly string[]): Promise<Map<string, TraktName>> {
  const rows = await db.all<{
    titleId: string
    kind: string
    season: number | null
    number: number | null
    own: string | null
    show: string | null
  }>(
    sql`select t.id as "titleId", t.kind, t.season_number as season, t.episode_number as number,
          (select json_group_object(e.scheme, e.value) from external_ids as e where e.title_id = t.id) as own,
          (select json_group_object(e.scheme, e.value) from external_ids as e where e.title_id = t.show_id) as show
        from json_each(${JSON.stringify(titleIds)}) as k join titles as t on t.id = k.value`,
  )
  const named = rows.flatMap((row): [string, TraktName][] => {
    const [own, show] = [idsOf(row.own), idsOf(row.show)]
    const kind = ({ movie: 'movies', show: 'shows', episode: 'episodes' } as const)[row.kind]
    if (kind && own) return [[row.titleId, { kind, ids: own }]]
    if (!show || row.season === null || row.number === null) return []
    return [[row.titleId, { kind: 'numbered', show, season: row.season, number: row.number }]]
  })
  return new Map(named)
}

/** `{"tmdb:movie":"10378","imdb":"tt1254207"}` as Trakt takes it: numbers, but for IMDb's. */
function idsOf(text: string | null): Record<string, string | number> | undefined {
  const entries = Object.entries(JSON.parse(text ?? '{}') as Record<string, string>)
  const ids = entries.map(([scheme, value]) => [
    scheme.split(':')[0] ?? scheme,
    scheme === 'imdb' ? value : Number(value),
  ])
  return ids.length === 0 ? undefined : Object.fromEntries(ids)
}
