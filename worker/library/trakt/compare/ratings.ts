/** Stars there and here: the newest wins. */
import { sql } from 'drizzle-orm'
import type { Listing } from '../client.ts'
import type { Matched } from '../match-titles.ts'
import { queueCalls } from '../outbox.ts'
import type { RatingItem } from '../shapes.ts'
import { type Comparing, countUnknown, type Found, idOr, isKnown, NO_COUNTS } from './counts.ts'
import { settleAll } from './settle-all.ts'

export async function compareRatings(
  on: Comparing,
  matched: readonly Matched<RatingItem>[],
  { isWhole }: Pick<Listing<unknown>, 'isWhole'>,
): Promise<Found> {
  const { db, watcher } = on
  const ours = await db.all<{ titleId: string; stars: number; atMs: number }>(
    sql`select title_id as "titleId", stars, rated_at_ms as "atMs" from ratings where viewer_id = ${watcher.id}`,
  )
  const leaving = await takenBack(on)
  const theirs = matched
    .map((one, at) => ({ titleId: idOr(one, at), stars: one.item.stars, atMs: one.item.atMs }))
    .filter(({ titleId, atMs }) => (leaving.get(titleId) ?? Number.NEGATIVE_INFINITY) < atMs)
  const { counts, take, send, drop } = settleAll(ours, theirs, {
    lastSyncMs: on.lastSyncMs,
    isWhole,
    isSame: (a, b) => a.stars === b.stars,
  })
  const list = JSON.stringify(take.filter(({ titleId }) => isKnown(titleId)))
  const statements = [
    sql`insert into ratings (viewer_id, person_id, title_id, stars, rated_at_ms)
          select ${watcher.id}, ${watcher.personId}, r.value ->> 'titleId', r.value ->> 'stars', r.value ->> 'atMs'
          from json_each(${list}) as r where true
          on conflict (viewer_id, title_id) do update set stars = excluded.stars, rated_at_ms = excluded.rated_at_ms
          where excluded.rated_at_ms > ratings.rated_at_ms`,
    sql`delete from ratings where viewer_id = ${watcher.id} and title_id in (select value from json_each(${JSON.stringify(drop)}))`,
    queueCalls(on, 'sync/ratings', send),
  ]
  return { counts: { ...NO_COUNTS, ...counts, unknown: countUnknown(matched) }, statements }
}

/** Taken back here, and Trakt has not been told yet: when, by title. Until then it still lists what it will lose. */
async function takenBack({ db, watcher }: Comparing): Promise<Map<string, number>> {
  const rows = await db.all<{ kind: string; titleId: string; atMs: number }>(
    sql`select kind, body ->> 'titleId' as "titleId", body ->> 'atMs' as "atMs" from trakt_outbox
        where person_id = ${watcher.personId} and viewer_id = ${watcher.id} and kind in ('sync/ratings', 'sync/ratings/remove')
        order by created_at_ms, rowid`,
  )
  const last = new Map(rows.map((row) => [row.titleId, row]))
  return new Map(
    [...last.values()].flatMap(({ kind, titleId, atMs }) => (kind === 'sync/ratings' ? [] : [[titleId, atMs]])),
  )
}
