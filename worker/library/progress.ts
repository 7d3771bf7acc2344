/** How far a viewer is: saved by whoever watched last, read back anywhere; at the end it becomes history. */
import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Viewer } from '../auth/viewer.ts'
import { titles } from '../catalog/schema.ts'
import { suitableFor } from '../catalog/suitable.ts'
import type { Edge } from '../edge.ts'
import { runAll } from '../run-all.ts'
import type { Progress, SaveProgress } from './answers.ts'
import { acceptProgress, isWatchedAt } from './merge-progress.ts'
import { progress } from './schema.ts'
import { queueCalls } from './trakt/outbox.ts'
import { sendSoon } from './trakt/send-outbox.ts'
import { SAME_VIEWING_MS } from './trakt/settle.ts'

const columns = {
  positionSeconds: progress.positionSeconds,
  durationSeconds: progress.durationSeconds,
  watchedAtMs: progress.watchedAtMs,
}

/** Throws `not_found` for what there is not, or not for this viewer. */
export async function requireTitle({ db }: Edge, viewer: Viewer, titleId: string): Promise<void> {
  const [known] = await db
    .select({ id: titles.id })
    .from(titles)
    .where(and(eq(titles.id, titleId), suitableFor(viewer)))
  if (!known) throw new AppError('not_found', 'There is no such title. It may have been withdrawn.')
}

/**
 * One batch: a save that comes late, or twice, changes nothing of the place; that a film was seen to its end is kept
 * however late it is told, and once. Throws `not_found`.
 */
export async function saveProgress(edge: Edge, viewer: Viewer, titleId: string, sent: SaveProgress): Promise<void> {
  const save = acceptProgress(sent, edge.nowMs)
  await requireTitle(edge, viewer, titleId)
  const statements = isWatchedAt(save) ? watchedTo(edge, viewer, titleId, save) : stoppedAt(edge, viewer, titleId, save)
  const { changes } = await runAll(edge, [...statements.values()])
  const isQueued = [...statements.keys()].some((what, at) => what === 'tell' && changes[at] === 1)
  if (isQueued) sendSoon(edge, viewer.personId)
}

/** In their order; `tell` queues a word for Trakt. */
type Statements = Map<'event' | 'tell' | 'place' | 'show', SQL>

function stoppedAt(edge: Edge, viewer: Viewer, titleId: string, save: SaveProgress): Statements {
  const statements: Statements = new Map([['place', placeStatement(viewer, titleId, save, 'open')]])
  if (save.moment === undefined) return statements
  const kind = save.moment === 'playing' ? 'scrobble/start' : 'scrobble/pause'
  const percent = save.durationSeconds > 0 ? (100 * save.positionSeconds) / save.durationSeconds : 0
  const body = { titleId, atMs: save.watchedAtMs, percent }
  return statements.set('tell', queueCalls({ watcher: viewer, nowMs: edge.nowMs }, kind, [body], sql`changes() = 1`))
}

function watchedTo(edge: Edge, viewer: Viewer, titleId: string, save: SaveProgress): Statements {
  const { watchedAtMs, durationSeconds } = save
  const body = { titleId, atMs: watchedAtMs, percent: 100 }
  const statements: Statements = new Map()
  return statements
    .set('event', eventStatement(viewer, titleId, save, Math.max(SAME_VIEWING_MS, durationSeconds * 500)))
    .set('tell', queueCalls({ watcher: viewer, nowMs: edge.nowMs }, 'scrobble/stop', [body], sql`changes() = 1`))
    .set('place', placeStatement(viewer, titleId, save, 'watched'))
    .set('show', showStatement(viewer, titleId, watchedAtMs))
}

/** Of the many saves during one film's credits only the first is a viewing; so is the same one told again. */
const eventStatement = (
  viewer: Viewer,
  titleId: string,
  { watchedAtMs, sourceId = '' }: SaveProgress,
  withinMs: number,
) =>
  sql`insert into watch_events (viewer_id, person_id, title_id, watched_at_ms, origin)
      select ${viewer.id}, ${viewer.personId}, ${titleId}, ${watchedAtMs}, 'porchlight'
      where not exists (select 1 from progress where viewer_id = ${viewer.id} and title_id = ${titleId}
          and source_id = ${sourceId} and state = 'watched' and watched_at_ms <= ${watchedAtMs})
        and not exists (select 1 from watch_events where viewer_id = ${viewer.id} and title_id = ${titleId}
          and abs(watched_at_ms - ${watchedAtMs}) < ${withinMs})
      on conflict do nothing`

/** The same rule as merge-progress.ts, where its test stands. */
const placeStatement = (viewer: Viewer, titleId: string, save: SaveProgress, state: 'open' | 'watched') =>
  sql`insert into progress (viewer_id, person_id, title_id, source_id, position_seconds, duration_seconds, watched_at_ms, state)
      values (${viewer.id}, ${viewer.personId}, ${titleId}, ${save.sourceId ?? ''}, ${save.positionSeconds},
        ${save.durationSeconds}, ${save.watchedAtMs}, ${state})
      on conflict (viewer_id, title_id, source_id) do update set position_seconds = excluded.position_seconds,
        duration_seconds = excluded.duration_seconds, watched_at_ms = excluded.watched_at_ms, state = excluded.state
      where excluded.watched_at_ms > progress.watched_at_ms`

/** Nothing for what is no episode, nor for a special: what comes next would be the very first episode. */
const showStatement = (viewer: Viewer, titleId: string, watchedAtMs: number) =>
  sql`insert into show_progress (viewer_id, person_id, show_id, season_number, episode_number, watched_at_ms)
      select ${viewer.id}, ${viewer.personId}, show_id, season_number, episode_number, ${watchedAtMs}
      from titles where id = ${titleId} and kind = 'episode' and season_number > 0 and show_id is not null
      on conflict (viewer_id, show_id) do update set season_number = excluded.season_number,
        episode_number = excluded.episode_number, watched_at_ms = excluded.watched_at_ms, is_hidden = 0
      where excluded.watched_at_ms > show_progress.watched_at_ms`

/** Of all its files the one watched last. Null for what this viewer has not watched yet, which is no failure. */
export async function readProgress(edge: Edge, viewer: Viewer, titleId: string): Promise<Progress | null> {
  const [row] = await edge.db
    .select(columns)
    .from(progress)
    .where(and(eq(progress.viewerId, viewer.id), eq(progress.titleId, titleId)))
    .orderBy(desc(progress.watchedAtMs))
    .limit(1)
  return row ?? null
}

/** Takes a title out of what to continue, or a show out of what comes next, until it is watched again. Twice is once. */
export async function hideProgress(edge: Edge, viewer: Viewer, titleId: string): Promise<void> {
  await runAll(edge, [
    sql`update progress set state = 'hidden' where viewer_id = ${viewer.id} and title_id = ${titleId} and state = 'open'`,
    sql`update show_progress set is_hidden = 1 where viewer_id = ${viewer.id} and show_id = ${titleId}`,
  ])
}
