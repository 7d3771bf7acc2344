/** A page of Trakt's history beside ours: every viewing once, wherever it was told first. */
import { sql } from 'drizzle-orm'
import type { Matched } from '../match-titles.ts'
import { pairViewings } from '../settle.ts'
import type { HistoryItem } from '../shapes.ts'
import { type Comparing, countUnknown, type Found, idOr, isKnown, NO_COUNTS } from './counts.ts'

type Ours = { titleId: string; atMs: number; traktId: number | null }

export async function compareHistory(on: Comparing, matched: readonly Matched<HistoryItem>[]): Promise<Found> {
  const { db, watcher } = on
  const titleIds = JSON.stringify([...new Set(matched.flatMap(({ titleId }) => titleId ?? []))])
  const ours = await db.all<Ours>(
    sql`select e.title_id as "titleId", e.watched_at_ms as "atMs", e.trakt_id as "traktId" from json_each(${titleIds}) as k
        join watch_events as e on e.viewer_id = ${watcher.id} and e.title_id = k.value`,
  )
  const theirs = matched.map((one, at) => ({ titleId: idOr(one, at), atMs: one.item.atMs, traktId: one.item.traktId }))
  const byTraktId = new Set(ours.map(({ traktId }) => traktId))
  const told = theirs.filter(({ traktId }) => !byTraktId.has(traktId))
  const { fresh, pairs } = pairViewings(
    ours.filter(({ traktId }) => traktId === null),
    told,
  )
  const statements = [...writeFresh(on, fresh), ...writePairs(on, pairs)]
  return {
    counts: { ...NO_COUNTS, same: pairs.length, added: fresh.length, unknown: countUnknown(matched) },
    statements,
  }
}

type Theirs = { titleId: string; atMs: number; traktId: number }

function writeFresh({ watcher }: Comparing, fresh: readonly Theirs[]) {
  const list = JSON.stringify(fresh.filter(({ titleId }) => isKnown(titleId)))
  if (list === '[]') return []
  return [
    sql`insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin, trakt_id)
          select ${watcher.id}, ${watcher.personId}, v.value ->> 'titleId', v.value ->> 'atMs', 'trakt', v.value ->> 'traktId'
          from json_each(${list}) as v where true on conflict do nothing`,
    // What was seen to its end since is not waiting to be continued.
    sql`update progress set state = 'watched' where viewer_id = ${watcher.id} and state = 'open' and exists (
            select 1 from json_each(${list}) as v
            where v.value ->> 'titleId' = progress.title_id and v.value ->> 'atMs' >= progress.watched_at_ms)`,
    // The last of each show; SQLite's bare columns are those of the row that has the maximum.
    sql`insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
          select ${watcher.id}, ${watcher.personId}, t.show_id, t.season_number, t.episode_number, max(v.value ->> 'atMs')
          from json_each(${list}) as v join titles as t on t.id = v.value ->> 'titleId'
          where t.kind = 'episode' and t.season_number > 0 and t.show_id is not null group by t.show_id
          on conflict (viewer_id, show_id) do update set season_number = excluded.season_number,
            episode_number = excluded.episode_number, watched_at_ms = excluded.watched_at_ms
          where excluded.watched_at_ms > show_progress.watched_at_ms`,
  ]
}

function writePairs({ watcher }: Comparing, pairs: readonly { ours: Ours; theirs: Theirs }[]) {
  if (pairs.length === 0) return []
  const list = JSON.stringify(pairs.map(({ ours, theirs }) => ({ ...ours, traktId: theirs.traktId })))
  return [
    sql`update watch_events set trakt_id = p.value ->> 'traktId' from json_each(${list}) as p
          where viewer_id = ${watcher.id} and title_id = p.value ->> 'titleId' and watched_at_ms = p.value ->> 'atMs'`,
  ]
}
