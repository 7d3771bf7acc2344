/** Where somebody stopped, there and here: the newest place wins. */
import { sql } from 'drizzle-orm'
import type { Matched } from '../match-titles.ts'
import { queueCalls } from '../outbox.ts'
import { settle } from '../settle.ts'
import type { PlaybackItem } from '../shapes.ts'
import { type Comparing, countUnknown, type Found, idOr, isKnown, NO_COUNTS } from './counts.ts'

const OURS = 200
/** Places nearer than this are one: both sides round. */
const SAME_PERCENT = 1

type Ours = {
  titleId: string
  sourceId: string | null
  positionSeconds: number | null
  durationSeconds: number | null
  atMs: number | null
  state: string | null
  runtimeMinutes: number | null
}
type Place = { titleId: string; percent: number; atMs: number; sourceId: string; durationSeconds: number }

export async function comparePlayback(on: Comparing, matched: readonly Matched<PlaybackItem>[]): Promise<Found> {
  const ours = await readOurs(on, matched)
  const theirs = new Map(matched.map((one, at) => [idOr(one, at), one.item]))
  const counts = { ...NO_COUNTS, unknown: countUnknown(matched) }
  const take: Place[] = []
  const send: { titleId: string; percent: number; atMs: number }[] = []
  for (const titleId of new Set([...ours.keys(), ...theirs.keys()])) {
    const [known, there] = [ours.get(titleId), theirs.get(titleId)]
    const here = known && placeOf(known)
    const settled = settle(
      here && { value: here.percent, atMs: here.atMs },
      there && { value: there.percent, atMs: there.atMs },
      on.lastSyncMs,
      (a, b) => Math.abs(a - b) < SAME_PERCENT,
    )
    if (settled === 'nothing' && there) counts.same++
    if (settled === 'take' && there) {
      counts[here ? 'changed' : 'added']++
      const durationSeconds = known?.durationSeconds || (known?.runtimeMinutes ?? 0) * 60
      // Without a length a share of it is no place.
      const isPlace = isKnown(titleId) && durationSeconds > 0
      if (isPlace) take.push({ ...there, titleId, durationSeconds, sourceId: known?.sourceId ?? '' })
    }
    // Later on every pause is told as it happens; and what Trakt no longer has, it forgets after half a year by itself.
    if (settled === 'send' && here && on.lastSyncMs === null && known?.state === 'open') {
      counts.sent++
      send.push({ titleId, percent: here.percent, atMs: here.atMs })
    }
  }
  return { counts, statements: [...write(on, take), queueCalls(on, 'scrobble/pause', send)] }
}

function placeOf({ positionSeconds, durationSeconds, atMs }: Ours): { percent: number; atMs: number } | undefined {
  if (positionSeconds === null || atMs === null || !durationSeconds) return undefined
  return { percent: Math.min(100, (100 * positionSeconds) / durationSeconds), atMs }
}

/** By title, of its files the one watched last: what is open here, and what Trakt names. */
async function readOurs(
  { db, watcher }: Comparing,
  matched: readonly Matched<PlaybackItem>[],
): Promise<Map<string, Ours>> {
  const list = JSON.stringify([...new Set(matched.flatMap(({ titleId }) => titleId ?? []))])
  const rows = await db.all<Ours>(
    sql`with wanted as (
          select value as id from json_each(${list})
          union select title_id from (select title_id from progress where viewer_id = ${watcher.id} and state = 'open'
            order by watched_at_ms desc limit ${OURS}))
        select t.id as "titleId", t.runtime_minutes as "runtimeMinutes", p.source_id as "sourceId",
          p.position_seconds as "positionSeconds", p.duration_seconds as "durationSeconds", p.watched_at_ms as "atMs", p.state
        from wanted as w join titles as t on t.id = w.id
        left join progress as p on p.viewer_id = ${watcher.id} and p.title_id = t.id
        order by p.watched_at_ms`,
  )
  return new Map(rows.map((row) => [row.titleId, row]))
}

function write({ watcher }: Comparing, places: readonly Place[]) {
  if (places.length === 0) return []
  const list = JSON.stringify(places)
  return [
    sql`insert into progress (viewer_id, person_id, title_id, source_id, position_seconds, duration_seconds, watched_at_ms, state)
          select ${watcher.id}, ${watcher.personId}, p.value ->> 'titleId', p.value ->> 'sourceId',
            (p.value ->> 'percent') * (p.value ->> 'durationSeconds') / 100.0, p.value ->> 'durationSeconds', p.value ->> 'atMs', 'open'
          from json_each(${list}) as p where true
          on conflict (viewer_id, title_id, source_id) do update set position_seconds = excluded.position_seconds,
            watched_at_ms = excluded.watched_at_ms, state = excluded.state
          where excluded.watched_at_ms > progress.watched_at_ms`,
  ]
}
